package dev.foundrygateway.retrieval.index;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.foundrygateway.retrieval.RetrievalConfig;
import dev.foundrygateway.retrieval.TestSettings;
import dev.foundrygateway.retrieval.store.Ingestion;
import dev.foundrygateway.retrieval.store.LocalFileRepository;
import dev.foundrygateway.retrieval.store.LocalStoreRepository;
import dev.foundrygateway.retrieval.store.MissingVectors;
import dev.foundrygateway.retrieval.store.StoreFile;
import dev.foundrygateway.retrieval.store.StoreFile.Status;
import dev.foundrygateway.retrieval.store.UploadedFiles;
import dev.foundrygateway.retrieval.store.VectorStores;
import io.quarkus.runtime.ShutdownEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that were indexed while the embedding model was down get their vectors once it is back, by themselves. */
class LateVectorsTest {
    private static final float[] NORTH = {1, 0};

    private final Path folder;
    private final AtomicLong now = new AtomicLong();
    private final Vertx vertx = Vertx.vertx();
    private volatile boolean down = true;
    private volatile boolean frozen;
    private final AtomicInteger asked = new AtomicInteger();
    private final UploadedFiles uploads;
    private final Vectors vectors = new Vectors(this::embed, "m", Duration.ofMillis(200), now::get);
    private final Ingestion ingestion;
    private final LocalStoreRepository repository;
    private final VectorStores stores;
    private final LateVectors late;

    LateVectorsTest(@TempDir Path folder) {
        this.folder = folder;
        RetrievalConfig config = TestSettings.with("gateway.retrieval.directory", folder.toString());
        uploads = new UploadedFiles(config, new LocalFileRepository(config));
        ingestion = new Ingestion(uploads, vectors, config);
        repository = new LocalStoreRepository(config);
        stores = new VectorStores(config, uploads, ingestion, repository, repository);
        late = new LateVectors(stores, ingestion, vectors, vertx);
    }

    private Uni<List<float[]>> embed(String model, List<String> texts) {
        asked.incrementAndGet();
        if (frozen) {
            return Uni.createFrom().nothing();
        }
        return down
                ? Uni.createFrom().failure(new IllegalStateException("down"))
                : Uni.createFrom().item(texts.stream().map(text -> NORTH).toList());
    }

    @AfterEach
    void stop() throws IOException, InterruptedException {
        ingestion.stop(new ShutdownEvent());
        stores.stop(new ShutdownEvent());
        vertx.close();
    }

    @Test
    void theModelIsAskedAgainAndTheFilesAreFoundByVectorsThen() throws IOException {
        String store = stores.create("birds", 0, Map.of()).id();
        String file = add(store, "The heron waits.");
        assertTrue(status(store, file).wordsOnly());
        assertFalse(late.look(), "the model failed just now");
        now.addAndGet(Duration.ofSeconds(31).toNanos());
        assertFalse(late.look(), "the model is still down");
        assertEquals(List.of(), nearest(store));
        down = false;
        assertFalse(late.look(), "within half a minute nobody asks it");
        now.addAndGet(Duration.ofSeconds(31).toNanos());
        assertTrue(late.look());
        await().until(() -> !status(store, file).wordsOnly());
        assertEquals(Status.COMPLETED, status(store, file).status());
        assertEquals(List.of(file + "#0"), nearest(store));
        assertFalse(late.look(), "there is nothing more to do");
    }

    @Test
    void aFileThatCannotBeReadAgainIsFoundByItsWordsAsBefore() throws IOException {
        String store = stores.create("birds", 0, Map.of()).id();
        // Larger than what lies in a pack with others.
        String file = add(store, "The heron waits." + " ".repeat(10_000));
        Files.delete(folder.resolve("files").resolve(file));
        down = false;
        now.addAndGet(Duration.ofSeconds(31).toNanos());
        assertTrue(late.look());
        String next = add(store, "The ibis walks.");
        assertFalse(status(store, next).wordsOnly());
        assertEquals(Status.COMPLETED, status(store, file).status());
        assertTrue(status(store, file).wordsOnly());
        assertEquals(1, search(store, "heron", new float[0]).size());
    }

