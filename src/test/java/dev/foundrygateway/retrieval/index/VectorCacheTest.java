package dev.foundrygateway.retrieval.index;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.smallrye.mutiny.Uni;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Vectors survive a restart; damage and a full cache lose some of them and nothing else. */
class VectorCacheTest {
    private static final Passage PASSAGE = new Passage("f#0", "f", 0, "", "", "The heron waits.", "");

    @TempDir
    private Path folder = Path.of("");

    private final List<List<String>> asked = new ArrayList<>();

    @Test
    void whatWasCommittedIsThereAfterARestart() throws IOException {
        try (VectorCache cache = VectorCache.open(folder, 10)) {
            cache.put(Map.of("a", new float[] {1, 2, 3}));
        }
        try (VectorCache again = VectorCache.open(folder, 10)) {
            Map<String, float[]> found = again.get(List.of("a", "b"));
            assertEquals(1, found.size());
            assertArrayEquals(new float[] {1, 2, 3}, found.get("a"));
        }
    }

    @Test
    void theOldestGoWhenThereAreTooMany() throws IOException {
        try (VectorCache cache = VectorCache.open(folder, 3)) {
            for (String key : List.of("a", "b", "c")) {
                cache.put(Map.of(key, new float[] {1}));
            }
        }
        try (VectorCache again = VectorCache.open(folder, 3)) {
            again.put(Map.of("d", new float[] {4}));
            assertEquals(
                    Set.of("b", "c", "d"),
                    again.get(List.of("a", "b", "c", "d")).keySet());
        }
    }

    @Test
    void aDamagedCacheIsBegunAnew() throws IOException {
        try (VectorCache cache = VectorCache.open(folder, 10)) {
            cache.put(Map.of("a", new float[] {1}));
        }
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(one -> !one.endsWith("write.lock")).toList()) {
                Files.writeString(file, "no index");
            }
        }
        try (VectorCache again = VectorCache.open(folder, 10)) {
            assertEquals(Map.of(), again.get(List.of("a")));
            again.put(Map.of("a", new float[] {2}));
            assertArrayEquals(new float[] {2}, again.get(List.of("a")).get("a"));
        }
    }

    @Test
    void filesThatVanishInUseCostVectorsAndNothingElse() throws IOException {
        Vectors vectors = vectors("m");
        vectors.ofPassages(List.of(PASSAGE));
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Passage other = new Passage("f#1", "f", 1, "", "", "The ibis walks.", "");
        assertEquals(1, vectors.ofPassages(List.of(other)).orElseThrow().size());
        assertEquals(
                2, vectors.ofPassages(List.of(PASSAGE, other)).orElseThrow().size());
        assertEquals(2, asked.size());
        vectors.close();
        Vectors next = vectors("m");
        assertEquals(1, next.ofPassages(List.of(other)).orElseThrow().size());
        next.close();
    }

    @Test
    void anotherProcessesCacheIsLeftAlone() throws IOException {
        try (VectorCache first = VectorCache.open(folder, 10)) {
            first.put(Map.of("a", new float[] {1}));
            assertThrows(IOException.class, () -> VectorCache.open(folder, 10));
            assertEquals(1, first.get(List.of("a")).size());
            Vectors second = vectors("m");
            assertEquals(1, second.ofPassages(List.of(PASSAGE)).orElseThrow().size());
        }
    }

    @Test
    void aRestartEmbedsNothingAnewUnlessTheModelIsAnother() {
        Vectors first = vectors("m");
        float[] made = first.ofPassages(List.of(PASSAGE)).orElseThrow().get(0);
        first.close();
        Vectors second = vectors("m");
        assertArrayEquals(
                made, second.ofPassages(List.of(PASSAGE)).orElseThrow().get(0));
        assertEquals(1, asked.size());
        second.close();
        Vectors other = vectors("other");
        other.ofPassages(List.of(PASSAGE));
        assertEquals(2, asked.size());
        other.close();
    }

    private Vectors vectors(String model) {
        return new Vectors(this::embed, model, Duration.ofSeconds(2), () -> 0, Optional.of(folder));
    }

    private Uni<List<float[]>> embed(String model, List<String> texts) {
        asked.add(texts);
        return Uni.createFrom()
                .item(texts.stream().map(text -> new float[] {text.length(), 1}).toList());
    }
}
