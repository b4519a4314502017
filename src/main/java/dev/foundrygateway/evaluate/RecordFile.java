package dev.foundrygateway.evaluate;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The file of {@code --record}: a line for each question that was asked, with who was asked and how. Rows of other models or witnesses are refused; a row that says
 * nothing of them is taken.
 */
final class RecordFile {
    private final Path file;
    private final JsonObject asked;

    /** With what each new row says of who is asked and how. */
    RecordFile(Path file, JsonObject asked) {
        this.file = file;
        this.asked = asked;
    }

    /**
     * The rows that it has. After this the file is ready for more: a last line that was cut off is removed, one that only lacks its end gets it.
     *
     * @throws IllegalArgumentException when it holds something else, or rows of others; the file is as it was
     */
    List<Row> rows() throws IOException {
        if (!Files.exists(file)) {
            return List.of();
        }
        byte[] bytes = Files.readAllBytes(file);
        int last = bytes.length;
        while (last > 0 && bytes[last - 1] != '\n') {
            last--;
        }
        boolean cut = isCut(text(bytes, last, bytes.length));
        String whole = text(bytes, 0, cut ? last : bytes.length);
        List<Row> rows = whole.isBlank() ? List.of() : RowReader.read(file, whole);
        whole.lines().filter(line -> !line.isBlank()).forEach(this::check);
        if (cut) {
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.truncate(last);
            }
        } else if (last < bytes.length) {
            append("\n");
        }
        return rows;
    }

    /** Keeps one more row. */
    void add(Row row) throws IOException {
        append(LiveRows.json(row).mergeIn(asked).encode() + "\n");
    }

    private void append(String text) throws IOException {
        Files.writeString(file, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private void check(String line) {
        JsonObject row = object(line)
                .orElseThrow(() -> new IllegalArgumentException(file + " must have JSON lines, and has not"));
        for (String member : asked.fieldNames()) {
            Object had = row.getValue(member);
            if (had != null && !had.equals(asked.getValue(member))) {
                throw new IllegalArgumentException(file + " has rows with " + member + " " + had + ", and now it is "
                        + asked.getValue(member) + "; give --record another file, or ask as before");
            }
        }
    }

    /** Whether a line without an end is the beginning of a row. */
    private static boolean isCut(String line) {
        return line.stripLeading().startsWith("{") && object(line).isEmpty();
    }

    private static Optional<JsonObject> object(String line) {
        try {
            return Optional.of(new JsonObject(line));
        } catch (DecodeException e) {
            return Optional.empty();
        }
    }

    private static String text(byte[] bytes, int from, int to) {
        return new String(Arrays.copyOfRange(bytes, from, to), StandardCharsets.UTF_8);
    }
}
