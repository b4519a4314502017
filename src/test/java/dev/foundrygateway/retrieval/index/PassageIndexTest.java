package dev.foundrygateway.retrieval.index;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.foundrygateway.retrieval.Findings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.lucene.store.AlreadyClosedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an index promises: a file's passages all at once, the last commit after a crash, words and vectors in one list. */
class PassageIndexTest {
    private static final float[] NO_VECTOR = new float[0];
    private static final float[] NORTH = {1, 0};
    private static final float[] EAST = {0, 1};

    @TempDir
    private Path folder = Path.of("");

    @Test
    void aFileIsSeenWholeAfterItsCommitAndNotBefore() throws IOException {
        try (PassageIndex index = PassageIndex.open(folder, IndexSettings.DEFAULT)) {
            index.replace("a", List.of(passage("a", 0, "red fox"), passage("a", 1, "red hen")), List.of());
            assertEquals(0, index.size());
            index.commit();
            assertEquals(2, index.size());
            index.replace("a", List.of(passage("a", 0, "red owl")), List.of());
            assertEquals(2, index.size());
            index.commit();
            assertEquals(List.of("a#0"), found(index, "red", NO_VECTOR));
        }
    }

    @Test
    void whatWasNotCommittedIsGoneAfterwards() throws IOException {
        try (PassageIndex index = PassageIndex.open(folder, IndexSettings.DEFAULT)) {
            index.replace("a", List.of(passage("a", 0, "red fox")), List.of());
            index.commit();
            index.replace("b", List.of(passage("b", 0, "red hen")), List.of());
            index.remove("a");
        }
        try (PassageIndex again = PassageIndex.open(folder, IndexSettings.DEFAULT)) {
            assertEquals(List.of("a#0"), found(again, "red", NO_VECTOR));
        }
    }

    @Test
    void recoveryStartsFromTheLastCommit() throws IOException {
        try (PassageIndex index = PassageIndex.open(folder, IndexSettings.DEFAULT)) {
            index.replace("a", List.of(passage("a", 0, "red fox")), List.of());
            index.commit();
            index.replace("b", List.of(passage("b", 0, "red hen")), List.of());
            index.recover();
            assertEquals(List.of("a#0"), found(index, "red", NO_VECTOR));
            index.replace("b", List.of(passage("b", 0, "red hen")), List.of());
            index.commit();
            assertEquals(2, index.size());
        }
    }

    /** The first cannot be committed; the second comes in between, if it can. */
    @Test
    void oneRemovalThatFailsDoesNotUndoAnother() throws Exception {
        try (PassageIndex index = PassageIndex.open(folder, IndexSettings.DEFAULT)) {
            index.replace("a", List.of(passage("a", 0, "red fox")), List.of());
            index.replace("b", List.of(passage("b", 0, "red hen")), List.of());
            index.commit();
            BlockedCommits blocked = BlockedCommits.of(folder);
            CompletableFuture<Set<String>> second = new CompletableFuture<>();
            Thread other = new Thread(() -> {
                try {
                    second.complete(index.remove(() -> {
                        blocked.end();
                        return Set.of("b");
                    }));
                } catch (IOException e) {
                    second.completeExceptionally(e);
                }
            });
            assertThrows(
                    IOException.class,
                    () -> index.remove(() -> {
                        other.start();
                        await().until(() -> other.getState() == Thread.State.BLOCKED);
                        return Set.of("a");
                    }));
            assertEquals(Set.of("b"), second.get());
            assertEquals(List.of("a#0"), found(index, "red", NO_VECTOR));
        }
        try (PassageIndex again = PassageIndex.open(folder, IndexSettings.DEFAULT)) {
            assertEquals(List.of("a#0"), found(again, "red", NO_VECTOR));
        }
    }

    @Test
    void aClosedIndexSaysSo() throws IOException {
        PassageIndex index = PassageIndex.open(folder, IndexSettings.DEFAULT);
        index.close();
        assertThrows(AlreadyClosedException.class, () -> found(index, "red", NO_VECTOR));
    }

    @Test
    void whereOnlySomePassagesHaveVectorsWordsRankAndTheShareIsTold() throws IOException {
        try (PassageIndex index = PassageIndex.inMemory(IndexSettings.DEFAULT)) {
            index.replace("words", List.of(passage("words", 0, "red fox")), List.of());
            for (int i = 0; i < 9; i++) {
                index.replace("near" + i, List.of(passage("near" + i, 0, "a bird")), List.of(NORTH));
            }
            index.replace("far", List.of(passage("far", 0, "another")), List.of());
            index.refresh();
            Findings some = index.search("red fox", NORTH, 5, Optional.empty());
            assertEquals(9 / 11.0, some.vectors(), 1e-9);
            assertEquals(List.of("words#0"), found(index, "red fox", NORTH));
            index.remove("far");
            index.refresh();
            assertEquals(.9, index.search("red fox", NORTH, 5, Optional.empty()).vectors(), 1e-9);
            assertEquals("words#0", found(index, "red fox", NORTH).get(0), "its words' rank counts for its vector's");
            assertEquals(5, found(index, "red fox", NORTH).size());
            assertEquals(
                    List.of("words#0"),
                    found(index, "red fox", new float[] {1, 0, 0}),
                    "vectors of another length are none");
        }
    }

