package dev.foundrygateway.retrieval.embed;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How BERT's tokenizer cuts. */
class WordPiecesTest {
    private static final List<String> PIECES = List.of(
            "[PAD]", "[UNK]", "[CLS]", "[SEP]", "un", "##aff", "##able", "cafe", ".", "港", "口", "don", "'", "t");

    private final WordPieces pieces = new WordPieces(vocabulary());

    @Test
    void theLongestPiecesFromTheLeft() {
        assertArrayEquals(new long[] {2, 4, 5, 6, 3}, pieces.of("UNaffable", 16));
        assertArrayEquals(new long[] {2, 1, 3}, pieces.of("unknowable", 16));
    }

    @Test
    void accentsGoAndPunctuationAndChineseStandAlone() {
        assertArrayEquals(new long[] {2, 7, 8, 9, 10, 11, 12, 13, 3}, pieces.of("Café.港口\u200b don't\u0000", 16));
    }

    @Test
    void aLongTextIsCutAndALongWordUnknown() {
        assertEquals(16, pieces.of("cafe ".repeat(1_000_000), 16).length);
        assertArrayEquals(new long[] {2, 1, 3}, pieces.of("a".repeat(101), 16));
        assertArrayEquals(new long[] {2, 3}, pieces.of("", 16));
    }

    private static Map<String, Integer> vocabulary() {
        Map<String, Integer> numbers = new HashMap<>();
        PIECES.forEach(piece -> numbers.put(piece, numbers.size()));
        return numbers;
    }
}
