package dev.foundrygateway.retrieval.store;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.foundrygateway.openai.json.TypedJson;
import dev.foundrygateway.retrieval.store.Pack.Place;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * Small files together in {@link Pack}s, since each alone takes two blocks of the disk. Files that come at the same time are forced to the disk together. A
 * pack that is mostly blank is written anew; where the disk has little room left, each deletion shortens its pack. Thread-safe.
 */
final class PackedFiles {
    /** Larger files lose less than half of their blocks. */
    static final long MOST_BYTES = 8 << 10;
    /** A pack that has so many takes no more. */
    static final int TOGETHER = 256;
    /** With less room than that a copy of a pack may not fit. */
    private static final long LITTLE_ROOM = 16 << 20;

    private static final Logger LOG = Logger.getLogger(PackedFiles.class);
    private static final String NAME = "pack-";

    private final Path folder;
    private final LongSupplier room;
    private final ConcurrentLinkedQueue<Addition> waiting = new ConcurrentLinkedQueue<>();
    /** Held by whoever changes packs, and taken before the lock of this. */
    private final Object changing = new Object();

    private final Map<String, Pack> packs = new HashMap<>();
    private Optional<Pack> last = Optional.empty();
    private long lastNumber;
    private long copied;

    PackedFiles(Path folder) {
        this(folder, () -> usable(folder));
    }

    /**
     * Packs of that folder.
     *
     * @param room how many bytes are free on its disk
     */
    PackedFiles(Path folder, LongSupplier room) {
        this.folder = folder;
        this.room = room;
    }

    private static long usable(Path folder) {
        try {
            return Files.getFileStore(folder).getUsableSpace();
        } catch (IOException e) {
            return 0;
        }
    }

    /** A line. */
    @RegisterForReflection
    record Packed(
            @JsonProperty("record") FileRecord record,
            @JsonProperty("content") String content) {}

    /** Lines that are to be written together. */
    private static final class Addition {
        private final Map<String, byte[]> lines = new LinkedHashMap<>();
        private boolean over;
        private Optional<IOException> failure = Optional.of(new IOException("the file was not written"));
    }

    /** Reads all packs: those that are found, and the first characters of lines that are damaged. */
    void load(Consumer<FileRecord> found, Consumer<String> damaged) throws IOException {
        synchronized (changing) {
            List<Path> paths;
            try (Stream<Path> all = Files.list(folder)) {
                paths = all.filter(path -> path.getFileName().toString().matches(NAME + "[0-9]{9}"))
                        .sorted()
                        .toList();
            }
            synchronized (this) {
                packs.clear();
                for (Path path : paths) {
                    lastNumber = Long.parseLong(path.getFileName().toString().substring(NAME.length()));
                    Pack pack = new Pack(path);
                    try {
                        load(pack, found, damaged);
                        last = Optional.of(pack);
                    } catch (IOException e) {
                        LOG.errorf("%s cannot be read, and its files are left out: %s", pack, e);
                        damaged.accept(pack + ", which cannot be read");
                    }
                }
            }
        }
    }

    private void load(Pack pack, Consumer<FileRecord> found, Consumer<String> damaged) throws IOException {
        for (Map.Entry<Place, String> line : pack.read().entrySet()) {
            Place place = line.getKey();
            try {
                FileRecord record = whole(TypedJson.read(line.getValue(), Packed.class));
                forgetEarlier(record.id());
                pack.put(record.id(), place);
                packs.put(record.id(), pack);
                found.accept(record);
            } catch (IllegalArgumentException e) {
                LOG.errorf("a line of %s is damaged and left out: %s", pack, e);
                damaged.accept(pack + " at " + place.from());
            }
        }
    }

    /** Else it would be back when the later line is deleted. */
    private void forgetEarlier(String id) {
        Pack earlier = packs.remove(id);
        if (earlier != null) {
            try {
                earlier.blank(id);
            } catch (IOException e) {
                LOG.warnf("a moved entry could not be removed from %s: %s", earlier, e);
            }
        }
    }

    @SuppressWarnings("NullAway") // members that are missing in the JSON
    private static FileRecord whole(Packed packed) {
        if (packed == null
                || packed.content() == null
                || packed.record() == null
                || packed.record().id() == null) {
            throw new IllegalArgumentException("it lacks a part");
        }
        return packed.record();
    }

    /** Packs files, which are safe then; none of them where that fails. */
    void add(Map<FileRecord, byte[]> files) throws IOException {
        Addition mine = new Addition();
        files.forEach((record, content) -> mine.lines.put(
                record.id(),
                TypedJson.write(new Packed(record, Base64.getEncoder().encodeToString(content)))
                        .getBytes(StandardCharsets.UTF_8)));
        waiting.add(mine);
        Optional<IOException> failure;
        synchronized (changing) {
            if (!mine.over) {
                // Whoever comes first writes for all who wait: they share one wait for the disk.
                appendAll();
            }
            failure = mine.failure;
        }
        if (failure.isPresent()) {
            throw new IOException(failure.get().getMessage(), failure.get());
        }
    }

    private void appendAll() {
        List<Addition> together = new ArrayList<>();
        Map<String, byte[]> lines = new LinkedHashMap<>();
        // Until they are written they are not, also where this ends in an Error.
        Optional<IOException> failure = Optional.of(new IOException("the files with it were not written"));
        try {
            for (Addition next = waiting.poll(); next != null; next = waiting.poll()) {
                together.add(next);
                lines.putAll(next.lines);
            }
            Optional<Pack> open = last.filter(one -> one.size() < TOGETHER);
            Pack pack = open.orElseGet(() -> new Pack(folder.resolve(NAME + "%09d".formatted(lastNumber + 1))));
            Map<String, Place> places = pack.append(lines);
            synchronized (this) {
                places.forEach(pack::put);
                lines.keySet().forEach(id -> packs.put(id, pack));
            }
            lastNumber += open.isPresent() ? 0 : 1;
            last = Optional.of(pack);
            failure = Optional.empty();
        } catch (IOException e) {
            failure = Optional.of(e);
        } finally {
            for (Addition one : together) {
                one.failure = failure;
                one.over = true;
            }
        }
    }

    /** Its content; empty where it is not packed. */
    synchronized Optional<byte[]> content(String id) throws IOException {
        Pack pack = packs.get(id);
        return pack == null
                ? Optional.empty()
                : Optional.of(Base64.getDecoder()
                        .decode(TypedJson.read(pack.line(id), Packed.class).content()));
    }

    /** Deletes a file, if it is packed: that needs no room on the disk. */
    void delete(String id) throws IOException {
        synchronized (changing) {
            synchronized (this) {
                Pack pack = packs.get(id);
                if (pack != null) {
                    pack.blank(id);
                    packs.remove(id);
                    shrink(pack);
                }
            }
        }
    }

    private void shrink(Pack pack) {
        try {
            if (pack.size() == 0) {
                pack.delete();
                last = last.filter(one -> one != pack);
            } else if (room.getAsLong() < LITTLE_ROOM) {
                copied += pack.tighten();
            } else if (pack.used() < pack.length() / 2) {
                copied += pack.writeAnew();
            }
        } catch (IOException e) {
            LOG.debugf(e, "%s stays as long as it is", pack);
        }
    }

    /** How many lines deletions have moved: for tests of growth. */
    synchronized long copied() {
        return copied;
    }
}
