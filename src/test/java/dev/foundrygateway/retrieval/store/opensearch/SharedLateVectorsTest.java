package dev.foundrygateway.retrieval.store.opensearch;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.foundrygateway.retrieval.Findings;
import dev.foundrygateway.retrieval.RetrievalConfig;
import dev.foundrygateway.retrieval.TestSettings;
import dev.foundrygateway.retrieval.index.IndexSettings;
import dev.foundrygateway.retrieval.index.VectorScale;
import dev.foundrygateway.retrieval.index.Vectors;
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
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files get the vectors that they lack in OpenSearch, too: of a gateway that had no model, and of one that has another model now. */
class SharedLateVectorsTest {
    private final Path folder;
    private final RetrievalConfig config;
    private final UploadedFiles uploads;
    private final String prefix = "test-" + UUID.randomUUID();
    private final List<Gateway> gateways = new ArrayList<>();

    SharedLateVectorsTest(@TempDir Path folder) {
        assumeFalse(OpenSearchNode.shared().isEmpty(), "there is no OpenSearch node");
        this.folder = folder;
        this.config = TestSettings.with("gateway.retrieval.directory", folder.toString());
        this.uploads = new UploadedFiles(config, new LocalFileRepository(config));
    }

    /** One that has this model, whose vectors are all the same; none for 0 dimensions. */
    private final class Gateway {
        private final float[] vector;
        private final Ingestion ingestion;
        private final VectorStores stores;

        Gateway(String model, int dimensions) {
            vector = new float[dimensions];
            Arrays.fill(vector, 1);
            Vectors vectors = new Vectors(
                    (name, texts) -> Uni.createFrom()
                            .item(texts.stream().map(text -> vector).toList()),
                    model,
                    Duration.ofSeconds(10),
                    System::nanoTime);
            OpenSearchClient client = SharedRecords.client(OpenSearchNode.shared());
            ingestion = new Ingestion(uploads, vectors, config);
            stores = new VectorStores(
                    config,
                    uploads,
                    ingestion,
                    new LocalStoreRepository(config),
                    new SharedStoreRepository(
                            client,
                            new Indices(client, prefix),
                            IndexSettings.DEFAULT.with(VectorScale.of(model)),
                            Duration.ofSeconds(30),
                            System::nanoTime));
            gateways.add(this);
        }

        StoreFile status(String store, String file) {
            return stores.get(store).file(file);
        }

        Findings nearest(String store) throws IOException {
            return stores.store(store).passages().orElseThrow().search("zzz", vector, 5, Optional.empty());
        }

        /** As a search of the store does, and then the look for files that lack vectors. */
        void makeUpFor(String store, String file) throws IOException {
            assertEquals(0, nearest(store).vectors());
            assertFalse(status(store, file).wordsOnly());
            new MissingVectors().note(stores.store(store), vector.length);
            assertTrue(status(store, file).wordsOnly());
            ingestion.submitLate(stores.store(store), file);
            await().until(() -> !status(store, file).wordsOnly());
            Findings found = nearest(store);
            assertEquals(1, found.vectors());
            assertEquals(
                    List.of(file + "#0"),
                    found.hits().stream().map(hit -> hit.passage().id()).toList());
        }
    }

    @AfterEach
    void stop() throws IOException, InterruptedException {
        for (Gateway gateway : gateways) {
            gateway.ingestion.stop(new ShutdownEvent());
            gateway.stores.stop(new ShutdownEvent());
        }
    }

    @Test
    void filesGetTheVectorsOfWhicheverModelThereIs() throws IOException {
        Gateway none = new Gateway("", 0);
        String store = none.stores.create("birds", 0, Map.of()).id();
        Path content = Files.writeString(folder.resolve("note.txt"), "The heron waits.");
        String file = uploads.add(content, "note.txt", "assistants").id();
        none.stores.add(store, List.of(new VectorStores.Addition(file, Map.of(), 0, 0)));
        await().until(() -> none.status(store, file).status() == Status.COMPLETED);
        new Gateway("small", 2).makeUpFor(store, file);
        new Gateway("large", 3).makeUpFor(store, file);
        new Gateway("large", 4).makeUpFor(store, file);
    }
}
