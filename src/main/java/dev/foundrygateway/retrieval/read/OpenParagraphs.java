package dev.foundrygateway.retrieval.read;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * The paragraphs of a document that is being read, one within another where a box or a note stands in a text: what stands in it follows the paragraph, and cuts
 * none of its sentences. Confined to its reader's thread.
 */
final class OpenParagraphs {
    private final Headings document;
    private final Deque<Paragraph> open = new ArrayDeque<>();
    private final List<Paragraph> within = new ArrayList<>();
    private Paragraph current = new Paragraph();
    private int held;

    /** Gathers paragraphs, in all no more than may be taken out of the document. */
    OpenParagraphs(Headings document) {
        this.document = document;
    }

    /** One paragraph. */
    static final class Paragraph {
        private final StringBuilder words = new StringBuilder();
        /** The level of the heading that it is; the reader says what is none. */
        private int level;

        private boolean item;

        String words() {
            return words.toString();
        }

        int level() {
            return level;
        }

        boolean item() {
            return item;
        }
    }

    void begin(int level) {
        open.push(current);
        current = new Paragraph();
        current.level = level;
    }

    boolean isOpen() {
        return !open.isEmpty();
    }

    int level() {
        return current.level;
    }

    void level(int level) {
        current.level = level;
    }

    /** It is an entry of a list. */
    void item() {
        current.item = true;
    }

    void append(CharSequence words) {
        current.words.append(words);
        held += words.length();
        document.bound(held);
    }

    /**
     * The innermost one ends.
     *
     * @param now whether it is told at once, and not behind the one around it
     * @return what has ended, in its order
     */
    List<Paragraph> end(boolean now) {
        Paragraph ended = current;
        current = open.isEmpty() ? new Paragraph() : open.pop();
        if (now) {
            held -= ended.words.length();
            return List.of(ended);
        }
        if (isOpen()) {
            if (!ended.words().isBlank()) {
                within.add(ended);
            }
            return List.of();
        }
        List<Paragraph> all = new ArrayList<>(List.of(ended));
        all.addAll(within);
        within.clear();
        held = 0;
        return all;
    }
}
