package dev.foundrygateway.retrieval.read;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.foundrygateway.openai.TokenEstimate;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ChunkerTest {
    @Test
    void aShortTextIsOnePassage() {
        assertEquals(
                List.of(new Section("Intro", "One. Two.")),
                new Chunker(20, 5).chunk(List.of(new Section("Intro", " One. Two. "))));
    }

    @Test
    void passagesStayWithinTheirSizeAndLoseNoSentence() {
        String text = IntStream.range(0, 200)
                .mapToObj(i -> "Sentence number " + i + " says little.")
                .collect(Collectors.joining(" "));
        List<Section> chunks = new Chunker(40, 10).chunk(List.of(new Section("", text)));
        assertTrue(chunks.stream().allMatch(chunk -> TokenEstimate.of(chunk.text()) <= 40));
        for (int i = 0; i < 200; i++) {
            String sentence = "number " + i + " says";
            assertTrue(chunks.stream().anyMatch(chunk -> chunk.text().contains(sentence)), sentence);
        }
    }

    @Test
    void aPassageRepeatsTheEndOfTheOneBefore() {
        List<Section> chunks = new Chunker(8, 4)
                .chunk(List.of(new Section("", "Alpha one two. Beta one two. Gamma one two. Delta one two.")));
        assertTrue(chunks.get(0).text().endsWith("Beta one two."), chunks.toString());
        assertTrue(chunks.get(1).text().startsWith("Beta one two."), chunks.toString());
    }

    @Test
    void aWordLongerThanAPassageIsCut() {
        List<Section> chunks = new Chunker(10, 0).chunk(List.of(new Section("", "x".repeat(1_000))));
        assertEquals(
                1_000, chunks.stream().mapToInt(chunk -> chunk.text().length()).sum());
    }

    @Test
    void sectionsShareNoPassage() {
        assertEquals(
                2,
                new Chunker(100, 0)
                        .chunk(List.of(new Section("A", "one"), new Section("B", "two"), new Section("C", "  ")))
                        .size());
    }

    @Test
    void anOverlapAsLargeAsThePassageIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> new Chunker(10, 10));
    }
}
