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
            chunk(section, chunks);
        }
        return chunks;
    }

    private void chunk(Section section, List<Section> chunks) {
        Deque<Piece> window = new ArrayDeque<>();
        int tokens = 0;
        boolean fresh = false;
        for (Piece piece : pieces(section.text())) {
            if (tokens + piece.tokens > maxTokens && fresh) {
                emit(section.heading(), window, chunks);
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
            emit(section.heading(), window, chunks);
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

    private record Piece(String text, int tokens) {}

    private List<Piece> pieces(String text) {
        List<Piece> pieces = new ArrayList<>();
        int from = 0;
        for (int i = 0; i < text.length(); i++) {
            if (endsSentence(text, i)) {
                add(text.substring(from, i + 1), pieces);
                from = i + 1;
            }
        }
        if (from < text.length()) {
            add(text.substring(from), pieces);
        }
        return pieces;
    }

    private static boolean endsSentence(String text, int i) {
        return switch (text.charAt(i)) {
            case '\n', '。', '！', '？' -> true;
            case ' ', '\t' -> i > 0 && ".!?".indexOf(text.charAt(i - 1)) >= 0;
            default -> false;
        };
    }

    private void add(String sentence, List<Piece> pieces) {
        int tokens = TokenEstimate.of(sentence);
        if (tokens <= maxTokens) {
            pieces.add(new Piece(sentence, tokens));
            return;
        }
        int from = 0;
        while (from < sentence.length()) {
            int to = cut(sentence, from);
            String part = sentence.substring(from, to);
            pieces.add(new Piece(part, TokenEstimate.of(part)));
            from = to;
        }
    }

    /** Where a part that begins at {@code from} ends: behind the last space that fits, or in the middle of a word that alone is too long. */
    private int cut(String sentence, int from) {
        int space = -1;
        int tokens = 0;
        int run = from;
        for (int i = from; i < sentence.length(); i++) {
            if (Character.isWhitespace(sentence.charAt(i))) {
                tokens += TokenEstimate.of(sentence.substring(run, i));
                run = i;
                if (tokens > maxTokens) {
                    break;
                }
                space = i + 1;
            } else if (i - run > maxTokens && space < 0) {
                return Character.isLowSurrogate(sentence.charAt(i)) ? i - 1 : i;
            }
        }
        if (tokens + TokenEstimate.of(sentence.substring(run)) <= maxTokens) {
            return sentence.length();
        }
        return space > from ? space : Math.min(sentence.length(), from + maxTokens);
    }
}
