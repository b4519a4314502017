package dev.foundrygateway.retrieval.store;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.foundrygateway.exchange.SafeFiles;
import dev.foundrygateway.openai.json.TypedJson;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * Small files together in one, since each alone takes two blocks of the disk: a pack has a line for each, its record and content. A pack is written whole; a file
 * is deleted by blanks in its place, and a pack that is mostly blank is written anew. Thread-safe.
 */
final class PackedFiles {
    /** Larger files lose less than half of their blocks. */
    static final long MOST_BYTES = 8 << 10;
    /** So many are packed together. */
    static final int TOGETHER = 256;

    private static final Logger LOG = Logger.getLogger(PackedFiles.class);
    private static final String PACK = "pack-";

    private final Path folder;
    private final Map<String, Place> places = new HashMap<>();
    private long lastPack;

    PackedFiles(Path folder) {
        this.folder = folder;
    }

    /** Where a file's line is. */
    private record Place(Path pack, int from, int length) {}

    /** A line. */
    @RegisterForReflection
    record Packed(
            @JsonProperty("record") FileRecord record,
            @JsonProperty("content") String content) {}

    /** Reads all packs: those that are found, and the first characters of lines that are damaged. */
    synchronized void load(Consumer<FileRecord> found, Consumer<String> damaged) throws IOException {
        List<Path> packs;
        try (Stream<Path> all = Files.list(folder)) {
            packs = all.filter(path -> path.getFileName().toString().matches(PACK + "[0-9]{9}"))
                    .sorted()
                    .toList();
        }
        places.clear();
        for (Path pack : packs) {
            lastPack = Long.parseLong(pack.getFileName().toString().substring(PACK.length()));
            lines(pack, found, damaged);
        }
    }

    private void lines(Path pack, Consumer<FileRecord> found, Consumer<String> damaged) throws IOException {
        byte[] bytes = Files.readAllBytes(pack);
        int from = 0;
        for (int at = 0; at < bytes.length; at++) {
            if (bytes[at] == '\n') {
                String line = new String(bytes, from, at - from, StandardCharsets.UTF_8);
                if (!line.isBlank()) {
                    try {
                        FileRecord record = whole(TypedJson.read(line, Packed.class));
                        Place earlier = places.put(record.id(), new Place(pack, from, at - from));
                        if (earlier != null) {
                            forgetEarlier(earlier);
                        }
                        found.accept(record);
                    } catch (IllegalArgumentException e) {
                        LOG.errorf("a line of %s is damaged and left out: %s", pack, e);
                        damaged.accept(pack + " at " + from);
                    }
                }
                from = at + 1;
            }
        }
    }

    /** Else it would be back when the later line is deleted. */
    private static void forgetEarlier(Place place) {
        try {
            blank(place);
        } catch (IOException e) {
            LOG.warnf("a line that is in two packs stays in %s: %s", place.pack(), e);
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

    /** Packs files, which are safe then. */
    synchronized void pack(Map<FileRecord, byte[]> files) throws IOException {
        Map<String, String> lines = new LinkedHashMap<>();
        files.forEach((record, content) -> lines.put(
                record.id(),
                TypedJson.write(new Packed(record, Base64.getEncoder().encodeToString(content)))));
        Path pack = folder.resolve(PACK + "%09d".formatted(++lastPack));
        try {
            write(pack, lines);
        } catch (IOException e) {
            // They still lie by themselves.
            Files.deleteIfExists(pack);
            places.values().removeIf(place -> place.pack().equals(pack));
            throw e;
        }
    }

    private void write(Path pack, Map<String, String> lines) throws IOException {
        Map<String, Place> next = new HashMap<>();
        int length = 0;
        for (Map.Entry<String, String> line : lines.entrySet()) {
            int bytes = line.getValue().getBytes(StandardCharsets.UTF_8).length;
            next.put(line.getKey(), new Place(pack, length, bytes));
            length += bytes + 1;
        }
        try {
            SafeFiles.write(pack, String.join("\n", lines.values()) + "\n");
        } catch (IOException e) {
            // It failed before or after the new content was in its place.
            if (Files.isRegularFile(pack) && Files.size(pack) == length) {
                replacePlaces(pack, next);
            }
            throw e;
        }
        replacePlaces(pack, next);
    }

    private void replacePlaces(Path pack, Map<String, Place> next) {
        places.values().removeIf(place -> place.pack().equals(pack));
        places.putAll(next);
    }

    /** Its content; empty where it is not packed. */
    synchronized Optional<byte[]> content(String id) throws IOException {
        Place place = places.get(id);
        return place == null
                ? Optional.empty()
                : Optional.of(Base64.getDecoder()
                        .decode(TypedJson.read(line(place), Packed.class).content()));
    }

    private static String line(Place place) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(place.length());
        try (FileChannel channel = FileChannel.open(place.pack(), StandardOpenOption.READ)) {
            while (bytes.hasRemaining() && channel.read(bytes, place.from() + bytes.position()) >= 0) {}
        }
        return new String(bytes.array(), StandardCharsets.UTF_8);
    }

    /** Deletes a file, if it is packed: that needs no room on the disk. */
    synchronized void delete(String id) throws IOException {
        Place place = places.get(id);
        if (place == null) {
            return;
        }
        blank(place);
        places.remove(id);
        try {
            shrink(place.pack());
        } catch (IOException e) {
            LOG.debugf(e, "%s stays as long as it is", place.pack());
        }
    }

    private static void blank(Place place) throws IOException {
        byte[] blanks = new byte[place.length()];
        Arrays.fill(blanks, (byte) ' ');
        ByteBuffer rest = ByteBuffer.wrap(blanks);
        try (FileChannel channel = FileChannel.open(place.pack(), StandardOpenOption.WRITE)) {
            while (rest.hasRemaining()) {
                channel.write(rest, place.from() + rest.position());
            }
            channel.force(false);
        }
    }

    private void shrink(Path pack) throws IOException {
        Map<String, Place> left = new HashMap<>(places);
        left.values().removeIf(place -> !place.pack().equals(pack));
        long used = left.values().stream().mapToLong(Place::length).sum();
        if (left.isEmpty()) {
            Files.deleteIfExists(pack);
        } else if (used < Files.size(pack) / 2) {
            Map<String, String> lines = new LinkedHashMap<>();
            for (Map.Entry<String, Place> place : left.entrySet()) {
                lines.put(place.getKey(), line(place.getValue()));
            }
            write(pack, lines);
        }
    }
}
