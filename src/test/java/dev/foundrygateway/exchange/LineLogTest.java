package dev.foundrygateway.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What happens to the lines when the disk takes none, a writer is interrupted, or its owner's own work fails. */
class LineLogTest {
    private static final LineLog.Bounds BOUNDS = new LineLog.Bounds(1 << 20, Duration.ofDays(1), Duration.ofMillis(5));

    private final AtomicInteger ticks = new AtomicInteger();
    private final AtomicInteger failures = new AtomicInteger();

    @TempDir
    private Path folder = Path.of("");

    @Test
    void aFullDiskLeavesNoHolesAndNoLineTwice() throws IOException {
        AtomicBoolean full = new AtomicBoolean(true);
        LineLog log = log((file, bytes, at) -> {
            if (full.get() && bytes.position() > 0) {
                throw new IOException("No space left on device");
            }
            // A full disk takes a part of it.
            ByteBuffer part = bytes.slice().limit(Math.min(3, bytes.remaining()));
            int taken = file.write(part, at);
            bytes.position(bytes.position() + taken);
            return taken;
        });
        for (int i = 0; i < 1_000; i++) {
            assertThrows(IOException.class, () -> log.add("first\nsecond"));
        }
        full.set(false);
        log.add("first\nsecond");
        log.add("third");
        log.close();
        assertEquals(List.of("first", "second", "third"), lines(log, 1));
        assertEquals("\nfirst\nsecond\n\nthird\n".length(), log.file(1).toFile().length());
    }

    @Test
    void aWriterThatIsInterruptedStopsNoOther() throws IOException {
        LineLog log = log(FileChannel::write);
        log.add("before");
        Thread.currentThread().interrupt();
        assertThrows(ClosedByInterruptException.class, () -> log.add("interrupted"));
        assertTrue(Thread.interrupted(), "it is still told");
        log.start(1);
        Awaitility.await().until(() -> log.adds(2));
        log.add("after");
        log.close();
        assertEquals(List.of("before"), lines(log, 1));
        assertEquals(List.of("after"), lines(log, 2));
    }

    @Test
    void anErrorOfItsOwnersDoesNotEndItsPeriods() {
        LineLog log = log(FileChannel::write);
        log.start(1);
        Awaitility.await().until(() -> ticks.get() > 2 && failures.get() == 1);
        log.close();
    }

    private LineLog log(LineLog.Disk disk) {
        LineLog.Owner owner = new LineLog.Owner() {
            @Override
            public void tick() {
                if (ticks.incrementAndGet() == 1) {
                    throw new OutOfMemoryError("for a moment");
                }
            }

            @Override
            public void rolled(int first) {
                // Nothing is summed up.
            }

            @Override
            public void failed(Throwable cause) {
                failures.incrementAndGet();
            }
        };
        return new LineLog(folder, "lines", BOUNDS, InstantSource.system(), owner, disk);
    }

    private static List<String> lines(LineLog log, int n) throws IOException {
        List<String> lines = new ArrayList<>();
        LineLog.read(log.file(n), "line", lines::add);
        return lines;
    }
}
