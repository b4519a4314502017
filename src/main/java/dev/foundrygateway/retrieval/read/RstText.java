package dev.foundrygateway.retrieval.read;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** reStructuredText as it stands, cut at its headings: a line with a rule below it, and perhaps above. Which rule is which level, the text decides. */
final class RstText {
    private static final String RULES = "=-`:'\"~^_*+#<>.!$%&(),/;?@[]{}|\\";

    private RstText() {}

    static Extraction read(String text) {
        Headings document = new Headings();
        List<String> levels = new ArrayList<>();
        String over = "";
        String before = "";
        Iterator<String> lines = text.lines().iterator();
        while (lines.hasNext()) {
            String line = lines.next().stripTrailing();
            boolean rule = isRule(line);
            if (rule && !before.isBlank() && line.length() >= before.strip().length()) {
                String kind = line.charAt(0) + (over.isEmpty() ? "" : "o");
                if (!levels.contains(kind)) {
                    levels.add(kind);
                }
                document.heading(Math.min(levels.indexOf(kind) + 1, Headings.DEEPEST), before);
                before = "";
                over = "";
            } else if (rule && before.isBlank() && over.isEmpty()) {
                over = line;
            } else {
                document.text(before).text("\n");
                before = line;
                over = line.isBlank() ? "" : over;
            }
        }
        document.text(before);
        return document.extraction("");
    }

    private static boolean isRule(String line) {
        return line.length() > 1
                && RULES.indexOf(line.charAt(0)) >= 0
                && line.chars().allMatch(c -> c == line.charAt(0));
    }
}
