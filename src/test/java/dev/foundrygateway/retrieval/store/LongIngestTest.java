package dev.foundrygateway.retrieval.store;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.foundrygateway.retrieval.RetrievalConfig;
import dev.foundrygateway.retrieval.TestSettings;
import dev.foundrygateway.retrieval.index.Vectors;
import dev.foundrygateway.retrieval.store.StoreFile.Status;
import dev.foundrygateway.retrieval.store.VectorStores.Addition;
import io.quarkus.runtime.ShutdownEvent;
import io.smallrye.mutiny.Uni;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Texts whose vectors take long, in as many stores as there are lanes, and a short one in another. */
class LongIngestTest {
    private static final int LANES = 2;

    private final Path folder;
    private final UploadedFiles uploads;
    private final Ingestion ingestion;
    private final VectorStores stores;
    private final CountDownLatch begun = new CountDownLatch(LANES);
    private final CountDownLatch shortOneWaits = new CountDownLatch(1);
    private final CountDownLatch goOn = new CountDownLatch(1);
    private final AtomicInteger batches = new AtomicInteger();

    LongIngestTest(@TempDir Path folder) {
        this.folder = folder;
        RetrievalConfig config = TestSettings.with("gateway.retrieval.directory", folder.toString());
        uploads = new UploadedFiles(config, new LocalFileRepository(config));
        ingestion = new Ingestion(uploads, new Vectors(this::embed, "m", Duration.ofSeconds(5), () -> 0), config);
        LocalStoreRepository repository = new LocalStoreRepository(config);
        stores = new VectorStores(config, uploads, ingestion, repository, repository);
    }

    @AfterEach
    void stop() throws IOException, InterruptedException {
        goOn.countDown();
        ingestion.stop(new ShutdownEvent());
        stores.stop(new ShutdownEvent());
    }

    private Uni<List<float[]>> embed(String model, List<String> texts) {
        if (texts.get(0).contains("long")) {
            begun.countDown();
            try {
                (batches.incrementAndGet() <= LANES ? shortOneWaits : goOn).await();
            } catch (InterruptedException e) {
                return Uni.createFrom().failure(e);
            }
        }
        return Uni.createFrom()
                .item(texts.stream().map(text -> new float[] {1, text.length()}).toList());
    }

    private String store(String name, String text) throws IOException {
        String file = uploads.add(Files.writeString(folder.resolve(name), text), name, "assistants")
                .id();
        String store = stores.create(name, 0, Map.of()).id();
        stores.add(store, List.of(new Addition(file, Map.of(), 100, 0)));
        return store;
    }

    private int completed(String store) {
        return stores.get(store).count(Status.COMPLETED);
    }

    @Test
    void aShortFileDoesNotWaitForThem() throws Exception {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 3_000; i++) {
            text.append("A long text has sentence ").append(i).append(". ");
        }
        List<String> longOnes = List.of(store("a.txt", text.toString()), store("b.txt", text + "The end."));
        begun.await();
        String shortOne = store("c.txt", "The heron waits.");
        shortOneWaits.countDown();
        await().atMost(Duration.ofMinutes(1)).until(() -> completed(shortOne) == 1);
        assertEquals(List.of(0, 0), longOnes.stream().map(this::completed).toList());
        goOn.countDown();
        await().atMost(Duration.ofMinutes(2)).until(() -> longOnes.stream().allMatch(store -> completed(store) == 1));
        for (String store : longOnes) {
            assertFalse(stores.get(store).files().values().iterator().next().wordsOnly());
        }
    }
}