    @Test
    void aStoreRanksAsByWordsWhileTheModelIsKilledFrozenAndRestarted() throws IOException {
        String store = stores.create("birds", 0, Map.of()).id();
        down = false;
        add(store, "The heron waits in the reeds.");
        add(store, "The ibis walks in the mud.");
        assertEquals(1, share(store));
        frozen = true;
        add(store, "The crane flies to the south.");
        int before = asked.get();
        for (int i = 0; i < 5; i++) {
            add(store, "The stork " + i + " nests on the roof.");
        }
        assertEquals(before, asked.get(), "a frozen model holds one batch, and nobody asks it for half a minute");
        assertEquals(.25, share(store));
        assertRankedAsByWords(store);
        pass();
        add(store, "The gull steals the bread.");
        assertEquals(before + 1, asked.get(), "one text was asked for, as short as a question");
        assertTrue(share(store) < .25);
        assertRankedAsByWords(store);
        frozen = false;
        down = true;
        pass();
        assertFalse(late.look());
        assertRankedAsByWords(store);
        down = false;
        pass();
        assertTrue(late.look(), "all of them at once");
        await().until(() -> share(store) == 1);
        await().until(ingestion::idle);
        assertFalse(late.look(), "there is nothing more to do");
    }

    @Test
    void filesFromTheTimeWithoutAModelGetTheirVectorsOnceTheyAreSearched() throws IOException, InterruptedException {
        down = false;
        RetrievalConfig config = TestSettings.with("gateway.retrieval.directory", folder.toString());
        Vectors none = new Vectors(this::embed, "", Duration.ofMillis(200), now::get);
        Ingestion withoutModel = new Ingestion(uploads, none, config);
        VectorStores before = new VectorStores(config, uploads, withoutModel, repository, repository);
        String store = before.create("birds", 0, Map.of()).id();
        String heron = add(before, store, "The heron waits.");
        withoutModel.stop(new ShutdownEvent());
        String ibis = add(store, "The ibis walks.");
        assertFalse(status(store, heron).wordsOnly());
        assertEquals(.5, share(store));
        assertFalse(late.look(), "nobody knows of it");
        MissingVectors missing = new MissingVectors();
        missing.note(stores.store(store), NORTH.length);
        assertTrue(status(store, heron).wordsOnly());
        assertFalse(status(store, ibis).wordsOnly());
        assertTrue(late.look());
        await().until(() -> share(store) == 1);
        await().until(ingestion::idle);
        missing.note(stores.store(store), NORTH.length);
        assertFalse(late.look(), "there is nothing more to do");
    }

    @Test
    void filesThatComeTogetherAreEmbeddedTogether() throws IOException {
        String store = stores.create("birds", 0, Map.of()).id();
        down = false;
        List<VectorStores.Addition> all = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            Path content = Files.writeString(folder.resolve("note.txt"), "The stork " + i + " nests.");
            String file = uploads.add(content, "note.txt", "assistants").id();
            all.add(new VectorStores.Addition(file, Map.of(), 0, 0));
        }
        stores.add(store, all);
        await().until(() -> stores.get(store).count(Status.COMPLETED) == 40);
        assertTrue(asked.get() <= 6, asked + " batches for 40 files");
        assertEquals(1, share(store));
    }

    private void pass() {
        now.addAndGet(Duration.ofSeconds(31).toNanos());
    }

    private double share(String store) throws IOException {
        return stores.store(store)
                .passages()
                .orElseThrow()
                .search("heron", NORTH, 5, Optional.empty())
                .vectors();
    }

    private void assertRankedAsByWords(String store) throws IOException {
        for (String question : List.of("heron reeds", "ibis mud", "crane south", "stork 3 roof")) {
            assertEquals(
                    search(store, question, new float[0]).get(0),
                    search(store, question, NORTH).get(0),
                    question);
        }
    }

    private String add(String store, String text) throws IOException {
        return add(stores, store, text);
    }

    private String add(VectorStores stores, String store, String text) throws IOException {
        Path content = Files.writeString(folder.resolve("note.txt"), text);
        String file = uploads.add(content, "note.txt", "assistants").id();
        stores.add(store, List.of(new VectorStores.Addition(file, Map.of(), 0, 0)));
        await().until(() -> status(store, file).status() != Status.IN_PROGRESS);
        return file;
    }

    private StoreFile status(String store, String file) {
        return stores.get(store).file(file);
    }

    private List<String> nearest(String store) throws IOException {
        return search(store, "zzz", NORTH);
    }

    private List<String> search(String store, String words, float[] vector) throws IOException {
        return stores.store(store).passages().orElseThrow().search(words, vector, 5, Optional.empty()).hits().stream()
                .map(hit -> hit.passage().id())
                .toList();
    }
}
