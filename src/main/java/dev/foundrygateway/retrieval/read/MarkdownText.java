package dev.foundrygateway.retrieval.read;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Markdown as it stands, cut at its headings; what looks like one inside a fenced block is text. */
final class MarkdownText {
    private static final Pattern FENCE = Pattern.compile("^ {0,3}(```+|~~~+).*$");

    private MarkdownText() {}

    static Extraction read(String markdown) {
        Headings document = new Headings();
        String fence = "";
        for (String line : markdown.lines().toList()) {
            Matcher mark = FENCE.matcher(line);
            int level = level(line);
            if (mark.matches()) {
                String kind = mark.group(1).substring(0, 3);
                fence = fence.isEmpty() ? kind : fence.equals(kind) ? "" : fence;
                document.text(line).text("\n");
            } else if (fence.isEmpty() && level > 0) {
                document.heading(level, words(line));
            } else {
                document.text(line).text("\n");
            }
        }
        return document.extraction("");
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
