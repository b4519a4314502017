package dev.foundrygateway.retrieval.store;

import dev.foundrygateway.exchange.SafeFiles;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A file with a line for each of the small files in it: a JSON object. A line that is gone is blank; one that begins with a blank counts for nothing, and so does
 * a last one without its end. Not thread-safe.
 */
final class Pack {
    private final Path path;
    private final Map<String, Place> places = new LinkedHashMap<>();
    private long used;
    /** Up to where it is whole. */
    private int length;

    Pack(Path path) {
        this.path = path;
    }

    /** Where a line is; its end of line comes behind it. */
    record Place(int from, int length) {
        int end() {
            return from + length + 1;
        }
    }

    /** Its lines that count for something. */
    Map<Place, String> read() throws IOException {
        byte[] bytes = Files.readAllBytes(path);
        Map<Place, String> lines = new LinkedHashMap<>();
        length = 0;
        for (int at = 0; at < bytes.length; at++) {
            if (bytes[at] == '\n') {
                if (at > length && bytes[length] != ' ') {
                    lines.put(
                            new Place(length, at - length),
                            new String(bytes, length, at - length, StandardCharsets.UTF_8));
                }
                length = at + 1;
            }
        }
        return lines;
    }

    void put(String id, Place place) {
        Place before = places.put(id, place);
        used += place.end() - place.from() - (before == null ? 0 : before.end() - before.from());
    }

    /** How many files are in it. */
    int size() {
        return places.size();
    }

    /** How many of its bytes are of files that are there. */
    long used() {
        return used;
    }

    int length() {
        return length;
    }

    /** The line of that file, which is in it. */
    String line(String id) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            return new String(bytes(channel, place(id)), StandardCharsets.UTF_8);
        }
    }

    private Place place(String id) throws IOException {
        Place place = places.get(id);
        if (place == null) {
            throw new IOException(id + " is not in " + path);
        }
        return place;
    }

    private byte[] bytes(FileChannel channel, Place place) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(place.length());
        while (bytes.hasRemaining()) {
            if (channel.read(bytes, place.from() + bytes.position()) < 0) {
                throw new EOFException(path + " ends before " + place.end());
            }
        }
        return bytes.array();
    }

    /** Writes lines behind those that are there; where they are then, once they are {@link #put} there. */
    Map<String, Place> append(Map<String, byte[]> lines) throws IOException {
        Map<String, Place> next = new LinkedHashMap<>();
        int end = length;
        for (Map.Entry<String, byte[]> line : lines.entrySet()) {
            Place place = new Place(end, line.getValue().length);
            next.put(line.getKey(), place);
            end = place.end();
        }
        ByteBuffer bytes = ByteBuffer.allocate(end - length);
        lines.values().forEach(line -> bytes.put(line).put((byte) '\n'));
        boolean first = length == 0;
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            channel.truncate(length); // what a failed write or a crash has left behind
            try {
                write(channel, bytes.flip(), length);
                channel.force(false);
                if (first) {
                    SafeFiles.forceFolder(path);
                }
            } catch (IOException e) {
                channel.truncate(length);
                throw e;
            }
        } catch (IOException e) {
            if (first) {
                delete();
            }
            throw e;
        }
        length = end;
        return next;
    }

    private static void write(FileChannel channel, ByteBuffer bytes, int at) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes, at + bytes.position());
        }
    }

    /** Takes a file out of it. */
    void blank(String id) throws IOException {
        Place place = place(id);
        byte[] blanks = new byte[place.length()];
        Arrays.fill(blanks, (byte) ' ');
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
            channel.truncate(length); // a line that was moved may stand there, too
            write(channel, ByteBuffer.wrap(blanks), place.from());
            channel.force(false);
        }
        places.remove(id);
        used -= place.end() - place.from();
    }

    void delete() throws IOException {
        Files.deleteIfExists(path);
    }

    /** Writes it without its blanks, which needs room for both; how many lines that moved. */
    int writeAnew() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream((int) used);
        Map<String, Place> next = new LinkedHashMap<>();
        int end = 0;
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            for (Map.Entry<String, Place> line : places.entrySet()) {
                bytes.write(bytes(channel, line.getValue()));
                bytes.write('\n');
                Place place = new Place(end, line.getValue().length());
                next.put(line.getKey(), place);
                end = place.end();
            }
        }
        try {
            SafeFiles.write(path, bytes.toByteArray());
        } catch (IOException e) {
            // It failed before or after the new content was in its place.
            if (Files.isRegularFile(path) && Files.size(path) == end) {
                replaced(next, end);
            }
            throw e;
        }
        replaced(next, end);
        return next.size();
    }

    private void replaced(Map<String, Place> next, int end) {
        places.clear();
        places.putAll(next);
        used = end;
        length = end;
    }

    /**
     * Makes it shorter without needing any room: its last lines are moved to where others were, as far as they fit. After a crash a line is where it was, in its
     * new place, or in both.
     *
     * @return how many lines that moved
     */
    int tighten() throws IOException {
        List<Map.Entry<String, Place>> sorted = new ArrayList<>(places.entrySet());
        sorted.sort(Comparator.comparingInt(line -> line.getValue().from()));
        int moved = 0;
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            while (true) {
                Map.Entry<String, Place> last = sorted.get(sorted.size() - 1);
                length = last.getValue().end();
                channel.truncate(length); // after each move: where the next one fails, no line is there twice
                int gap = gap(sorted, last.getValue());
                if (gap < 0) {
                    channel.force(true);
                    return moved;
                }
                int from = gap == 0 ? 0 : sorted.get(gap - 1).getValue().end();
                Place place = new Place(from, last.getValue().length());
                move(channel, bytes(channel, last.getValue()), place);
                put(last.getKey(), place);
                moved++;
                sorted.remove(sorted.size() - 1);
                sorted.add(gap, Map.entry(last.getKey(), place));
            }
        }
    }

    /** The first of the lines with room for that one before it; -1 where there is none. */
    private static int gap(List<Map.Entry<String, Place>> sorted, Place line) {
        int end = 0;
        for (int i = 0; i < sorted.size(); i++) {
            Place next = sorted.get(i).getValue();
            if (next.from() - end > line.length()) {
                return i;
            }
            end = next.end();
        }
        return -1;
    }

    /** Its first character last: until then it counts for nothing. */
    private static void move(FileChannel channel, byte[] line, Place place) throws IOException {
        write(channel, unfinished(line), place.from());
        channel.force(false);
        try {
            write(channel, ByteBuffer.wrap(line, 0, 1), place.from());
            channel.force(false);
        } catch (IOException e) {
            // It stays where it was, there alone.
            write(channel, unfinished(line), place.from());
            throw e;
        }
    }

    /** A line with its end, but for a blank at its beginning, where the end of a line that is gone may stand. */
    static ByteBuffer unfinished(byte[] line) {
        return ByteBuffer.allocate(line.length + 1)
                .put(line)
                .put((byte) '\n')
                .flip()
                .put(0, (byte) ' ');
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
