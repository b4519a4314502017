package dev.foundrygateway.retrieval.store;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.foundrygateway.retrieval.index.IndexSettings;
import dev.foundrygateway.retrieval.index.Passage;
import dev.foundrygateway.retrieval.store.StoreFile.Status;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A store is looked at once for each of its changes, and no search waits for it. */
class MissingVectorsTest {
    @TempDir
    private Path folder = Path.of("");

    private final AtomicInteger looks = new AtomicInteger();
    private final AtomicInteger changes = new AtomicInteger();
    private final CountDownLatch go = new CountDownLatch(1);
    private final MissingVectors missing = new MissingVectors();

    @Test
    void aStoreIsLookedAtOnceUntilItChanges() throws Exception {
        StoreRecord record = new StoreRecord(
                "vs_1", "a", 1, 1, 0, Map.of(), Map.of("file-1", file("file-1", Status.FAILED)), Map.of());
        try (LocalStore real = LocalStore.create(
                folder.resolve("a"), Optional.empty(), IndexSettings.DEFAULT, record, (same, why) -> {})) {
            for (String file : List.of("file-1", "file-2")) {
                real.passages()
                        .orElseThrow()
                        .replace(file, List.of(new Passage("p", file, 0, "a", "", "The heron waits.", "")), List.of());
            }
            real.passages().orElseThrow().commit();
            VectorStore store = counted(real);
            for (int i = 0; i < 3; i++) {
                missing.later(store, real.record(), 2);
            }
            go.countDown();
            await().until(() -> looks.get() > 0);
            pass(store, real);
            assertEquals(1, looks.get(), "searches that come together look once");
            assertEquals(0, changes.get(), "what failed lacks nothing");
            real.usedAt(7);
            pass(store, real);
            assertEquals(1, looks.get(), "a search is no change");
            real.change(now -> now.with(file("file-2", Status.COMPLETED)));
            pass(store, real);
            assertEquals(2, looks.get());
            assertEquals(1, changes.get());
            assertTrue(real.record().file("file-2").wordsOnly());
            assertFalse(real.record().file("file-1").wordsOnly());
            pass(store, real);
            pass(store, real);
            assertEquals(1, changes.get(), "it is noted");
        }
    }

    /** A search that lacks vectors, and what comes of it. */
    private void pass(VectorStore store, VectorStore real) {
        await().until(() -> !missing.isUnderWay());
        missing.later(store, real.record(), 2);
        await().until(() -> !missing.isUnderWay());
    }

    private static StoreFile file(String id, Status status) {
        return new StoreFile(id, "a.txt", 1, status, Map.of(), 300, 0, 9, "", false, "");
    }

    private VectorStore counted(VectorStore real) {
        return (VectorStore) Proxy.newProxyInstance(
                VectorStore.class.getClassLoader(), new Class<?>[] {VectorStore.class}, (proxy, method, arguments) -> {
                    switch (method.getName()) {
                        case "passages" -> {
                            go.await();
                            looks.incrementAndGet();
                        }
                        case "change" -> changes.incrementAndGet();
                        default -> {}
                    }
                    return method.invoke(real, arguments);
                });
    }
}
