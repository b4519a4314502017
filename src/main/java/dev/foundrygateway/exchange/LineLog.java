package dev.foundrygateway.exchange;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Lines that are added to files, {@code NAME-1.jsonl} and so on. Who adds a line writes it, some microseconds into the system's memory, so that a program that is
 * killed loses nothing that was added; once a period it is forced to the disk. When a file has grown or is old the next one is begun. Thread-safe, without locks
 * where lines are added.
 */
public final class LineLog {
    private static final Logger LOG = Logger.getLogger(LineLog.class);

    private final Path folder;
    private final String name;
    private final Pattern pattern;
    private final Bounds bounds;
    private final InstantSource clock;
    private final Owner owner;
    private final Disk disk;
    private @Nullable ScheduledExecutorService background;
    private volatile @Nullable Part current;
    private int number = 1;

    /**
     * When a next file is begun.
     *
     * @param bytes how large one grows
     * @param age how old one gets
     * @param every the period
     */
    public record Bounds(long bytes, Duration age, Duration every) {}

    /** Whose lines they are. Called from one thread of the log's own. */
    public interface Owner {
        /** Each period, before what was written is forced to the disk. */
        default void tick() throws IOException {}

        /**
         * Another file has been begun, and those before it are complete.
         *
         * @param first its number
         */
        void rolled(int first) throws IOException;

        /** Something could not be written or read. */
        void failed(Throwable cause);
    }

    /** How bytes get to their place in a file. */
    @FunctionalInterface
    interface Disk {
        /** Returns how many of them are there. */
        int write(FileChannel file, ByteBuffer bytes, long at) throws IOException;
    }

    /** The file that lines are added to: each takes its place, then writes there. */
    private static final class Part {
        private final int number;
        private final FileChannel channel;
        private final Instant begun;
        private final AtomicLong end = new AtomicLong();
        private final AtomicInteger writing = new AtomicInteger();
        private long forced;

        Part(int number, FileChannel channel, Instant begun) {
            this.number = number;
            this.channel = channel;
            this.begun = begun;
        }

        /** Whether it was still the one to write to. */
        boolean add(byte[] lines, LineLog to) throws IOException {
            writing.incrementAndGet();
            try {
                if (to.current != this) {
                    return false;
                }
                ByteBuffer bytes = ByteBuffer.wrap(lines);
                long place = end.getAndAdd(lines.length);
                try {
                    while (bytes.hasRemaining()) {
                        to.disk.write(channel, bytes, place + bytes.position());
                    }
                } catch (IOException e) {
                    // Given back, or a full disk's file would grow with each try and hold nothing.
                    end.compareAndSet(place + lines.length, place);
                    throw e;
                }
                return true;
            } finally {
                writing.decrementAndGet();
            }
        }
    }

    /** Files that may be there; nothing is done before {@link #start}. */
    public LineLog(Path folder, String name, Bounds bounds, InstantSource clock, Owner owner) {
        this(folder, name, bounds, clock, owner, FileChannel::write);
    }

    LineLog(Path folder, String name, Bounds bounds, InstantSource clock, Owner owner, Disk disk) {
        this.disk = disk;
        this.folder = folder;
        this.name = name;
        this.pattern = Pattern.compile(Pattern.quote(name) + "-(\\d{1,9})\\.jsonl");
        this.bounds = bounds;
        this.clock = clock;
        this.owner = owner;
    }

