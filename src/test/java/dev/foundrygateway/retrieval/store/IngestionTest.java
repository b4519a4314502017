package dev.foundrygateway.retrieval.store;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.foundrygateway.retrieval.Findings;
import dev.foundrygateway.retrieval.RetrievalConfig;
import dev.foundrygateway.retrieval.TestSettings;
import dev.foundrygateway.retrieval.index.Passage;
import dev.foundrygateway.retrieval.index.Passages;
import dev.foundrygateway.retrieval.index.Question;
import dev.foundrygateway.retrieval.index.Vectors;
import dev.foundrygateway.retrieval.store.StoreFile.Status;
import io.quarkus.runtime.ShutdownEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that are ingested together, one of which fails. */
class IngestionTest {
    private final Path folder;
    private final UploadedFiles uploads;
    private final Ingestion ingestion;
    private final VectorStores stores;
    private final CountDownLatch bothWait = new CountDownLatch(1);
    private final AtomicReference<Runnable> atIbis = new AtomicReference<>(() -> {});

    IngestionTest(@TempDir Path folder) {
        this.folder = folder;
        RetrievalConfig config = TestSettings.with("gateway.retrieval.directory", folder.toString());
        uploads = new UploadedFiles(config, new LocalFileRepository(config));
        Vectors vectors = new Vectors(this::embed, "m", Duration.ofSeconds(5), () -> 0);
        ingestion = new Ingestion(uploads, vectors, config);
        LocalStoreRepository repository = new LocalStoreRepository(config);
        stores = new VectorStores(config, uploads, ingestion, repository, repository);
    }

    @AfterEach
    void stop() throws IOException, InterruptedException {
        ingestion.stop(new ShutdownEvent());
        stores.stop(new ShutdownEvent());
    }

    @Test
    void aStoreIsListedAsExpiredForADayAndThenDeleted() throws Exception {
        long now = Clock.systemUTC().instant().getEpochSecond();
        String gone = stores.create("", 1, Map.of()).id();
        String listed = stores.create("", 1, Map.of()).id();
        String kept = stores.create("", 0, Map.of()).id();
        stores.store(gone).change(record -> record.activeAt(now - 3 * 86_400));
        stores.store(listed).change(record -> record.activeAt(now - 86_400 - 3_600));
        stores.store(kept).change(record -> record.activeAt(now - 3 * 86_400));
        RetrievalConfig config = TestSettings.with("gateway.retrieval.directory", folder.toString());
        Vertx vertx = Vertx.vertx();
        try {
            new ExpiredFiles(uploads, stores, new PartialUploads(config, uploads), vertx).sweep();
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
        assertEquals(
                Set.of(listed, kept), stores.all().stream().map(StoreRecord::id).collect(Collectors.toSet()));
        assertFalse(Files.exists(folder.resolve("stores/" + gone)));
    }

    @Test
    void aFileBeforeOneThatFailsKeepsItsPassages() throws IOException {
        String store = stores.create("birds", 0, Map.of()).id();
        VectorStore known = stores.store(store);
        String good = uploaded("The heron waits.");
        String bad = uploaded("The ibis walks.");
        known.change(record -> record.with(waiting(good)).with(waiting(bad)));
        VectorStore failing = new Failing(known, good, bad);
        ingestion.submit(failing, good);
        ingestion.submit(failing, bad);
        bothWait.countDown();
        await().atMost(Duration.ofMinutes(5))
                .until(() -> status(store, good) != Status.IN_PROGRESS && status(store, bad) != Status.IN_PROGRESS);
        assertEquals(Status.FAILED, status(store, bad));
        assertEquals(Status.COMPLETED, status(store, good));
        assertTrue(known.passages().orElseThrow().search("heron", new float[0], 5, Optional.empty()).hits().stream()
                .anyMatch(hit -> hit.passage().fileId().equals(good)));
    }

    private Uni<List<float[]>> embed(String model, List<String> texts) {
        if (texts.stream().anyMatch(text -> text.contains("heron"))) {
            try {
                bothWait.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
        if (texts.stream().anyMatch(text -> text.contains("ibis"))) {
            atIbis.getAndSet(() -> {}).run();
        }
        return Uni.createFrom()
                .item(texts.stream().map(text -> new float[] {1, text.length()}).toList());
    }

    @Test
    void aChangeOfLanguageBetweenTwoFilesLosesNoPassage() throws IOException {
        String store = stores.create("birds", 0, Map.of()).id();
        VectorStore known = stores.store(store);
        String first = uploaded("The heron waits. ".repeat(8_000)); // so long that it is written before the other one
        String second = uploaded("The ibis walks.");
        known.change(record -> record.with(waiting(first)).with(waiting(second)));
        atIbis.set(() -> stores.describe(store, record -> record.described("", 0, Map.of("language", "french"))));
        ingestion.submit(known, first);
        ingestion.submit(known, second);
        bothWait.countDown();
        await().atMost(Duration.ofMinutes(5))
                .until(() -> status(store, first) == Status.COMPLETED && status(store, second) == Status.COMPLETED);
        for (String word : List.of("heron", "ibis")) {
            assertFalse(known.passages()
                    .orElseThrow()
                    .search(word, new float[0], 5, Optional.empty())
                    .hits()
                    .isEmpty());
        }
        assertEquals(
                Optional.of("french"),
                Optional.ofNullable(stores.get(store).metadata().get("language")));
    }

    private String uploaded(String text) throws IOException {
        return uploads.add(Files.writeString(folder.resolve("note.txt"), text), "note.txt", "assistants")
                .id();
    }

    private static StoreFile waiting(String id) {
        return new StoreFile(id, "note.txt", 1, Status.IN_PROGRESS, Map.of(), 300, 0, 0, "", false, "");
    }

    private Status status(String store, String file) {
        return stores.get(store).file(file).status();
    }

    /** The same store, whose index waits at the first file until the second waits, too, and then fails at that. */
    private final class Failing implements VectorStore, Passages {
        private final VectorStore store;
        private final String first;
        private final String second;

        Failing(VectorStore store, String first, String second) {
            this.store = store;
            this.first = first;
            this.second = second;
        }

        private Passages same() throws IOException {
            return store.passages().orElseThrow();
        }

        @Override
        public void replace(String fileId, List<Passage> passages, List<float[]> vectors) throws IOException {
            if (fileId.equals(first)) {
                try {
                    bothWait.await();
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
            }
            if (fileId.equals(second)) {
                throw new IOException("planted");
            }
            same().replace(fileId, passages, vectors);
        }

        @Override
        public void remove(String fileId) throws IOException {
            same().remove(fileId);
        }

        @Override
        public void commit() throws IOException {
            same().commit();
        }

        @Override
        public void recover() throws IOException {
            same().recover();
        }

        @Override
        public Set<String> filesWithoutVectors(int dimensions) throws IOException {
            return same().filesWithoutVectors(dimensions);
        }

        @Override
        public Findings search(Question question, float[] vector, int limit, Optional<Set<String>> files)
                throws IOException {
            return same().search(question, vector, limit, files);
        }

        @Override
        public StoreRecord record() {
            return store.record();
        }

        @Override
        public Optional<Path> folder() {
            return store.folder();
        }

        @Override
        public StoreRecord change(UnaryOperator<StoreRecord> edit) throws IOException {
            return store.change(edit);
        }

        @Override
        public void usedAt(long seconds) {
            store.usedAt(seconds);
        }

        @Override
        public Optional<Passages> passages() {
            return Optional.of(this);
        }

        @Override
        public void delete() throws IOException {
            store.delete();
        }
    }
}
