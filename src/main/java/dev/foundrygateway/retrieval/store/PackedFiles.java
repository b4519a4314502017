package dev.foundrygateway.retrieval.store;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.foundrygateway.openai.json.TypedJson;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
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
                        FileRecord record = TypedJson.read(line, Packed.class).record();
                        places.put(record.id(), new Place(pack, from, at - from));
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

    /** Packs files, which are safe then. */
    synchronized void pack(Map<FileRecord, byte[]> files) throws IOException {
        List<String> lines = new ArrayList<>();
        files.forEach((record, content) ->
                lines.add(TypedJson.write(new Packed(record, Base64.getEncoder().encodeToString(content)))));
        write(folder.resolve(PACK + "%09d".formatted(++lastPack)), lines);
    }

    private void write(Path pack, List<String> lines) throws IOException {
        SafeFiles.write(pack, String.join("\n", lines) + "\n");
        places.values().removeIf(place -> place.pack().equals(pack));
        lines(pack, record -> {}, line -> {});
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
        byte[] blanks = new byte[place.length()];
        Arrays.fill(blanks, (byte) ' ');
        try (FileChannel channel = FileChannel.open(place.pack(), StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(blanks), place.from());
            channel.force(false);
        }
        places.remove(id);
        try {
            shrink(place.pack());
        } catch (IOException e) {
            LOG.debugf(e, "%s stays as long as it is", place.pack());
        }
    }

    private void shrink(Path pack) throws IOException {
        List<Place> left = places.values().stream()
                .filter(place -> place.pack().equals(pack))
                .toList();
        long used = left.stream().mapToLong(Place::length).sum();
        if (left.isEmpty()) {
            Files.deleteIfExists(pack);
        } else if (used < Files.size(pack) / 2) {
            List<String> lines = new ArrayList<>();
            for (Place place : left) {
                lines.add(line(place));
            }
            write(pack, lines);
        }
    }
}
