package dev.foundrygateway.retrieval.embed;

import java.text.Normalizer;
import java.util.Locale;
import java.util.Map;
import java.util.stream.LongStream;

/**
 * Texts as the numbers of their word pieces, as BERT's uncased models were trained with: lower case, no accents, punctuation and Chinese characters apart, then
 * the longest pieces that the vocabulary has, from the left. Immutable; linear in the pieces it gives.
 *
 * @see <a href="https://arxiv.org/abs/1810.04805">Devlin et al.: BERT (2018)</a>
 */
final class WordPieces {
    private static final int LONGEST_WORD = 100;
    /** A piece has one character at least; what lies behind can't be among the first pieces, but for blanks. */
    private static final int CHARACTERS_A_PIECE = 24;

    private final Map<String, Integer> vocabulary;
    private final int unknown;
    private final int begin;
    private final int end;

    WordPieces(Map<String, Integer> vocabulary) {
        this.vocabulary = Map.copyOf(vocabulary);
        this.unknown = number("[UNK]");
        this.begin = number("[CLS]");
        this.end = number("[SEP]");
    }

    private int number(String piece) {
        Integer number = vocabulary.get(piece);
        if (number == null) {
            throw new IllegalArgumentException("the vocabulary lacks " + piece);
        }
        return number;
    }

    /** The pieces of the text's beginning between the marks of begin and end: {@code most} in all, at most. */
    long[] of(String text, int most) {
        String beginning = text.substring(0, Math.min(text.length(), most * CHARACTERS_A_PIECE));
        LongStream.Builder pieces = LongStream.builder().add(begin);
        int[] left = {most - 2};
        StringBuilder word = new StringBuilder();
        // Accents are marks of their own in this form, and fall away below.
        Normalizer.normalize(beginning.toLowerCase(Locale.ROOT), Normalizer.Form.NFD)
                .codePoints()
                .forEach(c -> {
                    if (isBlank(c) || isApart(c)) {
                        add(word, pieces, left);
                        if (!isBlank(c)) {
                            add(word.appendCodePoint(c), pieces, left);
                        }
                    } else if (!isDropped(c)) {
                        word.appendCodePoint(c);
                    }
                });
        add(word, pieces, left);
        return pieces.add(end).build().toArray();
    }

    private void add(StringBuilder word, LongStream.Builder pieces, int[] left) {
        if (word.isEmpty() || left[0] <= 0) {
            word.setLength(0);
            return;
        }
        int[] found = pieces(word.toString());
        for (int piece : found) {
            if (left[0]-- > 0) {
                pieces.add(piece);
            }
        }
        word.setLength(0);
    }

    private int[] pieces(String word) {
        int[] found = new int[Math.min(word.length(), LONGEST_WORD)];
        int count = 0;
        int from = 0;
        while (from < word.length() && word.length() <= LONGEST_WORD) {
            int to = word.length();
            Integer piece = null;
            while (to > from && piece == null) {
                piece = vocabulary.get(from == 0 ? word.substring(0, to) : "##" + word.substring(from, to));
                to -= piece == null ? 1 : 0;
            }
            if (piece == null) {
                break;
            }
            found[count++] = piece;
            from = to;
        }
        // One part that is not known makes the whole word unknown.
        return from < word.length() ? new int[] {unknown} : java.util.Arrays.copyOf(found, count);
    }

    private static boolean isBlank(int c) {
        return c == ' ' || c == '\t' || c == '\n' || c == '\r' || Character.getType(c) == Character.SPACE_SEPARATOR;
    }

    private static boolean isDropped(int c) {
        return c == 0
                || c == 0xFFFD
                || switch (Character.getType(c)) {
                    case Character.NON_SPACING_MARK,
                            Character.CONTROL,
                            Character.FORMAT,
                            Character.SURROGATE,
                            Character.PRIVATE_USE,
                            Character.UNASSIGNED -> true;
                    default -> false;
                };
    }

    /** Whether it is a word of its own. */
    private static boolean isApart(int c) {
        if (c < 128) {
            return c > ' ' && c < 127 && !Character.isLetterOrDigit(c);
        }
        return Character.UnicodeScript.of(c) == Character.UnicodeScript.HAN
                || switch (Character.getType(c)) {
                    case Character.CONNECTOR_PUNCTUATION,
                            Character.DASH_PUNCTUATION,
                            Character.START_PUNCTUATION,
                            Character.END_PUNCTUATION,
                            Character.INITIAL_QUOTE_PUNCTUATION,
                            Character.FINAL_QUOTE_PUNCTUATION,
                            Character.OTHER_PUNCTUATION -> true;
                    default -> false;
                };
    }
}
