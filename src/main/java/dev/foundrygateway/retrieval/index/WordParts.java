package dev.foundrygateway.retrieval.index;

/**
 * Names of code as the words in them: {@code VAT_RATE}, {@code getHttpResponseCode}, {@code role:admin} and {@code node.js} are one word each to every analyzer,
 * and {@code U.S.A.} is another one than {@code USA}. Pure.
 */
public final class WordParts {
    private static final int MAX_NAME = 200;

    private WordParts() {}

    /** The text, and behind it the parts of the names in it; the text itself where it has none. Linear in its length. */
    public static String beside(String text) {
        StringBuilder parts = new StringBuilder();
        int start = 0;
        for (int i = 0; i <= text.length(); i++) {
            if (i == text.length() || !isNamePart(text.charAt(i))) {
                if (i - start > 2 && i - start < MAX_NAME) {
                    add(text, start, i, parts);
                }
                start = i + 1;
            }
        }
        return parts.isEmpty() ? text : text + "\n" + parts;
    }

    private static boolean isNamePart(char c) {
        return c < 128 && (Character.isLetterOrDigit(c) || c == '_' || c == '.' || c == ':');
    }

    /** The parts, if there are several and one of them begins by more than a dot at a sentence's end. */
    private static void add(String text, int from, int to, StringBuilder parts) {
        int end = to;
        while (end > from && !Character.isLetterOrDigit(text.charAt(end - 1))) {
            end--;
        }
        int before = parts.length();
        int count = 0;
        StringBuilder single = new StringBuilder();
        boolean letters = false;
        int start = from;
        for (int i = from; i <= end; i++) {
            boolean border = i == end || !Character.isLetterOrDigit(text.charAt(i));
            if (border || (i > start && isHump(text, i, end))) {
                if (i - start > 1) {
                    parts.append(text, start, i).append(' ');
                } else if (i > start && Character.isUpperCase(text.charAt(start))) {
                    single.append(text.charAt(start));
                }
                count += i > start ? 1 : 0;
                start = border ? i + 1 : i;
            }
            letters |= i < end && Character.isLetter(text.charAt(i));
        }
        if (count < 2 || !letters) {
            parts.setLength(before);
        } else if (single.length() == count) {
            parts.append(single).append(' ');
        }
    }

    /** Whether a new word begins there: {@code getHttp} before the H, {@code HTTPCode} before the C, {@code oauth2Token} before the T. */
    private static boolean isHump(String text, int at, int end) {
        char c = text.charAt(at);
        char last = text.charAt(at - 1);
        if (!Character.isUpperCase(c)) {
            return false;
        }
        return Character.isLowerCase(last)
                || Character.isDigit(last)
                || (Character.isUpperCase(last) && at + 1 < end && Character.isLowerCase(text.charAt(at + 1)));
    }
}
