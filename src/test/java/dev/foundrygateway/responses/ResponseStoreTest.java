package dev.foundrygateway.responses;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.foundrygateway.exchange.Caller;
import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.exchange.KeptRecords;
import dev.foundrygateway.exchange.Troubles;
import dev.foundrygateway.exchange.Trust;
import dev.foundrygateway.openai.ErrorCode;
import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is kept, for whom, how much of it and how long. */
class ResponseStoreTest {
    private static final Vertx VERTX = Vertx.vertx();
    private static final Caller ANN = new Caller("r", "ann", Trust.PROGRAM);
    private static final Caller BOB = new Caller("r", "bob", Trust.PROGRAM);
    private static final Caller ANYBODY = Caller.program("r");

    private final Troubles troubles = new Troubles();

    @TempDir
    Path folder;

    private Optional<KeptRecords> shared = Optional.empty();
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");

    private final Clock clock = new Clock() {
        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    };

    @AfterAll
    static void close() {
        VERTX.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void aResponseIsThereAtOnceAndAfterARestart() throws IOException {
        ResponseStore store = store(10, 10_000);
        String id = keep(store, ANN, "{\"a\":\"\u00fc\"}");
        assertEquals(Optional.of("{\"a\":\"\u00fc\"}"), find(store, id, ANN));
        written(1);
        assertEquals(Optional.of("{\"a\":\"\u00fc\"}"), find(store, id, ANN));
        Files.writeString(folder.resolve(id + ".next"), "half a write");
        ResponseStore next = store(10, 10_000);
        assertEquals(Optional.of("{\"a\":\"\u00fc\"}"), find(next, id, ANN));
        assertEquals(List.of(id), files());
    }

    @Test
    void itIsItsOwnersAloneAndEverybodysWithoutKeys() {
        ResponseStore store = store(10, 10_000);
        String anns = keep(store, ANN, "1");
        String nobodys = keep(store, ANYBODY, "2");
        assertEquals(Optional.empty(), find(store, anns, BOB));
        assertFalse(delete(store, anns, BOB));
        assertEquals(Optional.of("1"), find(store, anns, ANYBODY));
        assertEquals(Optional.of("2"), find(store, nobodys, BOB));
        written(2);
        assertEquals(Optional.empty(), find(store, anns, BOB));
        assertTrue(delete(store, anns, ANN));
        assertFalse(delete(store, anns, ANN));
        written(1);
    }

    @Test
    void theOldestGoFirstByCountAndBySize() {
        ResponseStore store = store(3, 40);
        String first = keep(store, ANN, "1");
        String second = keep(store, ANN, "2");
        keep(store, ANN, "3");
        keep(store, ANN, "4");
        assertEquals(Optional.empty(), find(store, first, ANN));
        assertEquals(Optional.of("2"), find(store, second, ANN));
        String large = keep(store, ANN, "5".repeat(30));
        assertEquals(Optional.of("5".repeat(30)), find(store, large, ANN));
        assertEquals(Optional.empty(), find(store, second, ANN));
        String tooLarge = keep(store, ANN, "6".repeat(41));
        assertEquals(Optional.empty(), find(store, tooLarge, ANN));
        assertEquals(Optional.of("5".repeat(30)), find(store, large, ANN), "which pushes nothing out");
        written(2);
    }

    @Test
    void whatIsOldExpires() {
        ResponseStore store = store(10, 10_000);
        String old = keep(store, ANN, "1");
        now = now.plus(Duration.ofDays(29));
        String young = keep(store, ANN, "2");
        assertEquals(Optional.of("1"), find(store, old, ANN));
        now = now.plus(Duration.ofDays(2));
        assertEquals(Optional.empty(), find(store, old, ANN));
        assertEquals(Optional.of("2"), find(store, young, ANN));
        written(1);
        assertFalse(store(0, 10).keeps());
    }

    @Test
    void whatCantBePutInItsPlaceStaysInMemory() throws IOException {
        ResponseStore store = store(10, 10_000);
        String id = store.newId();
        // A folder with something in it stands where the file belongs.
        Files.createDirectories(folder.resolve(id).resolve("full"));
        store.keep(id, ANN, Buffer.buffer("1"));
        for (int i = 0; i < 20; i++) {
            assertEquals(Optional.of("1"), find(store, id, ANN));
            pause();
        }
        await().until(() -> !troubles.all().isEmpty());
        assertEquals(
                List.of("stored responses can't be written to " + folder
                        + ": new ones are lost at the next start; free the disk, or set gateway.responses.directory"),
                troubles.all());
        written(1);
        store.keep(store.newId(), ANN, Buffer.buffer("2"));
        await().until(() -> troubles.all().isEmpty());
    }

    private static void pause() {
        await().pollDelay(Duration.ofMillis(10)).until(() -> true);
    }

    @Test
    void aChangeThatIsTooLargeIsRefusedAndNothingIsLost() {
        ResponseStore store = store(10, 40);
        String id = keep(store, ANN, "1");
        Uni<Optional<Buffer>> change = store.change(id, ANN, old -> Buffer.buffer("2".repeat(40)));
        GatewayException refused =
                assertThrows(GatewayException.class, () -> change.await().indefinitely());
        assertEquals(ErrorCode.INVALID_REQUEST, refused.code());
        assertTrue(String.valueOf(refused.getMessage()).contains("gateway.responses.max-size"), refused.toString());
        assertEquals(Optional.of("1"), find(store, id, ANN));
        written(1);
    }

    @Test
    void whatIsSharedIsEverywhereAtOnceAndNoChangeIsLost() throws IOException {
        SharedMap records = new SharedMap();
        shared = Optional.of(records);
        ResponseStore one = store(10, 10_000);
        ResponseStore other = store(10, 10_000);
        String id = keep(one, ANN, "1");
        assertEquals(Optional.of("1"), find(one, id, ANN), "who reads waits for the write");
        assertEquals(Optional.of("1"), find(other, id, ANN));
        assertEquals(Optional.empty(), find(other, id, BOB));
        List<Uni<Optional<Buffer>>> changes = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            for (ResponseStore store : List.of(one, other)) {
                changes.add(store.change(id, ANN, now -> Buffer.buffer(now + "x")));
            }
        }
        Uni.join().all(changes).andFailFast().await().indefinitely();
        assertEquals(Optional.of("1" + "x".repeat(10)), find(other, id, ANN));
        assertTrue(delete(other, id, ANN));
        assertEquals(Optional.empty(), find(one, id, ANN));
        String old = keep(one, ANN, "2");
        assertEquals(Optional.of("2"), find(one, old, ANN));
        assertEquals(2, records.trimmed.get(), "once a minute by each");
        now = now.plus(Duration.ofDays(31));
        assertEquals(Optional.empty(), find(other, old, ANN));
        keep(one, ANN, "3");
        await().until(() -> records.trimmed.get() == 3);
        assertEquals(List.of(), files());
    }

