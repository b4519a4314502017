package dev.foundrygateway.retrieval.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.foundrygateway.exchange.Caller;
import dev.foundrygateway.exchange.RetrievalObserver;
import dev.foundrygateway.retrieval.Deadline;
import dev.foundrygateway.retrieval.RetrievalConfig;
import dev.foundrygateway.retrieval.TestSettings;
import dev.foundrygateway.retrieval.index.IndexSettings;
import dev.foundrygateway.retrieval.index.Passage;
import dev.foundrygateway.retrieval.index.Question;
import dev.foundrygateway.retrieval.index.Vectors;
import dev.foundrygateway.retrieval.store.StoreFile.Status;
import io.quarkus.runtime.ShutdownEvent;
import io.smallrye.mutiny.Uni;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a search asks of a store whose record is another machine's. */
class StoreSearchTest {
    @TempDir
    private Path folder = Path.of("");

    @Test
    void aRecordIsReadForItsCallerAndOnceMore() throws Exception {
        RetrievalConfig config = TestSettings.with("gateway.retrieval.directory", folder.toString());
        StoreFile file = new StoreFile("file-1", "a.txt", 1, Status.COMPLETED, Map.of(), 300, 0, 9, "", false, "");
        StoreRecord record =
                new StoreRecord("vs_1", "a", 1, 1, 0, Map.of(), Map.of("file-1", file), Map.of()).shared(true);
        AtomicInteger reads = new AtomicInteger();
        Vectors none =
                new Vectors((model, texts) -> Uni.createFrom().item(List.of()), "", Duration.ofSeconds(2), () -> 0);
        UploadedFiles uploads = new UploadedFiles(config, new LocalFileRepository(config));
        Ingestion ingestion = new Ingestion(uploads, none, config);
        try (LocalStore store = LocalStore.create(
                folder.resolve("a"), Optional.empty(), IndexSettings.DEFAULT, record, (same, why) -> {})) {
            store.passages()
                    .orElseThrow()
                    .replace(
                            "file-1",
                            List.of(new Passage("p", "file-1", 0, "a.txt", "", "The heron waits.", "")),
                            List.of());
            store.passages().orElseThrow().commit();
            Object counted = proxy(VectorStore.class, store, reads);
            StoreRepository repository = (StoreRepository) Proxy.newProxyInstance(
                    StoreRepository.class.getClassLoader(),
                    new Class<?>[] {StoreRepository.class},
                    (proxy, method, arguments) -> Optional.of(counted));
            VectorStores stores =
                    new VectorStores(config, uploads, ingestion, new LocalStoreRepository(config), repository);
            assertEquals(
                    1,
                    new StoreSearch(stores, none, System::nanoTime, RetrievalObserver.NONE)
                            .search(
                                    List.of("vs_1"),
                                    Caller.program("test"),
                                    Question.of("heron"),
                                    5,
                                    Optional.empty(),
                                    0,
                                    new Deadline(System::nanoTime, Duration.ofMinutes(5)))
                            .hits()
                            .size());
            assertEquals(2, reads.get());
        } finally {
            ingestion.stop(new ShutdownEvent());
        }
    }

    /** Counts how often its record is read. */
    private static Object proxy(Class<?> type, Object real, AtomicInteger reads) {
        return Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
            reads.addAndGet(method.getName().equals("record") ? 1 : 0);
            return method.invoke(real, arguments);
        });
    }
}
