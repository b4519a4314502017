package dev.foundrygateway.retrieval.embed;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The built-in model against what its makers print of it, as near as 8 bits are. */
class BuiltInEmbedderTest {
    private static final BuiltInEmbedder EMBEDDER = new BuiltInEmbedder();
    /** What quantisation may change in a cosine. */
    private static final double EIGHT_BITS = .04;

    @ParameterizedTest
    @CsvSource({
        "auto, true",
        "AUTO, true",
        "all-MiniLM-L6-v2, true",
        "sentence-transformers/all-MiniLM-L6-v2, true",
        "all-MiniLM-L12-v2, false",
        "none, false",
        "nomic/all-minilm-l6-v2, false"
    })
    void itIsMeantInAnySpelling(String name, boolean meant) {
        assertEquals(meant, BuiltInEmbedder.isMeant(name));
    }

    @Test
    void aSentenceHasTheVectorThatTheModelsPageShows() {
        float[] vector = EMBEDDER.embed(List.of("This is an example sentence")).get(0);
        assertEquals(384, vector.length);
        assertArrayEquals(new float[] {.0677f, .0635f, .0487f, .0793f, .0374f, .0027f}, Arrays.copyOf(vector, 6), .02f);
        assertEquals(1, cosine(vector, vector), 1e-5);
    }

    @Test
    void sentencesAreAsNearAsTheModelsPageSays() {
        List<float[]> vectors = EMBEDDER.embed(
                List.of("The weather is lovely today.", "It's so sunny outside!", "He drove to the stadium."));
        assertEquals(.6660, cosine(vectors.get(0), vectors.get(1)), EIGHT_BITS);
        assertEquals(.1046, cosine(vectors.get(0), vectors.get(2)), EIGHT_BITS);
        assertEquals(.1411, cosine(vectors.get(1), vectors.get(2)), EIGHT_BITS);
    }

    @Test
    void theSameTextHasTheSameVectorInAnyCompanyAndAtAnyLength() {
        float[] alone = EMBEDDER.embed(List.of("A heron waits.")).get(0);
        List<float[]> among = EMBEDDER.embed(List.of("word ".repeat(20_000), "A heron waits.", ""));
        assertArrayEquals(alone, among.get(1));
        assertEquals(1, cosine(among.get(0), among.get(0)), 1e-5);
        assertTrue(Float.isFinite(among.get(2)[0]));
    }

    private static double cosine(float[] one, float[] other) {
        double sum = 0;
        for (int i = 0; i < one.length; i++) {
            sum += one[i] * other[i];
        }
        return sum;
    }
}
