package dev.foundrygateway.retrieval.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.exchange.SafeFiles;
import dev.foundrygateway.openai.ErrorCode;
import dev.foundrygateway.retrieval.RetrievalConfig;
import dev.foundrygateway.retrieval.TestSettings;
import dev.foundrygateway.retrieval.index.Vectors;
import io.quarkus.runtime.ShutdownEvent;
import io.smallrye.mutiny.Uni;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a full disk, each way to take a file out of a store has the room that is kept for writing that down. */
class FullDiskTest {
    @TempDir
    private Path temporary = Path.of("");

    /** Stores of a folder in which a failure's message says that it is full. */
    private final class Gateway implements AutoCloseable {
        private final Path folder = temporary.resolve("No space left");
        private final UploadedFiles uploads;
        private final Ingestion ingestion;
        private final VectorStores stores;
        private final VectorStore store;
        private final Path inTheWay;

        Gateway() throws IOException {
            RetrievalConfig config = TestSettings.with("gateway.retrieval.directory", folder.toString());
            LocalFileRepository files = new LocalFileRepository(config) {
                @Override
                public void makeRoom(Collection<String> ids) throws IOException {
                    super.makeRoom(ids);
                    SafeFiles.deleteFolder(Gateway.this.inTheWay);
                }
            };
            uploads = new UploadedFiles(config, files);
            Vectors none =
                    new Vectors((model, texts) -> Uni.createFrom().item(List.of()), "", Duration.ofSeconds(2), () -> 0);
            ingestion = new Ingestion(uploads, none, config);
            LocalStoreRepository local = new LocalStoreRepository(config);
            stores = new VectorStores(config, uploads, ingestion, local, local);
            store = stores.store(stores.create("", 0, Map.of()).id());
            inTheWay = folder.resolve("stores/" + store.record().id() + "/store.log");
        }

        /** A file of more bytes than are packed, in the store. */
        String file() throws IOException {
            Path content = Files.write(temporary.resolve("a"), new byte[(int) PackedFiles.MOST_BYTES + 1]);
            String id = uploads.add(content, "a.txt", "assistants").id();
            store.change(record -> record.with(List.of(
                    new StoreFile(id, "a.txt", 1, StoreFile.Status.COMPLETED, Map.of(), 300, 0, 0, "", false, ""))));
            return id;
        }

        /** From now on a change fails, until room is made. */
        void fill() throws IOException {
            Files.delete(inTheWay);
            Files.createDirectory(inTheWay);
        }

        boolean isThere(String what) {
            return Files.exists(folder.resolve(what));
        }

        Set<String> kept() {
            return store.record().files().keySet();
        }

        @Override
        public void close() throws IOException {
            try {
                ingestion.stop(new ShutdownEvent());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            stores.stop(new ShutdownEvent());
        }
    }

    @Test
    void aFileThatStaysKeepsItsContent() throws Exception {
        try (Gateway gateway = new Gateway()) {
            String file = gateway.file();
            gateway.fill();
            GatewayException full = assertThrows(
                    GatewayException.class,
                    () -> gateway.stores.describe(gateway.store.record().id(), same -> same));
            assertEquals(ErrorCode.INSUFFICIENT_STORAGE, full.code());
            assertTrue(gateway.isThere("spare-room"), "not for what deletes nothing");
            gateway.stores.remove(gateway.store.record().id(), file);
            assertEquals(Set.of(), gateway.kept());
            assertFalse(gateway.isThere("spare-room"));
            assertTrue(gateway.isThere("files/" + file));
        }
    }

    @Test
    void oneThatHasExpiredOrIsDeletedMakesRoom() throws Exception {
        try (Gateway gateway = new Gateway()) {
            String expired = gateway.file();
            String other = gateway.file();
            gateway.fill();
            gateway.stores.removeThere(gateway.store, List.of(expired));
            assertEquals(Set.of(other), gateway.kept());
            assertFalse(gateway.isThere("files/" + expired));
            gateway.fill();
            gateway.stores.removeEverywhere(other);
            assertEquals(Set.of(), gateway.kept());
            assertFalse(gateway.isThere("files/" + other));
        }
    }
}
