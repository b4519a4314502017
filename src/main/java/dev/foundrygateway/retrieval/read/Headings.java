package dev.foundrygateway.retrieval.read;

import java.util.ArrayList;
import java.util.List;

/** Gathers text under the headings that stand above it. */
final class Headings {
    private static final int DEEPEST = 6;
    /** What is longer is text that only looks like a heading; it would stand before each passage below it. */
    private static final int MAX_HEADING = 300;

    private final String[] path = new String[DEEPEST];
    private final List<Section> sections = new ArrayList<>();
    private final StringBuilder text = new StringBuilder();
    private String title = "";

    Headings() {
        java.util.Arrays.fill(path, "");
    }

    /** A heading of that level, 1 to 6: what follows stands below it. */
    void heading(int level, String words) {
        if (words.length() > MAX_HEADING) {
            text(words).text("\n");
            return;
        }
        end();
        path[level - 1] = words.strip();
        for (int deeper = level; deeper < DEEPEST; deeper++) {
            path[deeper] = "";
        }
        if (title.isEmpty() && level == 1) {
            title = words.strip();
        }
    }

    /** Text below the headings so far. */
    Headings text(CharSequence more) {
        text.append(more);
        return this;
    }

    /** Whether the last text ends a line. */
    boolean atLineStart() {
        return text.length() == 0 || text.charAt(text.length() - 1) == '\n';
    }

    /** All of it, under a title that is known already, or under the first heading of level 1. */
    Extraction extraction(String known) {
        end();
        String named = known.length() > MAX_HEADING ? known.substring(0, MAX_HEADING) : known;
        return new Extraction(named.isEmpty() ? title : named, List.copyOf(sections));
    }

    private void end() {
        String words = text.toString().strip();
        text.setLength(0);
        if (words.isEmpty()) {
            return;
        }
        StringBuilder heading = new StringBuilder();
        for (String level : path) {
            if (!level.isEmpty()) {
                heading.append(heading.length() == 0 ? "" : " > ").append(level);
            }
        }
        sections.add(new Section(heading.toString(), words));
    }
}
