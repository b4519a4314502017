package dev.foundrygateway.retrieval.read;

import java.util.Iterator;

/** Markdown as it stands, cut at its headings, with its front matter's title; what looks like a heading inside a fenced block is text. */
final class MarkdownText {
    private static final int MAX_FRONT = 10_000;

    private MarkdownText() {}

    static Extraction read(String markdown) {
        Headings document = new Headings();
        int body = frontMatter(markdown);
        String front = markdown.substring(0, body);
        front.lines()
                .filter(line -> !line.startsWith("---") && !line.startsWith("+++"))
                .forEach(line -> document.text(line).text("\n"));
        document.part();
        read(markdown.substring(body), document);
        return document.extraction(title(front));
    }

    /** Where the text begins behind YAML's or TOML's notes about it; 0 where there are none. */
    private static int frontMatter(String markdown) {
        String mark = markdown.startsWith("---\n") || markdown.startsWith("---\r\n")
                ? "---"
                : markdown.startsWith("+++\n") || markdown.startsWith("+++\r\n") ? "+++" : "";
        int end = mark.isEmpty() ? -1 : markdown.indexOf("\n" + mark, 3);
        int after = end < 0 ? -1 : end + 4;
        boolean closed = after >= 0
                && end <= MAX_FRONT
                && (after == markdown.length() || "\r\n".indexOf(markdown.charAt(after)) >= 0);
        return closed ? after : 0;
    }

    private static String title(String front) {
        for (String line : front.lines().toList()) {
            int end = line.startsWith("title") ? Math.max(line.indexOf(':'), line.indexOf('=')) : -1;
            if (end > 0 && line.substring(0, end).strip().equals("title")) {
                String words = line.substring(end + 1).strip();
                boolean quoted = words.length() > 1
                        && "\"'".indexOf(words.charAt(0)) >= 0
                        && words.charAt(0) == words.charAt(words.length() - 1);
                return quoted ? words.substring(1, words.length() - 1) : words;
            }
        }
        return "";
    }

    /** Reads it to its end, below the headings that are there already. */
    static void read(String markdown, Headings document) {
        String fence = "";
        String before = "";
        Iterator<String> lines = markdown.lines().iterator();
        while (lines.hasNext()) {
            String line = lines.next();
            BoundedReading.check();
            String mark = fence(line);
            int level = level(line);
            int under = fence.isEmpty() ? underline(line) : 0;
            if (under > 0 && isParagraph(before)) {
                document.heading(under, before);
                before = "";
                continue;
            }
            if (!before.isEmpty()) {
                document.text(before).text("\n");
                before = "";
            }
            if (!mark.isEmpty()) {
                // One within the block is shorter, of the other kind, or has a name behind it.
                boolean closes = mark.startsWith(fence) && line.strip().equals(mark);
                fence = fence.isEmpty() ? mark : closes ? "" : fence;
                document.text(line).text("\n");
            } else if (fence.isEmpty() && level > 0) {
                document.heading(level, words(line));
            } else if (fence.isEmpty() && isParagraph(line) && document.atParagraph()) {
                before = line;
            } else {
                document.text(line).text("\n");
            }
        }
        document.text(before).text(before.isEmpty() ? "" : "\n");
    }

    /** The marks that begin or end a block of code; empty for any other line. */
    private static String fence(String line) {
        int from = start(line);
        int to = from;
        while (to < line.length() && "`~".indexOf(line.charAt(to)) >= 0 && line.charAt(to) == line.charAt(from)) {
            to++;
        }
        return from <= 3 && to - from >= 3 ? line.substring(from, to) : "";
    }

    /** The level of the heading that such a line makes of the one above it; 0 for any other line. */
    private static int underline(String line) {
        String marks = line.strip();
        if (marks.isEmpty() || start(line) > 3) {
            return 0;
        }
        char mark = marks.charAt(0);
        boolean all = marks.chars().allMatch(c -> c == mark);
        return !all ? 0 : mark == '=' ? 1 : mark == '-' && marks.length() > 1 ? 2 : 0;
    }

    private static boolean isParagraph(String line) {
        return !line.isBlank()
                && start(line) <= 3
                && line.charAt(0) != '\t'
                && "|>-*+#".indexOf(line.strip().charAt(0)) < 0;
    }

    /** The level of an ATX heading, 1 to 6; 0 for any other line. */
    private static int level(String line) {
        int from = start(line);
        int at = from;
        while (at < line.length() && line.charAt(at) == '#') {
            at++;
        }
        boolean named = at < line.length() && isBlank(line.charAt(at));
        return from <= 3 && at - from <= 6 && named ? at - from : 0;
    }

    /** A heading's words, without the marks before and behind them. */
    private static String words(String line) {
        int from = start(line);
        while (from < line.length() && line.charAt(from) == '#') {
            from++;
        }
        int to = line.length();
        while (to > from && (line.charAt(to - 1) == '#' || isBlank(line.charAt(to - 1)))) {
            to--;
        }
        return line.substring(from, to).strip();
    }

    private static int start(String line) {
        int at = 0;
        while (at < line.length() && line.charAt(at) == ' ') {
            at++;
        }
        return at;
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }
}
