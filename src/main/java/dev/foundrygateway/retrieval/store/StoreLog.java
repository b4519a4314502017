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
import java.util.Collection;
import java.util.Set;
import java.util.zip.CRC32;
import org.jboss.logging.Logger;

/**
 * A store's record on the disk: all of it in {@code store.json}, and in {@code store.log} a line for each change since. So a change costs what it changes, not
 * what the store has; when the log has grown as long as the record, all is written anew. The log's first line names the record that it belongs to, and each
 * other one its own sum: a log of an older record, and a line that was under way in a crash, count for nothing. Behind
 * the record stands its own sum: where that is wrong it was damaged since, and the log is its own. Confined to its store's lock.
 */
final class StoreLog {
    private static final Logger LOG = Logger.getLogger(StoreLog.class);
    private static final String RECORD = "store.json";
    private static final long LEAST_LOG = 64 << 10;

    private final Path record;
    private final Path log;
    private String sum = "";
    private long recordBytes;
    /** How much of the log is whole; 0 where none has been begun for this record. */
    private long logBytes;

    private long written;
    private boolean damaged;
    /** Whether the record on the disk may be another one than the log was begun for. */
    private boolean stale;

    StoreLog(Path home) {
        this.record = home.resolve(RECORD);
        this.log = home.resolve("store.log");
    }

    /** What one change has changed. */
    @RegisterForReflection
    record Change(
            @JsonProperty("head") StoreRecord head,
            @JsonProperty("files") Collection<StoreFile> files,
            @JsonProperty("gone") Set<String> gone,
            @JsonProperty("batches") Collection<StoreRecord.Batch> batches) {
        static Change of(StoreRecord before, StoreRecord after) {
            Layered<StoreFile> files = Layered.of(after.files());
            return new Change(
                    after.bare(),
                    files.newSince(Layered.of(before.files())).values(),
                    files.goneSince(Layered.of(before.files())),
                    Layered.of(after.batches())
                            .newSince(Layered.of(before.batches()))
                            .values());
        }

        StoreRecord on(StoreRecord before) {
            return head.withFiles(before.files())
                    .withBatches(before.batches())
                    .without(gone)
                    .with(files)
                    .withBatches(batches);
        }
    }

    /** Whether a record is there. */
    boolean isThere() {
        return Files.isRegularFile(record);
    }

    /** Reads it. */
    StoreRecord read() throws IOException {
        byte[] bytes = Files.readAllBytes(record);
        String text = new String(bytes, StandardCharsets.UTF_8);
        int end = text.lastIndexOf('\n');
        String json = end < 0 ? text : text.substring(0, end);
        damaged = end >= 0 && !text.substring(end + 1).equals(sum(json.getBytes(StandardCharsets.UTF_8)));
        StoreRecord all = TypedJson.read(json, StoreRecord.class);
        begun(bytes);
        return Files.isRegularFile(log) ? changed(all, Files.readAllBytes(log)) : all;
    }

    private StoreRecord changed(StoreRecord before, byte[] lines) {
        StoreRecord all = before;
        int from = 0;
        for (int end = next(lines, 0); end >= 0; end = next(lines, from)) {
            String line = new String(lines, from, end - from, StandardCharsets.UTF_8);
            from = end + 1;
            if (logBytes == 0 && !damaged && !line.equals(sum)) {
                return before; // it belongs to an older record, which has all of it
            }
            if (logBytes > 0) {
                int blank = line.indexOf(' ');
                String change = line.substring(blank + 1);
                if (blank < 0 || !line.substring(0, blank).equals(sum(change.getBytes(StandardCharsets.UTF_8)))) {
                    if (next(lines, from) < 0) {
                        break; // the last one, which nobody was told of
                    }
                    damaged = true;
                    continue;
                }
                all = TypedJson.read(change, Change.class).on(all);
            }
            logBytes = from;
        }
        return all;
    }

    private static int next(byte[] lines, int from) {
        int at = from;
        while (at < lines.length && lines[at] != '\n') {
            at++;
        }
        return at < lines.length ? at : -1;
    }

    /** Whether a change could not be read, and is lost. */
    boolean damaged() {
        return damaged;
    }

    /** Writes all of it. */
    void write(StoreRecord all) throws IOException {
        String json = TypedJson.write(all);
        json += "\n" + sum(json.getBytes(StandardCharsets.UTF_8));
        stale = true;
        SafeFiles.write(record, json);
        begun(json.getBytes(StandardCharsets.UTF_8));
        written += recordBytes;
        try {
            Files.deleteIfExists(log);
        } catch (IOException e) {
            LOG.debugf(e, "%s stays; it counts for nothing", log);
        }
    }

    private void begun(byte[] json) {
        sum = sum(json);
        recordBytes = json.length;
        logBytes = 0;
        stale = false;
    }

    /** Writes what is new. */
    void change(StoreRecord before, StoreRecord after) throws IOException {
        if (stale || damaged || logBytes > Math.max(LEAST_LOG, recordBytes)) {
            try {
                write(after);
                damaged = false;
                return;
            } catch (IOException e) {
                // On a full disk there may be room for what is new: the record is the one that the log belongs to.
                if (damaged
                        || !DiskFailure.isFull(e)
                        || !sum(Files.readAllBytes(record)).equals(sum)) {
                    throw e;
                }
                stale = false;
            }
        }
        String change = TypedJson.write(Change.of(before, after));
        String line = sum(change.getBytes(StandardCharsets.UTF_8)) + " " + change + "\n";
        boolean first = logBytes == 0;
        byte[] bytes = (first ? sum + "\n" + line : line).getBytes(StandardCharsets.UTF_8);
        try (FileChannel channel = FileChannel.open(log, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            // What a failed write has left behind goes first.
            channel.truncate(logBytes);
            ByteBuffer rest = ByteBuffer.wrap(bytes);
            for (long at = logBytes; rest.hasRemaining(); at = logBytes + rest.position()) {
                channel.write(rest, at);
            }
            channel.force(first);
        }
        if (first) {
            SafeFiles.forceFolder(log);
        }
        logBytes += bytes.length;
        written += bytes.length;
    }

    /** Deletes the record, and so the store. */
    void delete() throws IOException {
        Files.deleteIfExists(record);
    }

    /** How many bytes have been written: for tests of growth. */
    long written() {
        return written;
    }

    private static String sum(byte[] bytes) {
        CRC32 sum = new CRC32();
        sum.update(bytes);
        return Long.toHexString(sum.getValue());
    }
}
