package dev.foundrygateway.ledger;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The account on disk: a line for each exchange that has ended, written by who ends it, some microseconds into the system's memory, so that a program that is
 * killed loses only what was under way; once a second it is forced to the disk. When a file has grown the next one is begun, and {@code usage-N.sums}, with one line
 * for each day, key and model, takes the place of all files before {@code usage-N.jsonl}. Thread-safe, without locks where lines are added.
 */
final class LedgerFiles {
    private static final Logger LOG = Logger.getLogger(LedgerFiles.class);
    private static final Pattern NAME = Pattern.compile("usage-(\\d{1,9})\\.(jsonl|sums)");

    private final Path folder;
    private final long mostBytes;
    private final Duration every;
    private final Map<UsageRow.Cell, UsageRow> unsaved = new ConcurrentHashMap<>();
    private final ScheduledExecutorService background;
    private volatile @Nullable Log current;
    private volatile boolean failed;
    private int number = 1;
    private LocalDate oldest = LocalDate.MIN;

    /** The file that lines are added to: each takes its place, then writes there. */
    private static final class Log {
        private final FileChannel channel;
        private final AtomicLong end = new AtomicLong();
        private final AtomicInteger writing = new AtomicInteger();
        private long forced;

        Log(FileChannel channel) {
            this.channel = channel;
        }

        /** Whether it was still the one to write to. */
        boolean add(byte[] line, LedgerFiles to) throws IOException {
            writing.incrementAndGet();
            try {
                if (to.current != this) {
                    return false;
                }
                ByteBuffer bytes = ByteBuffer.wrap(line);
                long at = end.getAndAdd(line.length);
                while (bytes.hasRemaining()) {
                    at += channel.write(bytes, at);
                }
                return true;
            } finally {
                writing.decrementAndGet();
            }
        }
    }