    /** As another process would see it. */
    private static final class SharedMap implements KeptRecords {
        private final Map<String, Found> all = new HashMap<>();
        private final AtomicInteger trimmed = new AtomicInteger();
        private int version;

        @Override
        public synchronized Optional<Found> get(String id) {
            return Optional.ofNullable(all.get(id));
        }

        @Override
        public synchronized boolean put(String id, Entry entry, Optional<String> wanted) {
            boolean may = wanted.isEmpty() || get(id).map(Found::version).equals(wanted);
            if (may) {
                all.put(id, new Found(entry, "v" + version++));
            }
            return may;
        }

        @Override
        public synchronized void delete(String id) {
            all.remove(id);
        }

        @Override
        public void trim(long oldest, int most, long bytes) {
            assertEquals("10 10000", most + " " + bytes);
            trimmed.incrementAndGet();
        }
    }

    private ResponseStore store(int count, long bytes) {
        ResponseStore store = new ResponseStore(
                VERTX,
                new ResponsesConfig() {
                    @Override
                    public Path directory() {
                        return folder;
                    }

                    @Override
                    public int maxCount() {
                        return count;
                    }

                    @Override
                    public MemorySize maxSize() {
                        return new MemorySize(BigInteger.valueOf(bytes));
                    }

                    @Override
                    public Duration keep() {
                        return Duration.ofDays(30);
                    }
                },
                () -> shared,
                clock,
                troubles);
        store.open();
        return store;
    }

    private String keep(ResponseStore store, Caller owner, String record) {
        now = now.plusMillis(1);
        String id = store.newId();
        assertTrue(ResponseIds.ours(id), id);
        assertEquals(now.toEpochMilli(), ResponseIds.millis(id));
        store.keep(id, owner, Buffer.buffer(record));
        return id;
    }

    private static Optional<String> find(ResponseStore store, String id, Caller caller) {
        return store.find(id, caller).await().indefinitely().map(Buffer::toString);
    }

    private static boolean delete(ResponseStore store, String id, Caller caller) {
        return store.delete(id, caller).await().indefinitely();
    }

    private void written(int files) {
        await().atMost(Duration.ofSeconds(30))
                .until(() -> files().size() == files && files().stream().noneMatch(name -> name.endsWith(".next")));
    }

    private List<String> files() throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
