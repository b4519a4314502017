package dev.foundrygateway.live;

import dev.foundrygateway.exchange.LineLog;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jboss.logging.Logger;

/**
 * What is remembered of exchanges, on disk: a line for each, written once a period by a thread of its own, so that an exchange costs a place in a queue and a
 * program that is killed loses one period at most. Bounded in bytes and in age: the oldest files are deleted. Thread-safe.
 */
final class RecordFiles implements LineLog.Owner {
    private static final Logger LOG = Logger.getLogger(RecordFiles.class);
    /** How much is deleted at once. */
    private static final int PARTS = 8;
    /** How many may wait for a disk that takes no more. */
    private static final int MOST_WAITING = 50_000;

    private final Path folder;
    private final String name;
    private final long mostBytes;
    private final Duration age;
    private final InstantSource clock;
    private final LineLog log;
    private final Queue<Line> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waits = new AtomicInteger();
    private String unwritten = "";
    private Instant looked = Instant.MIN;
    private boolean failed;
    private final AtomicLong periods = new AtomicLong();

    /** What becomes a line. */
    interface Line {
        /** As JSON; has {@code created_at}, in seconds since 1970. */
        JsonObject json();
    }

    /**
     * Files that may be there.
     *
     * @param mostBytes how large they are together
     * @param age how long a line is kept; on disk up to an eighth longer
     * @param every how often they are written
     */
    RecordFiles(Path folder, String name, long mostBytes, Duration age, Duration every, InstantSource clock) {
        this.folder = folder;
        this.name = name;
        this.mostBytes = mostBytes;
        this.age = age;
        this.clock = clock;
        LineLog.Bounds bounds = new LineLog.Bounds(Math.max(1, mostBytes / PARTS), age.dividedBy(PARTS), every);
        this.log = new LineLog(folder, name, bounds, clock, this);
    }

    /** Reads the last lines, the oldest of them first, and is ready for more. To be called once. */
    List<JsonObject> start(int most) {
        List<JsonObject> lines = new ArrayList<>();
        try {
            List<Integer> numbers = new ArrayList<>(log.numbers());
            Collections.reverse(numbers);
            for (int n : numbers) {
                if (lines.size() < most) {
                    List<JsonObject> older = read(log.file(n));
                    older.addAll(lines);
                    lines = older;
                }
            }
        } catch (IOException e) {
            failed(e);
        }
        log.start(1);
        return lines.subList(Math.max(0, lines.size() - most), lines.size());
    }

    private List<JsonObject> read(Path file) throws IOException {
        double first = (clock.instant().toEpochMilli() - age.toMillis()) / 1e3;
        List<JsonObject> lines = new ArrayList<>();
        LineLog.read(file, "record", line -> {
            JsonObject json = new JsonObject(line);
            if (json.getDouble("created_at") >= first) {
                lines.add(json);
            }
        });
        return lines;
    }

    /** Has it written within a period; one too many for a disk that takes nothing is forgotten. */
    void add(Line line) {
        if (waits.incrementAndGet() > MOST_WAITING) {
            waits.decrementAndGet();
            return;
        }
        waiting.add(line);
    }

    @Override
    public void tick() throws IOException {
        if (unwritten.isEmpty()) {
            StringBuilder text = new StringBuilder();
            for (Line line = waiting.poll(); line != null; line = waiting.poll()) {
                waits.decrementAndGet();
                text.append(text.length() == 0 ? "" : "\n").append(line.json().encode());
            }
            unwritten = text.toString();
        }
        if (!unwritten.isEmpty()) {
            log.add(unwritten);
            unwritten = "";
            if (failed) {
                LOG.infof("%s-*.jsonl in %s are written again", name, folder);
            }
            failed = false;
        }
        periods.incrementAndGet();
        Instant now = clock.instant();
        if (looked.isBefore(now.minus(age.dividedBy(PARTS)))) {
            looked = now;
            tidy();
        }
    }

    @Override
    public void rolled(int first) throws IOException {
        tidy();
    }

    /** Deletes what is too old or too much; never the newest file, which is written to. */
    private void tidy() throws IOException {
        List<Integer> numbers = log.numbers();
        Instant first = clock.instant().minus(age);
        long bytes = 0;
        for (int i = numbers.size() - 1; i >= 0; i--) {
            Path file = log.file(numbers.get(i));
            bytes += Files.size(file);
            boolean old = Files.getLastModifiedTime(file).toInstant().isBefore(first);
            if (i < numbers.size() - 1 && (bytes > mostBytes || old)) {
                Files.deleteIfExists(file);
            }
        }
    }

    /** How many periods are over in which all was written: for tests. */
    long periods() {
        return periods.get();
    }

    /** Writes and forces what is left, and ends. */
    void close() {
        log.close();
    }

    @Override
    public void failed(Throwable cause) {
        if (!failed) {
            LOG.warnf(
                    "%s-*.jsonl in %s can't be written or read (%s): records are in memory alone until they can; free the disk, or set gateway.records.directory",
                    name, folder, cause);
        }
        failed = true;
    }
}
