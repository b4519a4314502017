package dev.foundrygateway.retrieval.read;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Gathers text under the headings that stand above it, as much as may be taken out of one file. */
final class Headings {
    static final int DEEPEST = 6;
    /** What is longer is text that only looks like a heading; it would stand before each passage below it. */
    private static final int MAX_HEADING = 300;

    /** What follows more parts than this is one part: a part costs memory beside its text. */
    private static final int MOST_PARTS = 100_000;

    private final String[] path = new String[DEEPEST];
    private final List<Section> sections = new ArrayList<>();
    private final StringBuilder text = new StringBuilder();
    private final int maxLength;
    private long length;
    private String title = "";
    /** Of which levels a text has the heading above it. */
    private final boolean[] told = new boolean[DEEPEST];
    /** Headings that nothing stood under: words of what follows, as they are in no other place. */
    private final StringBuilder bare = new StringBuilder();

    /** More than may be taken out of one file: text, where there is no message. */
    static final class TooLongException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        TooLongException(String message) {
            super(message);
        }
    }

    /**
     * Gathers a file's text.
     *
     * @param maxLength how many characters it may have, its headings beside it
     */
    Headings(int maxLength) {
        this.maxLength = maxLength;
        Arrays.fill(path, "");
    }

    /** Gathers as much as is there: for a file whose text is no longer than the file. */
    Headings() {
        this(Integer.MAX_VALUE);
    }

    /** How many characters it may gather. */
    int maxLength() {
        return maxLength;
    }

    /** A heading of that level, 1 to 6: what follows stands below it. */
    void heading(int level, String words) {
        if (words.length() > MAX_HEADING) {
            text(words).text("\n");
            return;
        }
        end();
        keep(level);
        path[level - 1] = words.strip();
        for (int deeper = level; deeper < DEEPEST; deeper++) {
            path[deeper] = "";
        }
        if (title.isEmpty() && level == 1) {
            title = words.strip();
        }
    }

    /** Those of that level and deeper end here. */
    private void keep(int level) {
        for (int at = level - 1; at < DEEPEST; at++) {
            if (!told[at] && !path[at].isEmpty()) {
                bare.append(path[at]).append('\n');
                length += path[at].length();
            }
            told[at] = false;
        }
        bound(0);
    }

    /** Text below the headings so far. */
    Headings text(CharSequence more) {
        length += more.length();
        bound(0);
        text.append(more);
        return this;
    }

    /** Looks whether so much more still may be taken, which has been gathered elsewhere. */
    void bound(int more) {
        if (length + more > maxLength) {
            throw new TooLongException("");
        }
    }

    /** What follows shares no passage with what stands before it. */
    void part() {
        end();
    }

    /** Whether the last text ends a line. */
    boolean atLineStart() {
        return text.length() == 0 || text.charAt(text.length() - 1) == '\n';
    }

    /** Whether what comes next begins a paragraph: at the beginning of a part, or behind a blank line. */
    boolean atParagraph() {
        int end = text.length();
        return end == 0 || (text.charAt(end - 1) == '\n' && (end == 1 || text.charAt(end - 2) == '\n'));
    }

    /** All of it, under a title that is known already, or under the first heading of level 1. */
    Extraction extraction(String known) {
        end();
        keep(1);
        String rest = bare.append(text).toString().strip();
        if (!rest.isEmpty()) {
            sections.add(new Section("", rest));
        }
        String named = known.length() > MAX_HEADING ? known.substring(0, MAX_HEADING) : known;
        return new Extraction(named.isEmpty() ? title : named, List.copyOf(sections));
    }

    private void end() {
        if (sections.size() >= MOST_PARTS) {
            text.append(atLineStart() ? "" : "\n");
            return;
        }
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
        Arrays.fill(told, true);
        sections.add(new Section(heading.toString(), bare + words));
        bare.setLength(0);
    }
}
