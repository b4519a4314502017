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
        Deque<Piece> window = new ArrayDeque<>();
        int tokens = 0;
        boolean fresh = false;
        for (Piece piece : pieces(text)) {
            if (tokens + piece.tokens > maxTokens && fresh) {
                emit(heading, window, chunks);
                fresh = false;
                while (tokens > overlapTokens || (tokens > 0 && tokens + piece.tokens > maxTokens)) {
                    tokens -= window.removeFirst().tokens;
                }
            }
            window.add(piece);
            tokens += piece.tokens;
            fresh = true;
        }
        if (fresh) {
            emit(heading, window, chunks);
        }
    }

    private static void emit(String heading, Deque<Piece> window, List<Section> chunks) {
        StringBuilder text = new StringBuilder();
        window.forEach(piece -> text.append(piece.text));
        String stripped = text.toString().strip();
        if (!stripped.isEmpty()) {
            chunks.add(new Section(heading, stripped));
        }
    }

    private record Piece(CharSequence text, int tokens) {}

    private List<Piece> pieces(CharSequence text) {
        List<Piece> pieces = new ArrayList<>();
        int from = 0;
        for (int i = 0; i < text.length(); i++) {
            if (endsSentence(text, i)) {
                add(text.subSequence(from, i + 1), pieces);
                from = i + 1;
            }
        }
        if (from < text.length()) {
            add(text.subSequence(from, text.length()), pieces);
        }
        return pieces;
    }

    private static boolean endsSentence(CharSequence text, int i) {
        return switch (text.charAt(i)) {
            case '\n', '。', '！', '？' -> true;
            case ' ', '\t' -> i > 0 && ".!?".indexOf(text.charAt(i - 1)) >= 0;
            default -> false;
        };
    }

    private void add(CharSequence sentence, List<Piece> pieces) {
        int tokens = TokenEstimate.of(sentence);
        if (tokens <= maxTokens) {
            pieces.add(new Piece(sentence, tokens));
            return;
        }
        int from = 0;
        while (from < sentence.length()) {
            int to = cut(sentence, from);
            CharSequence part = sentence.subSequence(from, to);
            pieces.add(new Piece(part, TokenEstimate.of(part)));
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