    /**
     * Files that may be there.
     *
     * @param mostBytes how large one grows before the next is begun
     * @param every how often they are forced to the disk and looked after
     */
    LedgerFiles(Path folder, long mostBytes, Duration every) {
        this.folder = folder;
        this.mostBytes = mostBytes;
        this.every = every;
        this.background = Executors.newSingleThreadScheduledExecutor(work -> {
            Thread thread = new Thread(work, "usage ledger");
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Reads what is there and is ready for more; a line that is torn or is none is left out. To be called once. */
    List<UsageRow> start(LocalDate first) throws IOException {
        oldest = first;
        Map<UsageRow.Cell, UsageRow> sums = new HashMap<>();
        try {
            if (Files.isDirectory(folder)) {
                int from = sums().orElse(0);
                for (int n : numbers("jsonl")) {
                    number = Math.max(number, n + 1);
                    if (n >= from) {
                        read(log(n), sums);
                    }
                }
                if (from > 0) {
                    read(sums(from), sums);
                    number = Math.max(number, from);
                }
            }
        } finally {
            Future<?> unused = background.scheduleWithFixedDelay(
                    this::tend, every.toMillis(), every.toMillis(), TimeUnit.MILLISECONDS);
        }
        return new ArrayList<>(sums.values());
    }

    /** Adds a line; it is in the system's hands when this returns. */
    void add(UsageRow row) {
        if (failed) {
            unsaved.merge(row.cell(), row, UsageRow::plus);
            return;
        }
        try {
            write(row);
        } catch (IOException e) {
            failed(e);
            unsaved.merge(row.cell(), row, UsageRow::plus);
        }
    }

    private void write(UsageRow row) throws IOException {
        // A line's own beginning: one before it may have been torn.
        byte[] line = ('\n' + row.line() + '\n').getBytes(StandardCharsets.UTF_8);
        while (true) {
            Log log = current;
            if ((log == null ? begin() : log).add(line, this)) {
                return;
            }
        }
    }

    private synchronized Log begin() throws IOException {
        Log log = current;
        if (log == null) {
            Files.createDirectories(folder);
            log = next();
            current = log;
        }
        return log;
    }

    private Log next() throws IOException {
        FileChannel channel = FileChannel.open(log(number++), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        return new Log(channel);
    }

    /** What is to be done beside writing. */
    private void tend() {
        try {
            Log log = current;
            if (log != null && !log.channel.isOpen()) {
                // Whoever is interrupted while it writes closes the file for all.
                current = next();
            } else if (log != null) {
                long end = log.end.get();
                if (end > log.forced) {
                    log.channel.force(false);
                    log.forced = end;
                }
                if (end > mostBytes) {
                    roll(log);
                }
            }
            if (!unsaved.isEmpty()) {
                again();
            }
        } catch (IOException | RuntimeException e) {
            failed(e);
        }
    }

    private void again() throws IOException {
        for (UsageRow.Cell cell : List.copyOf(unsaved.keySet())) {
            UsageRow row = unsaved.remove(cell);
            if (row != null) {
                try {
                    write(row);
                } catch (IOException e) {
                    unsaved.merge(cell, row, UsageRow::plus);
                    throw e;
                }
            }
        }
        failed = false;
        LOG.infof("the account of usage in %s is written again", folder);
    }

    /** Begins the next file, and writes the sums of all before it. */
    private void roll(Log full) throws IOException {
        int first = number;
        current = next();
        while (full.writing.get() > 0) {
            Thread.onSpinWait();
        }
        full.channel.close();
        Map<UsageRow.Cell, UsageRow> all = new HashMap<>();
        int from = sums().orElse(0);
        if (from > 0) {
            read(sums(from), all);
        }
        for (int n : numbers("jsonl")) {
            if (n >= from && n < first) {
                read(log(n), all);
            }
        }
        StringBuilder text = new StringBuilder();
        all.values().forEach(row -> text.append(row.line()).append('\n'));
        Path next = folder.resolve("usage.next");
        Files.writeString(next, text);
        try (FileChannel channel = FileChannel.open(next, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        Files.move(next, sums(first), StandardCopyOption.ATOMIC_MOVE);
        // From here on those before it are not read any more.
        for (int n : numbers("jsonl")) {
            if (n < first) {
                Files.deleteIfExists(log(n));
            }
        }
        for (int n : numbers("sums")) {
            if (n < first) {
                Files.deleteIfExists(sums(n));
            }
        }
    }

    /** Forces what was written, and ends. */
    void close() {
        background.shutdown();
        try {
            if (!background.awaitTermination(5, TimeUnit.SECONDS)) {
                LOG.debugf("the account of usage in %s is still being written", folder);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        tend();
    }

    private void read(Path path, Map<UsageRow.Cell, UsageRow> sums) throws IOException {
        int line = 0;
        // Not strictly decoded: a disk that was cut off may have left anything.
        for (String text : new String(Files.readAllBytes(path), StandardCharsets.UTF_8)
                .lines()
                .toList()) {
            line++;
            // A place that was taken and not written to may be before it: what stands before that hole is torn.
            String whole = text.substring(text.lastIndexOf('\0') + 1).strip();
            try {
                if (!whole.isEmpty()) {
                    UsageRow row = UsageRow.of(whole);
                    if (!row.day().isBefore(oldest)) {
                        sums.merge(row.cell(), row, UsageRow::plus);
                    }
                }
            } catch (RuntimeException torn) {
                LOG.warnf("%s: line %d is no account of usage and is left out", path, line);
            }
        }
    }

    private Path log(int n) {
        return folder.resolve("usage-" + n + ".jsonl");
    }

    private Path sums(int n) {
        return folder.resolve("usage-" + n + ".sums");
    }

    /** The number of the newest sums. */
    private OptionalInt sums() throws IOException {
        return numbers("sums").stream().mapToInt(Integer::intValue).max();
    }

    private List<Integer> numbers(String kind) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> NAME.matcher(file.getFileName().toString()))
                    .filter(Matcher::matches)
                    .filter(name -> name.group(2).equals(kind))
                    .map(name -> Integer.valueOf(name.group(1)))
                    .sorted()
                    .toList();
        }
    }

    private void failed(Exception cause) {
        if (!failed) {
            LOG.warnf(
                    "the account of usage can't be written to %s (%s): it is kept in memory until it can; free the disk, or set gateway.usage.directory",
                    folder, cause);
        }
        failed = true;
    }
}