    @Test
    void scoresFallAndWhatMatchesNothingIsNoSource() throws IOException {
        IndexSettings builtIn = IndexSettings.DEFAULT.with(VectorScale.BUILT_IN);
        try (PassageIndex index = PassageIndex.inMemory(builtIn)) {
            index.replace("a", List.of(passage("a", 0, "red fox in the snow")), List.of(new float[] {.6f, .8f}));
            index.replace("b", List.of(passage("b", 0, "white hare")), List.of(new float[] {.1f, 1}));
            index.refresh();
            var hits = index.search("red fox", NORTH, 5, Optional.empty()).hits();
            assertEquals(
                    List.of("a#0"), hits.stream().map(hit -> hit.passage().id()).toList());
            assertTrue(hits.get(0).score() > .5 && hits.get(0).score() <= 1, "score " + hits.get(0));
            assertEquals(
                    0,
                    index.search("xylophone", new float[] {-1, 0}, 5, Optional.empty())
                            .hits()
                            .size());
        }
    }

    /** Also one of the same length: they mean nothing to each other. */
    @Test
    void vectorsOfAnotherModelAreMissingOnes() throws IOException {
        IndexSettings one = IndexSettings.DEFAULT.with(VectorScale.of("one"));
        assertEquals(VectorScale.of("one"), VectorScale.of("one"));
        assertEquals(VectorScale.BUILT_IN, VectorScale.of("auto"));
        try (PassageIndex index = PassageIndex.open(folder, one)) {
            index.replace("a", List.of(passage("a", 0, "crimson bird")), List.of(NORTH));
            index.commit();
            assertEquals(Set.of(), index.filesWithoutVectors(NORTH.length));
            assertEquals(
                    1, index.search("red", NORTH, 5, Optional.empty()).hits().size());
        }
        for (float[] other : List.of(NORTH, new float[] {0, 1, 0})) {
            String name = "of " + other.length;
            try (PassageIndex index = PassageIndex.open(folder, IndexSettings.DEFAULT.with(VectorScale.of(name)))) {
                assertEquals(Set.of("a"), index.filesWithoutVectors(other.length), name);
                assertEquals(0, index.search("red", other, 5, Optional.empty()).vectors());
                index.replace("a", List.of(passage("a", 0, "crimson bird")), List.of(other));
                index.commit();
                assertEquals(Set.of(), index.filesWithoutVectors(other.length), name);
                assertEquals(
                        1,
                        index.search("red", other, 5, Optional.empty()).hits().size());
            }
        }
    }

    /** An upstream has another model under the same name. */
    @Test
    void vectorsOfAnotherLengthUnderTheSameNameAreThoseOfAnotherModel() throws IOException {
        float[] wide = {0, 1, 0};
        try (PassageIndex index = PassageIndex.inMemory(IndexSettings.DEFAULT)) {
            index.replace("a", List.of(passage("a", 0, "crimson bird")), List.of(NORTH));
            index.replace("b", List.of(passage("b", 0, "scarlet fish")), List.of(wide));
            index.refresh();
            assertEquals(Set.of("a"), index.filesWithoutVectors(wide.length));
            assertEquals(Set.of("b"), index.filesWithoutVectors(NORTH.length));
            assertEquals(.5, index.search("red", wide, 5, Optional.empty()).vectors());
            index.replace("a", List.of(passage("a", 0, "crimson bird")), List.of(wide));
            index.refresh();
            assertEquals(1, index.search("red", wide, 5, Optional.empty()).vectors());
        }
    }

    /** As of models by which no two texts are far from each other. */
    @Test
    void whatIsNoNearerThanTheOthersAreScoresLittle() throws IOException {
        try (PassageIndex index = PassageIndex.inMemory(IndexSettings.DEFAULT)) {
            int files = 12;
            for (int file = 0; file < files; file++) {
                index.replace(
                        "f" + file, List.of(passage("f" + file, 0, "hare " + file)), List.of(crowded(file, files)));
            }
            index.refresh();
            var unrelated = index.search("red", crowded(files, files), 5, Optional.empty());
            assertEquals(1, unrelated.vectors());
            assertTrue(unrelated.hits().stream().allMatch(hit -> hit.score() < .3), "scores " + unrelated.hits());
            var meant =
                    index.search("red", crowded(7, files), 5, Optional.empty()).hits();
            assertEquals("f7", meant.get(0).passage().fileId());
            assertTrue(meant.get(0).score() > .9, "score " + meant.get(0));
        }
    }

