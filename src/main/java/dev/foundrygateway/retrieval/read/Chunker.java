package dev.foundrygateway.retrieval.read;

import dev.foundrygateway.openai.TokenEstimate;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Cuts sections into passages of bounded size at ends of lines and sentences; only a sentence longer than a passage is cut at a space. A passage repeats the
 * last sentences of the one before it as far as the overlap allows. Sections never share a passage. Immutable.
 */
public final class Chunker {
    /** Blank lines are no tokens, and pieces of their own. */
    private static final int MOST_PIECES = 10_000;

    private final int maxTokens;
    private final int overlapTokens;

    /**
     * A chunker.
     *
     * @param maxTokens how long a passage may get, in estimated tokens; at least 1
     * @param overlapTokens how much of it the next one repeats; less than {@code maxTokens}
     */
    public Chunker(int maxTokens, int overlapTokens) {
        if (maxTokens < 1 || overlapTokens < 0 || overlapTokens >= maxTokens) {
            throw new IllegalArgumentException("chunk size " + maxTokens + " and overlap " + overlapTokens
                    + ": the size must be positive and greater than the overlap");
        }
        this.maxTokens = maxTokens;
        this.overlapTokens = overlapTokens;
    }

    /** The pieces of all sections in their order, blank ones left out. */
    public List<Section> chunk(List<Section> sections) {
        List<Section> chunks = new ArrayList<>();
        for (Section section : sections) {
            chunk(section.heading(), section.text(), chunks);
        }
        return chunks;
    }

    /** The pieces of one section. */
    void chunk(String heading, CharSequence text, List<Section> chunks) {
        Window window = new Window(heading, chunks);
        int from = 0;
        for (int i = 0; i < text.length(); i++) {
            if (endsSentence(text, i)) {
                add(text.subSequence(from, i + 1), window);
                from = i + 1;
            }
        }
        if (from < text.length()) {
            add(text.subSequence(from, text.length()), window);
        }
        window.end();
    }

    /** The passage that is being filled, piece by piece: a long text is never there as a list of all its pieces. */
    private final class Window {
        private final String heading;
        private final List<Section> chunks;
        private final Deque<Piece> pieces = new ArrayDeque<>();
        private int tokens;
        private boolean fresh;

        Window(String heading, List<Section> chunks) {
            this.heading = heading;
            this.chunks = chunks;
        }

        void add(CharSequence text, int count) {
            if (pieces.size() >= MOST_PIECES) {
                end();
                pieces.clear();
                tokens = 0;
            } else if (fresh && tokens + count > maxTokens) {
                end();
                while (tokens > overlapTokens || (tokens > 0 && tokens + count > maxTokens)) {
                    tokens -= pieces.removeFirst().tokens;
                }
            }
            pieces.add(new Piece(text, count));
            tokens += count;
            fresh = true;
        }

        void end() {
            if (!fresh) {
                return;
            }
            fresh = false;
            StringBuilder text = new StringBuilder();
            pieces.forEach(piece -> text.append(piece.text));
            String stripped = text.toString().strip();
            if (!stripped.isEmpty()) {
                chunks.add(new Section(heading, stripped));
            }
        }
    }

    private record Piece(CharSequence text, int tokens) {}

    private static boolean endsSentence(CharSequence text, int i) {
        return switch (text.charAt(i)) {
            case '\n', '。', '！', '？' -> true;
            case ' ', '\t' -> i > 0 && ".!?".indexOf(text.charAt(i - 1)) >= 0;
            default -> false;
        };
    }

    private void add(CharSequence sentence, Window window) {
        int tokens = TokenEstimate.of(sentence);
        if (tokens <= maxTokens) {
            window.add(sentence, tokens);
            return;
        }
        int from = 0;
        while (from < sentence.length()) {
            int to = cut(sentence, from);
            CharSequence part = sentence.subSequence(from, to);
            window.add(part, TokenEstimate.of(part));
            from = to;
        }
    }

    /** Where a part that begins at {@code from} ends: behind the last space that fits, or in the middle of a word that alone is too long. */
    private int cut(CharSequence sentence, int from) {
        int space = from;
        int tokens = 0;
        int run = 0;
        for (int i = from; i < sentence.length(); i++) {
            char c = sentence.charAt(i);
            if (Character.isWhitespace(c)) {
                space = i + 1;
            }
            // As TokenEstimate counts, going on from character to character: each is looked at once, and those of a cut
            // word twice.
            boolean letter = c < 0x80 && Character.isLetterOrDigit(c);
            boolean counts = letter ? run++ % TokenEstimate.RUN == 0 : c > ' ' && !Character.isLowSurrogate(c);
            run = letter ? run : 0;
            if (counts && ++tokens > maxTokens) {
                return space > from ? space : i;
            }
        }
        return sentence.length();
    }
}
