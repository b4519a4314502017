package dev.foundrygateway.retrieval.store.opensearch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.openai.ErrorCode;
import dev.foundrygateway.retrieval.Findings;
import dev.foundrygateway.retrieval.index.Hit;
import dev.foundrygateway.retrieval.index.IndexSettings;
import dev.foundrygateway.retrieval.index.Passage;
import dev.foundrygateway.retrieval.index.PassageIndex;
import dev.foundrygateway.retrieval.index.Passages;
import dev.foundrygateway.retrieval.index.VectorScale;
import dev.foundrygateway.retrieval.index.WordOptions;
import dev.foundrygateway.retrieval.store.FileRecord;
import dev.foundrygateway.retrieval.store.StoreRecord;
import dev.foundrygateway.retrieval.store.VectorStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What several gateways on one OpenSearch promise each other; each repository here is a gateway's. */
class SharedStoresTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final float[] NO_VECTOR = new float[0];
    private static final float[] NORTH = {1, 0};
    private static final float[] EAST = {0, 1};
    private static final StoreRecord EMPTY = SharedRecords.empty("vs_0123456789abcdef01234567");

    @TempDir
    private static Path folder = Path.of("");

    private String prefix = "";
    private long nanos;
    private final List<String> resumed = new ArrayList<>();

    @BeforeAll
    static void thereIsANode() {
        assumeFalse(OpenSearchNode.shared().isEmpty(), "there is no OpenSearch node");
    }

    @BeforeEach
    void anEmptyPrefix() {
        prefix = "test-" + UUID.randomUUID();
    }

    @Test
    void aStoreOfOneGatewayIsTheOthersToo() throws IOException {
        SharedStoreRepository one = repository();
        SharedStoreRepository other = repository();
        VectorStore made = one.create(EMPTY);
        assertEquals(1, other.all().size());
        VectorStore seen = other.find(EMPTY.id()).orElseThrow();
        made.change(record -> record.described("one", 0, Map.of()));
        seen.change(record -> record.described(record.name() + " and two", 0, Map.of()));
        assertEquals("one and two", made.record().name());
        ingest(made, "a", "red fox");
        assertEquals(List.of("a#0"), found(seen, "foxes"));
        other.delete(seen);
        assertTrue(one.find(EMPTY.id()).isEmpty());
        GatewayException gone = assertThrows(GatewayException.class, () -> made.change(record -> record.activeAt(1)));
        assertEquals(ErrorCode.VECTOR_STORE_NOT_FOUND, gone.code());
    }

    @Test
    void aFilesPassagesAppearChangeAndVanishInOneStep() throws IOException {
        VectorStore store = repository().create(EMPTY);
        ingest(store, "a", "red fox", "red hen");
        assertEquals(Set.of("a#0", "a#1"), Set.copyOf(found(store, "red")));
        store.change(record -> SharedRecords.inProgress(record, "a"));
        passages(store).replace("a", List.of(passage("a", 0, "red owl")), List.of());
        passages(store).commit();
        assertEquals(Set.of("a#0", "a#1"), Set.copyOf(found(store, "red")), "what is not completed is not seen");
        store.change(record -> SharedRecords.completed(record, "a"));
        assertEquals(List.of("a#0"), found(store, "red"));
        assertEquals(List.of(), found(store, "hen"));
        store.change(record -> SharedRecords.without(record, "a"));
        assertEquals(List.of(), found(store, "red"));
    }

    @Test
    void aLostGatewaysIngestIsTakenOverAndItsHalfFileIsNeverSeen() throws IOException {
        SharedStoreRepository lost = repository();
        SharedStoreRepository other = repository();
        lost.beat(this::resume);
        VectorStore store = lost.create(EMPTY);
        store.change(record -> SharedRecords.inProgress(record, "a"));
        passages(store).replace("a", List.of(passage("a", 0, "red fox")), List.of());
        passages(store).commit();
        other.beat(this::resume);
        assertEquals(List.of(), resumed, "it lives as far as anyone knows");
        nanos += PATIENCE.toNanos();
        other.beat(this::resume);
        assertEquals(List.of("a"), resumed);
        VectorStore taken = other.find(EMPTY.id()).orElseThrow();
        assertEquals(List.of(), found(taken, "red"));
        passages(taken).replace("a", List.of(passage("a", 0, "red fox"), passage("a", 1, "red hen")), List.of());
        passages(taken).commit();
        taken.change(record -> SharedRecords.completed(record, "a"));
        assertEquals(Set.of("a#0", "a#1"), Set.copyOf(found(taken, "red")));
        assertEquals(2, found(taken, "red").size());
        resumed.clear();
        other.beat(this::resume);
        assertEquals(List.of(), resumed, "nothing is left to do");
    }

    @Test
    void aGatewayThatLeavesHandsOverAtOnce() {
        SharedStoreRepository leaving = repository();
        leaving.beat(this::resume);
        leaving.create(EMPTY);
        leaving.find(EMPTY.id()).ifPresent(SharedRecords::begin);
        leaving.close();
        repository().beat(this::resume);
        assertEquals(List.of("a"), resumed);
    }

    @Test
    void scoresAreThoseOfLucene() throws IOException {
        List<Passage> passages = new ArrayList<>();
        for (String text :
                List.of("The red fox runs.", "Foxes and hens, foxes and owls", "a hen in the yard of a mill")) {
            int n = passages.size();
            passages.add(new Passage("a#" + n, "a", n, "Foxes", n == 2 ? "Birds > Hens" : "", text, "/a"));
        }
        List<float[]> vectors = List.of(NORTH, EAST, new float[] {.6f, .8f});
        VectorStore store = repository().create(EMPTY);
        store.change(record -> SharedRecords.inProgress(record, "a"));
        passages(store).replace("a", passages, vectors);
        passages(store).commit();
        store.change(record -> SharedRecords.completed(record, "a"));
        try (PassageIndex lucene = PassageIndex.open(folder.resolve("lucene"), IndexSettings.DEFAULT)) {
            lucene.replace("a", passages, vectors);
            lucene.commit();
            for (String question :
                    List.of("foxes with hens", "hen", "nothing of it", "?", "yards, mills and red foxes")) {
                for (float[] vector : List.of(NO_VECTOR, NORTH)) {
                    same(
                            lucene.search(question, vector, 5, Optional.empty()),
                            passages(store).search(question, vector, 5, Optional.empty()));
                }
            }
        }
    }

    /** As many as are compared are near, and what the words found is far away, or has no vector. */
    @Test
    void whatOnlyTheWordsFoundIsComparedToo() throws IOException {
        List<Passage> far = new ArrayList<>();
        List<float[]> vectors = new ArrayList<>();
        for (int i = 0; i < 118; i++) {
            boolean red = i >= 110;
            double angle = red ? 1.5 - .05 * (i - 110) : .003 * i;
            far.add(passage("a", i, red ? "red fox" + " in the yard".repeat(i - 110) : "owl " + i));
            vectors.add(new float[] {(float) Math.cos(angle), (float) Math.sin(angle)});
        }
        List<Passage> bare = List.of(passage("b", 0, "a red hen beside the mill"));
        VectorStore store = repository().create(EMPTY);
        store.change(record -> SharedRecords.inProgress(record, "a"));
        passages(store).replace("a", far, vectors);
        passages(store).commit();
        store.change(record -> SharedRecords.completed(record, "a"));
        ingest(store, "b", "a red hen beside the mill");
        IndexSettings plain = IndexSettings.DEFAULT.with(new WordOptions(true, false, false));
        try (PassageIndex lucene = PassageIndex.open(folder.resolve("far"), plain)) {
            lucene.replace("a", far, vectors);
            lucene.replace("b", bare, List.of());
            lucene.commit();
            same(
                    lucene.search("red", NORTH, 12, Optional.empty()),
                    passages(store).search("red", NORTH, 12, Optional.empty()));
        }
    }

    private static void same(Findings lucene, Findings opensearch) {
        assertEquals(lucene.support(), opensearch.support(), 1e-5);
        assertEquals(
                lucene.hits().stream().map(Hit::passage).toList(),
                opensearch.hits().stream().map(Hit::passage).toList());
        for (int i = 0; i < lucene.hits().size(); i++) {
            assertEquals(lucene.hits().get(i).score(), opensearch.hits().get(i).score(), 1e-5);
            assertEquals(
                    lucene.hits().get(i).lexical(), opensearch.hits().get(i).lexical(), 1e-5);
            assertEquals(lucene.hits().get(i).dense(), opensearch.hits().get(i).dense(), 1e-5);
        }
    }

    /** Also one of the same length, and one of another length under the same name: they mean nothing to each other. */
    @Test
    void vectorsOfAnotherModelAreMissingOnes() throws IOException {
        OpenSearchClient client = SharedRecords.client(OpenSearchNode.shared());
        repository().create(EMPTY);
        Map<String, float[]> models = new LinkedHashMap<>();
        models.put("one", NORTH);
        models.put("two", NORTH);
        models.put("one, longer", new float[] {0, 1, 0});
        float[] before = NO_VECTOR;
        for (Map.Entry<String, float[]> model : models.entrySet()) {
            float[] vector = model.getValue();
            VectorStore store = repository(client, model.getKey().substring(0, 3))
                    .find(EMPTY.id())
                    .orElseThrow();
            if (before.length > 0) {
                assertEquals(Set.of("a"), passages(store).filesWithoutVectors(vector.length), model.getKey());
                Findings words = passages(store).search("red", vector, 5, Optional.empty());
                assertEquals(List.of(), ids(words), model.getKey());
                assertEquals(0, words.vectors());
            }
            ingest(store, "a", List.of(vector), "crimson bird");
            assertEquals(Set.of(), passages(store).filesWithoutVectors(vector.length), model.getKey());
            Findings near = passages(store).search("red", vector, 5, Optional.empty());
            assertEquals(List.of("a#0"), ids(near), model.getKey());
            assertEquals(1, near.vectors());
            before = vector;
        }
    }

    @Test
    void whereOnlySomePassagesHaveVectorsWordsRankAndTheShareIsTold() throws IOException {
        VectorStore store = repository().create(EMPTY);
        assertEquals(
                1, passages(store).search("red", NORTH, 5, Optional.empty()).vectors(), "none lacks one");
        passages(store).replace("unseen", List.of(passage("unseen", 0, "red ibis")), List.of());
        passages(store).commit();
        assertEquals(
                1, passages(store).search("red", NORTH, 5, Optional.empty()).vectors(), "none is seen");
        ingest(store, "a", "red fox");
        ingest(store, "b", List.of(NORTH), "old owl");
        Findings some = passages(store).search("red", NORTH, 5, Optional.empty());
        assertEquals(List.of("a#0"), ids(some));
        assertEquals(.5, some.vectors(), 1e-9);
        assertEquals(Set.of("a"), passages(store).filesWithoutVectors(2));
    }

    @Test
    void vectorsThatComeLateAreSeen() throws IOException {
        VectorStore store = repository().create(EMPTY);
        ingest(store, "a", "crimson bird");
        store.change(record -> SharedRecords.wordsOnly(record, "a"));
        passages(store).replace("a", List.of(passage("a", 0, "crimson bird")), List.of(NORTH));
        passages(store).commit();
        assertEquals(List.of(), ids(passages(store).search("red", NORTH, 5, Optional.empty())));
        store.change(record -> SharedRecords.completed(record, "a"));
        assertEquals(List.of("a#0"), ids(passages(store).search("red", NORTH, 5, Optional.empty())));
        assertEquals(List.of("a#0"), found(store, "bird"), "once");
    }

    @Test
    void onlyTheNamedFilesAreSearched() throws IOException {
        VectorStore store = repository().create(EMPTY);
        ingest(store, "a", "red fox");
        ingest(store, "b", "red hen");
        assertEquals(List.of("b#0"), ids(passages(store).search("red", NO_VECTOR, 5, Optional.of(Set.of("b")))));
        assertEquals(List.of(), ids(passages(store).search("red", NO_VECTOR, 5, Optional.of(Set.of()))));
    }

    @Test
    void filesOfManyPiecesComeBackAsTheyWere() throws IOException {
        OpenSearchClient client = SharedRecords.client(OpenSearchNode.shared());
        SharedFileRepository files = new SharedFileRepository(client, new Indices(client, prefix));
        byte[] bytes = new byte[9 << 20];
        new Random(7).nextBytes(bytes);
        Path content = Files.write(folder.resolve("content"), bytes);
        FileRecord record = new FileRecord("file-0123456789abcdef01234567", "x.bin", bytes.length, 1, "user_data");
        assertEquals(List.of(), files.all());
        files.add(record, content);
        assertEquals(List.of(record), files.all());
        try (InputStream in = files.content(record.id())) {
            assertTrue(Arrays.equals(bytes, in.readAllBytes()));
        }
        files.delete(record.id());
        assertEquals(Optional.empty(), files.find(record.id()));
        assertFalse(files.find("../" + prefix + "-stores").isPresent());
    }

    @Test
    void whatCannotBeReachedIsUnavailableAndNamesTheSetting() {
        OpenSearchClient client = SharedRecords.client("http://127.0.0.1:9");
        SharedStoreRepository repository = repository(client);
        GatewayException away = assertThrows(GatewayException.class, () -> repository.find(EMPTY.id()));
        assertEquals(ErrorCode.RETRIEVAL_UNAVAILABLE, away.code());
        assertTrue(String.valueOf(away.getMessage()).contains("gateway.retrieval.opensearch.url"));
        repository.beat(this::resume);
        assertEquals(List.of(), resumed);
    }

    @Test
    void theNextNodeIsAskedWhereOneCannotBeReached() {
        repository(SharedRecords.client("http://127.0.0.1:9", OpenSearchNode.shared()))
                .create(EMPTY);
        assertTrue(repository().find(EMPTY.id()).isPresent());
    }

    private void resume(VectorStore store, String file) {
        resumed.add(file);
    }

    private SharedStoreRepository repository() {
        return repository(SharedRecords.client(OpenSearchNode.shared()));
    }

    private SharedStoreRepository repository(OpenSearchClient client, String model) {
        return new SharedStoreRepository(
                client,
                new Indices(client, prefix),
                IndexSettings.DEFAULT.with(VectorScale.of(model)),
                PATIENCE,
                () -> nanos);
    }

    private SharedStoreRepository repository(OpenSearchClient client) {
        return new SharedStoreRepository(
                client, new Indices(client, prefix), IndexSettings.DEFAULT, PATIENCE, () -> nanos);
    }

    private static void ingest(VectorStore store, String file, String... texts) throws IOException {
        ingest(store, file, List.of(), texts);
    }

    private static void ingest(VectorStore store, String file, List<float[]> vectors, String... texts)
            throws IOException {
        store.change(record -> SharedRecords.inProgress(record, file));
        List<Passage> passages = new ArrayList<>();
        for (String text : texts) {
            passages.add(passage(file, passages.size(), text));
        }
        passages(store).replace(file, passages, vectors);
        passages(store).commit();
        store.change(record -> SharedRecords.completed(record, file));
    }

    private static Passages passages(VectorStore store) throws IOException {
        return store.passages().orElseThrow();
    }

    private static List<String> found(VectorStore store, String question) throws IOException {
        return ids(passages(store).search(question, NO_VECTOR, 5, Optional.empty()));
    }

    private static List<String> ids(Findings findings) {
        return findings.hits().stream().map(hit -> hit.passage().id()).toList();
    }

    private static Passage passage(String file, int ordinal, String text) {
        return new Passage(file + "#" + ordinal, file, ordinal, "", "", text, "");
    }
}