    /** One of so many, and one more, of which each two have a cosine of .75. */
    private static float[] crowded(int number, int many) {
        float[] vector = new float[many + 2];
        vector[0] = (float) Math.sqrt(.75);
        vector[number + 1] = .5f;
        return vector;
    }

    @Test
    void vectorsFindWhatWordsDoNotAndBothTogetherComeFirst() throws IOException {
        try (PassageIndex index = PassageIndex.inMemory(IndexSettings.DEFAULT)) {
            index.replace("words", List.of(passage("words", 0, "red fox")), List.of(EAST));
            index.replace("both", List.of(passage("both", 0, "red hen")), List.of(NORTH));
            index.replace("vector", List.of(passage("vector", 0, "crimson bird")), List.of(NORTH));
            index.refresh();
            assertEquals("both#0", found(index, "red hen", NORTH).get(0));
            assertTrue(found(index, "red hen", NORTH).contains("vector#0"));
            assertEquals(
                    Set.of("both#0", "vector#0"),
                    Set.copyOf(found(index, "zzz", NORTH).subList(0, 2)));
            Findings lexical = index.search("red hen", NO_VECTOR, 5, Optional.empty());
            Findings both = index.search("red hen", NORTH, 5, Optional.empty());
            Findings apart = index.search("red hen", EAST, 5, Optional.of(Set.of("both")));
            assertTrue(lexical.support() > 0);
            assertTrue(both.support() > apart.support(), both.support() + " against " + apart.support());
        }
    }

    @Test
    void longVectorsAreTaken() throws IOException {
        float[] vector = new float[WideVectors.MAX_DIMENSIONS];
        vector[7] = 1;
        try (PassageIndex index = PassageIndex.open(folder, IndexSettings.DEFAULT)) {
            index.replace("a", List.of(passage("a", 0, "fox")), List.of(vector));
            index.commit();
        }
        try (PassageIndex again = PassageIndex.open(folder, IndexSettings.DEFAULT)) {
            assertEquals(List.of("a#0"), found(again, "zzz", vector));
        }
    }

    @Test
    void onlyTheNamedFilesAreSearched() throws IOException {
        try (PassageIndex index = PassageIndex.inMemory(IndexSettings.DEFAULT)) {
            index.replace("a", List.of(passage("a", 0, "red fox")), List.of(NORTH));
            index.replace("b", List.of(passage("b", 0, "red hen")), List.of(NORTH));
            index.refresh();
            Findings found = index.search("red", NORTH, 5, Optional.of(Set.of("b")));
            assertEquals(1, found.hits().size());
            assertEquals("b#0", found.hits().get(0).passage().id());
        }
    }

    private static List<String> found(PassageIndex index, String question, float[] vector) throws IOException {
        return index.search(question, vector, 5, Optional.empty()).hits().stream()
                .map(hit -> hit.passage().id())
                .toList();
    }

    private static Passage passage(String file, int ordinal, String text) {
        return new Passage(file + "#" + ordinal, file, ordinal, "", "", text, "");
    }

    @Test
    void aWordInTheMiddleOfAThaiSentenceIsFound() throws IOException {
        for (String language : List.of("english", "none", "german")) {
            IndexSettings settings =
                    new IndexSettings(language, .9f, .4f, Fusion.RRF, .5, WordOptions.ALL, VectorScale.UPSTREAM);
            try (PassageIndex thai = PassageIndex.inMemory(settings)) {
                String text =
                        "\u0e43\u0e1a\u0e25\u0e32\u0e15\u0e49\u0e2d\u0e07\u0e40\u0e23\u0e37\u0e2d\u0e02\u0e49\u0e32\u0e21\u0e1f\u0e32\u0e01\u0e2d\u0e2d\u0e01\u0e40\u0e27\u0e25\u0e32";
                thai.replace("t", List.of(new Passage("t#0", "t", 0, "", "", text, "")), List.of());
                thai.replace(
                        "o", List.of(new Passage("o#0", "o", 0, "", "", "The tower is 91 m high.", "")), List.of());
                thai.refresh();
                String ferry = "\u0e40\u0e23\u0e37\u0e2d\u0e02\u0e49\u0e32\u0e21\u0e1f\u0e32\u0e01";
                assertEquals(
                        List.of("t"),
                        thai.search(ferry, new float[0], 5, Optional.empty()).hits().stream()
                                .map(hit -> hit.passage().fileId())
                                .toList(),
                        language);
                assertEquals(
                        1,
                        thai.search("tower", new float[0], 5, Optional.empty())
                                .hits()
                                .size());
            }
        }
    }
}
