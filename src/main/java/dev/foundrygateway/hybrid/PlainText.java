package dev.foundrygateway.hybrid;

import java.text.Normalizer;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A text in plain letters, digits and signs, and its numbers written one way. Pure. */
final class PlainText {
    /** Accents alone: elsewhere a mark makes another letter or syllable, as the breve does in Cyrillic. */
    private static final Pattern ACCENTS =
            Pattern.compile("(?<=[\\p{IsLatin}\\p{IsGreek}])\\p{M}{1,8}|(?<=\\p{IsCyrillic})[\\u0300\\u0301\\u0308]");

    private static final int WIDE_FIRST = 0xFF01;
    private static final int WIDE_LAST = 0xFF5E;
    private static final int WIDE = 0xFEE0;

    private static final Pattern NUMBER =
            Pattern.compile("(?<![\\p{L}\\p{N}.])(?:\\.\\d{1,40}|\\d{1,40}(?:[.,' ]\\d{1,40}){0,40})");
    private static final Pattern GROUPED =
            Pattern.compile("([1-9]\\d{0,2}(?:([,' ])\\d{3})(?:\\2\\d{3}){0,9})(?:(?!\\2)[.,](\\d+))?");
    private static final Pattern INDIAN = Pattern.compile("([1-9]\\d?(?:,\\d{2}){1,9},\\d{3})()(?:\\.(\\d+))?");
    private static final Pattern DOTTED =
            Pattern.compile("([1-9]\\d{0,2}(?:\\.\\d{3}){1,9})(),(\\d+)|([1-9]\\d{0,2}(?:\\.\\d{3}){2,9})");
    private static final Pattern ONE_DOT = Pattern.compile("([1-9]\\d{0,2})\\.(\\d{3})");
    private static final Pattern DECIMAL = Pattern.compile("(\\d*)[.,](\\d+)");
    /** 3.10 and 3.1 are two versions of a program. */
    private static final Pattern VERSION = Pattern.compile("\\d{1,2}\\.[1-4]0");

    private static final Pattern NEXT_WORD = Pattern.compile("^ ?(\\p{L}{1,20}|[%°\\p{Sc}])");
    private static final Pattern SIGN_BEFORE = Pattern.compile("\\p{Sc} ?-?$");

    private PlainText() {}

    /** The text without accents and with one sort of digits, blanks and quotes. */
    static String of(String text) {
        String plain =
                ACCENTS.matcher(Normalizer.normalize(text, Normalizer.Form.NFD)).replaceAll("");
        StringBuilder all = new StringBuilder();
        Normalizer.normalize(plain.replace("℃", "°C").replace("℉", "°F"), Normalizer.Form.NFC)
                .codePoints()
                .filter(c -> Character.getType(c) != Character.FORMAT || c == '\u200D')
                .filter(c -> c != '\uFE0F')
                .forEach(c -> all.appendCodePoint(one(c)));
        return all.toString();
    }

    private static int one(int c) {
        if (c >= WIDE_FIRST && c <= WIDE_LAST) {
            return c - WIDE;
        }
        if (Character.getType(c) == Character.DECIMAL_DIGIT_NUMBER) {
            return '0' + Character.digit(c, 10);
        }
        if (Character.isWhitespace(c) || Character.isSpaceChar(c)) {
            return ' ';
        }
        return "“”„«»″".indexOf(c) >= 0 ? '"' : "‘’‚‹›´".indexOf(c) >= 0 ? '\'' : c;
    }

    /**
     * The same text with its numbers without thousands' separators, with a point, and without zeros that say nothing.
     *
     * @param money whether a word is a currency: of money there are no thousandths, so a point before three digits is no decimal one
     * @param measure whether a word behind a number is a unit of measurement
     */
    static String numbers(String text, Predicate<String> money, Predicate<String> measure) {
        StringBuilder all = new StringBuilder();
        Matcher number = NUMBER.matcher(text);
        while (number.find()) {
            Matcher next = NEXT_WORD.matcher(text.substring(number.end()));
            String unit = next.find() ? next.group(1) : "";
            boolean price = money.test(unit)
                    || SIGN_BEFORE.matcher(text.substring(0, number.start())).find();
            number.appendReplacement(all, one(number.group(), price, price || measure.test(unit)));
        }
        return number.appendTail(all).toString();
    }

    private static String one(String number, boolean money, boolean measured) {
        for (Pattern form : new Pattern[] {GROUPED, INDIAN, DOTTED}) {
            Matcher grouped = form.matcher(number);
            if (grouped.matches()) {
                String whole = grouped.group(1) == null ? number : grouped.group(1);
                String parts = grouped.group(1) == null || grouped.group(3) == null ? "" : grouped.group(3);
                return decimal(whole.replaceAll("[^\\d]", ""), parts);
            }
        }
        if (number.indexOf(' ') >= 0 || number.indexOf('\'') >= 0) {
            String[] several = number.split("(?<=[ '])|(?=[ '])", -1);
            StringBuilder all = new StringBuilder();
            for (String each : several) {
                all.append(
                        each.length() == 1 && !Character.isDigit(each.charAt(0)) ? each : one(each, money, measured));
            }
            return all.toString();
        }
        if (ONE_DOT.matcher(number).matches()) {
            return money ? number.replace(".", "") : number;
        }
        Matcher decimal = DECIMAL.matcher(number);
        if (decimal.matches()) {
            return !measured && VERSION.matcher(number).matches()
                    ? number
                    : decimal(decimal.group(1), decimal.group(2));
        }
        return number.indexOf('.') < 0 ? number.replace(',', ' ') : number;
    }

    private static String decimal(String whole, String parts) {
        String told = parts.replaceFirst("0{1,40}$", "");
        return (whole.isEmpty() ? "0" : whole) + (told.isEmpty() ? "" : "." + told);
    }
}
