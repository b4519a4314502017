package dev.foundrygateway.retrieval.read;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Markdown as it stands, cut at its headings; what looks like one inside a fenced block is text. */
final class MarkdownText {
    private static final Pattern HEADING = Pattern.compile("^ {0,3}(#{1,6})[ \\t]+(.*?)[ \\t#]*$");
    private static final Pattern FENCE = Pattern.compile("^ {0,3}(```+|~~~+).*$");

    private MarkdownText() {}

    static Extraction read(String markdown) {
        Headings document = new Headings();
        String fence = "";
        for (String line : markdown.lines().toList()) {
            Matcher mark = FENCE.matcher(line);
            Matcher heading = HEADING.matcher(line);
            if (mark.matches()) {
                String kind = mark.group(1).substring(0, 3);
                fence = fence.isEmpty() ? kind : fence.equals(kind) ? "" : fence;
                document.text(line).text("\n");
            } else if (fence.isEmpty() && heading.matches()) {
                document.heading(heading.group(1).length(), heading.group(2));
            } else {
                document.text(line).text("\n");
            }
        }
        return document.extraction("");
    }
}
