package dev.foundrygateway.live;

import dev.foundrygateway.exchange.LineLog;
import dev.foundrygateway.exchange.Troubles;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jboss.logging.Logger;

/**
 * What is remembered of exchanges, on disk: a line for each, written once a period by a thread of its own, so that an exchange costs a place in a queue and a
 * program that is killed loses one period at most. Bounded in bytes and in age: the oldest files are deleted. Thread-safe.
 */
final class RecordFiles implements LineLog.Owner {
    private static final Logger LOG = Logger.getLogger(RecordFiles.class);
    /** How many files the bytes are divided among at least: one is deleted at once. */
    private static final int PARTS = 8;
    /** How large one gets at most: it is read at the start. */
    private static final long MOST_BYTES = 16 << 20;
    /** Into how many parts the age is divided: a file is begun, and looked for one that is too old, as often. */
    private static final int LOOKS = 32;
    /** How many characters may wait for a disk that takes no more. */
    private static final long MOST_WAITING = 8 << 20;
    /** How many are written at once. */
    private static final int BATCH = 1 << 20;

    private final Path folder;
    private final String name;
    private final long mostBytes;
    private final long fileBytes;
    private final Duration age;
    private final InstantSource clock;
    private final LineLog log;
    private final Queue<Line> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicLong waits = new AtomicLong();
    private String unwritten = "";
    private Instant looked = Instant.MIN;
    private final Troubles.Passing unwritable;
    private final AtomicLong periods = new AtomicLong();

    /** What becomes a line. */
    interface Line {
        /** As JSON; has {@code created_at}, in seconds since 1970. */
        JsonObject json();

        /** About how many characters it keeps in memory. */
        default long characters() {
            return 500;
        }
    }

    /**
     * Files that may be there.
     *
     * @param mostBytes how large they are together
     * @param age how long a line is kept; on disk up to an eighth longer
     * @param every how often they are written
     */
    RecordFiles(
            Path folder,
            String name,
            long mostBytes,
            Duration age,
            Duration every,
            InstantSource clock,
            Troubles troubles) {
        this.unwritable = troubles.passing(LOG, "records: " + name);
        this.folder = folder;
        this.name = name;
        this.mostBytes = mostBytes;
        this.age = age;
        this.clock = clock;
        this.fileBytes = Math.max(1, Math.min(MOST_BYTES, mostBytes / PARTS));
        this.log = new LineLog(folder, name, new LineLog.Bounds(fileBytes, age.dividedBy(LOOKS), every), clock, this);
    }

    /**
     * Reads the last lines, the oldest of them first, and is ready for more. To be called once.
     *
     * @param most how many
     * @param mostCharacters how many characters they have together
     * @param of reads one again
     */
    <T extends Line> List<T> start(int most, long mostCharacters, Function<JsonObject, T> of) {
        Deque<T> lines = new ArrayDeque<>();
        try {
            readLast(lines, most, mostCharacters, of);
        } catch (IOException e) {
            failed(e);
        }
        log.start(1);
        return List.copyOf(lines);
    }

    private <T extends Line> void readLast(Deque<T> lines, int most, long mostCharacters, Function<JsonObject, T> of)
            throws IOException {
        List<Integer> numbers = log.numbers();
        long characters = 0;
        for (int i = numbers.size() - 1; i >= 0 && lines.size() < most; i--) {
            Iterator<T> newest =
                    read(log.file(numbers.get(i)), most - lines.size(), of).descendingIterator();
            while (newest.hasNext()) {
                T line = newest.next();
                characters += line.characters();
                if (characters > mostCharacters) {
                    return;
                }
                lines.addFirst(line);
            }
        }
    }

    private <T extends Line> Deque<T> read(Path file, int most, Function<JsonObject, T> of) throws IOException {
        double first = clock.instant().minus(age).toEpochMilli() / 1e3;
        Deque<T> lines = new ArrayDeque<>();
        LineLog.read(file, "record", text -> {
            JsonObject json = new JsonObject(text);
            if (json.getDouble("created_at") >= first) {
                lines.addLast(of.apply(json));
                if (lines.size() > most) {
                    lines.removeFirst();
                }
            }
        });
        return lines;
    }

    /** Has it written within a period; one too many for a disk that takes nothing is forgotten. */
    void add(Line line) {
        if (waits.addAndGet(line.characters()) > MOST_WAITING) {
            waits.addAndGet(-line.characters());
            return;
        }
        waiting.add(line);
    }

    @Override
    public void tick() throws IOException {
        for (String text = batch(); !text.isEmpty(); text = batch()) {
            log.add(text);
            unwritten = "";
            unwritable.over(name + "-*.jsonl in " + folder + " can be written again");
        }
        periods.incrementAndGet();
        Instant now = clock.instant();
        if (looked.isBefore(now.minus(age.dividedBy(LOOKS)))) {
            looked = now;
            tidy();
        }
    }

    /** What is to be written next: what could not be, or of what waits as much as is written at once. */
    private String batch() {
        if (unwritten.isEmpty()) {
            StringBuilder text = new StringBuilder();
            for (Line line = waiting.poll(); line != null; line = text.length() < BATCH ? waiting.poll() : null) {
                waits.addAndGet(-line.characters());
                text.append(text.length() == 0 ? "" : "\n").append(line.json().encode());
            }
            unwritten = text.toString();
        }
        return unwritten;
    }

    @Override
    public void rolled(int first) throws IOException {
        tidy();
    }

    /** Deletes what is too old or too much; never the file that is written to, which may still grow. */
    private void tidy() throws IOException {
        List<Integer> numbers = log.numbers();
        Instant first = clock.instant().minus(age);
        long bytes = fileBytes;
        for (int i = numbers.size() - 1; i >= 0; i--) {
            Path file = log.file(numbers.get(i));
            if (!log.adds(numbers.get(i))) {
                bytes += Files.size(file);
                if (bytes > mostBytes
                        || Files.getLastModifiedTime(file).toInstant().isBefore(first)) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }

    /** Deletes all of them, where there are to be none. To be called instead of {@link #start}. */
    void delete() {
        try {
            for (int n : log.numbers()) {
                Files.deleteIfExists(log.file(n));
            }
        } catch (IOException e) {
            LOG.warnf("%s-*.jsonl in %s can't be deleted (%s): delete them by hand", name, folder, e);
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
        unwritable.began(
                name + "-*.jsonl in " + folder
                        + " can't be written or read: records are kept in memory only until this works again; free disk space, or set gateway.records.directory",
                cause);
    }
}