    /**
     * From here on lines may be added. To be called once.
     *
     * @param least the next file has this number at least
     */
    public void start(int least) {
        number = Math.max(1, least);
        try {
            for (int n : numbers()) {
                number = Math.max(number, n + 1);
            }
        } catch (IOException e) {
            owner.failed(e);
        }
        ScheduledExecutorService own = Executors.newSingleThreadScheduledExecutor(work -> {
            Thread thread = new Thread(work, name + " files");
            thread.setDaemon(true);
            return thread;
        });
        background = own;
        Future<?> unused = own.scheduleWithFixedDelay(
                this::tend, bounds.every().toMillis(), bounds.every().toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Adds a line, or several; they are in the system's hands when this returns. */
    public void add(String lines) throws IOException {
        // A line's own beginning: one before it may have been torn.
        byte[] bytes = ('\n' + lines + '\n').getBytes(StandardCharsets.UTF_8);
        while (true) {
            Part part = current;
            if ((part == null ? begin() : part).add(bytes, this)) {
                return;
            }
        }
    }

    private synchronized Part begin() throws IOException {
        Part part = current;
        if (part == null) {
            Files.createDirectories(folder);
            part = next();
            current = part;
        }
        return part;
    }

    private Part next() throws IOException {
        int n = number++;
        return new Part(
                n, FileChannel.open(file(n), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), clock.instant());
    }

    /** What is to be done beside writing. */
    private void tend() {
        try {
            Part open = current;
            if (open != null && !open.channel.isOpen()) {
                // Whoever is interrupted while it writes closes the file for all.
                current = next();
            }
            owner.tick();
            Part part = current;
            if (part == null) {
                return;
            }
            long end = part.end.get();
            if (end > part.forced) {
                part.channel.force(false);
                if (part.forced == 0) {
                    // Its name as well, or a power cut takes the file whole.
                    SafeFiles.forceFolder(file(part.number));
                }
                part.forced = end;
            }
            boolean old = part.begun.plus(bounds.age()).isBefore(clock.instant());
            if (end > bounds.bytes() || (end > 0 && old)) {
                roll(part);
            }
        } catch (Throwable e) {
            // Whatever it is, memory that is short for a moment too: the next period tries again.
            owner.failed(e);
        }
    }

    private void roll(Part full) throws IOException {
        int first = number;
        current = next();
        while (full.writing.get() > 0) {
            Thread.onSpinWait();
        }
        full.channel.close();
        owner.rolled(first);
    }

    /** Forces what was written, and ends. */
    public void close() {
        ScheduledExecutorService own = background;
        if (own == null) {
            return;
        }
        own.shutdown();
        try {
            if (!own.awaitTermination(5, TimeUnit.SECONDS)) {
                LOG.debugf("%s-*.jsonl in %s is still being written", name, folder);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        tend();
    }

    /** Whether lines are added to the file of that number now. */
    public boolean adds(int n) {
        Part part = current;
        return part != null && part.number == n;
    }

    /** The file of that number, which need not be there. */
    public Path file(int n) {
        return folder.resolve(name + "-" + n + ".jsonl");
    }

    /** The numbers of the files that are there, sorted. */
    public List<Integer> numbers() throws IOException {
        return numbers(folder, pattern);
    }

    /** The numbers in the names of the files there, sorted; the pattern's first group is the number. */
    public static List<Integer> numbers(Path folder, Pattern pattern) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> pattern.matcher(file.getFileName().toString()))
                    .filter(Matcher::matches)
                    .map(found -> Integer.valueOf(found.group(1)))
                    .sorted()
                    .toList();
        }
    }

    /**
     * Reads a file's lines. One that the reader throws of is torn or none, and is left out with a warning.
     *
     * @param what what a line is, for that warning
     */
    public static void read(Path file, String what, Consumer<String> reader) throws IOException {
        int number = 0;
        // Not strictly decoded: a disk that was cut off may have left anything.
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(Files.newInputStream(file), StandardCharsets.UTF_8))) {
            for (String text = lines.readLine(); text != null; text = lines.readLine()) {
                number++;
                // A place that was taken and not written to may be before it: what stands before that hole is torn.
                String whole = text.substring(text.lastIndexOf('\0') + 1).strip();
                try {
                    if (!whole.isEmpty()) {
                        reader.accept(whole);
                    }
                } catch (RuntimeException torn) {
                    LOG.warnf("%s: line %d is not a valid %s and is left out", file, number, what);
                }
            }
        }
    }
}
