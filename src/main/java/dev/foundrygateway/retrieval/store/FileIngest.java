package dev.foundrygateway.retrieval.store;

import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.openai.ErrorCode;
import dev.foundrygateway.retrieval.RetrievalConfig;
import dev.foundrygateway.retrieval.index.Passage;
import dev.foundrygateway.retrieval.index.Passages;
import dev.foundrygateway.retrieval.index.Vectors;
import dev.foundrygateway.retrieval.read.BoundedReading;
import dev.foundrygateway.retrieval.read.Chunker;
import dev.foundrygateway.retrieval.read.DocumentReader;
import dev.foundrygateway.retrieval.read.Extraction;
import dev.foundrygateway.retrieval.read.Section;
import dev.foundrygateway.retrieval.read.UnreadableFileException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** Makes passages of files: read within their time, cut, embedded, written to their stores' indexes. Thread-safe. */
final class FileIngest {
    /** The passages of so many are embedded together, of whichever files they are. */
    static final int TOGETHER = 64;

    private final UploadedFiles uploads;
    private final DocumentReader reader;
    private final BoundedReading reading = new BoundedReading();
    private final Vectors vectors;
    private final Tries tries;
    private final Duration readTimeout;

    FileIngest(UploadedFiles uploads, Vectors vectors, RetrievalConfig config) {
        this.uploads = uploads;
        this.vectors = vectors;
        this.reader = new DocumentReader(config.maxTextLength());
        this.tries = new Tries(config.directory().resolve("tries"));
        this.readTimeout = config.readTimeout();
    }

    /** A file's passages, which are not in the index yet. */
    record Prepared(VectorStore store, StoreFile file, List<Passage> passages) {
        long bytes() {
            long bytes = 0;
            for (Passage passage : passages) {
                bytes += passage.text().getBytes(StandardCharsets.UTF_8).length;
            }
            return bytes;
        }
    }

    /**
     * Reads a file and cuts it.
     *
     * @param slow run when reading it has taken a second
     * @throws java.util.concurrent.CancellationException when it is not wanted any more
     */
    Prepared prepare(VectorStore store, StoreFile file, Runnable slow)
            throws IOException, UnreadableFileException, InterruptedException {
        String id = store.record().id();
        if (tries.begin(id, file) >= Tries.MOST) {
            tries.end(id, file);
            throw new UnreadableFileException("the gateway has ended " + Tries.MOST
                    + " times while it read this file; add it again to have it tried once more");
        }
        boolean isLong = false;
        try {
            Optional<Path> folder = store.folder();
            List<Passage> passages = folder.isPresent()
                    ? passages(folder.get().resolve(file.filename()), store, file, slow)
                    : uploads.read(file.id(), content -> passages(content, store, file, slow));
            isLong = passages.size() > TOGETHER;
            return new Prepared(store, file, passages);
        } finally {
            if (!isLong) {
                tries.end(id, file); // what follows is no work that could fail for its sake
            }
        }
    }

    /**
     * The vectors of each one's passages, in their order; empty where the model fails, or where none of them is wanted any more.
     *
     * @param between run between two batches
     */
    List<Optional<List<float[]>>> vectors(List<Prepared> files, Runnable between) {
        return vectors.ofFiles(files.stream().map(Prepared::passages).toList(), () -> {
            between.run();
            return files.stream().anyMatch(one -> isWanted(one.store(), one.file()));
        });
    }

    /**
     * Writes a file's passages, not yet committed; what becomes of its entry.
     *
     * @param target its store's index; empty once that is deleted
     * @param made their vectors; empty where they could not be made
     */
    StoreFile write(Prepared prepared, Optional<Passages> target, Optional<List<float[]>> made) throws IOException {
        if (target.isPresent()) {
            target.get().replace(prepared.file().id(), prepared.passages(), made.orElse(List.of()));
        }
        return prepared.file().completed(prepared.bytes(), made.isEmpty());
    }

    /** Its work is over, well or not. */
    void ended(Prepared prepared) {
        if (prepared.passages().size() > TOGETHER) {
            tries.end(prepared.store().record().id(), prepared.file());
        }
    }

    /** The text of a file, read again within the same time. */
    List<Section> text(VectorStore store, StoreFile file, BooleanSupplier wanted)
            throws IOException, UnreadableFileException, InterruptedException {
        Optional<Path> folder = store.folder();
        return folder.isPresent()
                ? text(folder.get().resolve(file.filename()), file, wanted)
                : uploads.read(file.id(), content -> text(content, file, wanted));
    }

    private List<Section> text(Path content, StoreFile file, BooleanSupplier wanted)
            throws IOException, UnreadableFileException, InterruptedException {
        return within(
                content,
                wanted,
                () -> {},
                () -> reader.read(content, file.filename()).sections());
    }

    private List<Passage> passages(Path content, VectorStore store, StoreFile file, Runnable slow)
            throws IOException, UnreadableFileException, InterruptedException {
        try {
            return within(
                    content,
                    () -> isWanted(store, file),
                    slow,
                    () -> passages(file, reader.read(content, file.filename())));
        } catch (GatewayException e) {
            // Nobody would take it up again.
            if (e.code() == ErrorCode.RETRIEVAL_UNAVAILABLE) {
                throw new UnreadableFileException(String.valueOf(e.getMessage()));
            }
            throw e;
        }
    }

    /** A second more for each MiB. */
    private <T> T within(Path content, BooleanSupplier wanted, Runnable slow, BoundedReading.Work<T> work)
            throws IOException, UnreadableFileException, InterruptedException {
        if (!Files.isRegularFile(content)) {
            throw new UnreadableFileException("the file is gone");
        }
        return reading.within(readTimeout.plusSeconds(Files.size(content) >> 20), wanted, slow, work);
    }

    private static boolean isWanted(VectorStore store, StoreFile file) {
        try {
            StoreFile now = store.record().files().get(file.id());
            return now != null && now.awaitsIngest() && store.passages().isPresent();
        } catch (GatewayException e) {
            return e.code() != ErrorCode.VECTOR_STORE_NOT_FOUND;
        } catch (IOException e) {
            return true;
        }
    }

    private static List<Passage> passages(StoreFile file, Extraction extraction) {
        String title = extraction.title().isEmpty() ? file.filename() : extraction.title();
        String url = file.stamp().isEmpty() ? "/v1/files/" + file.id() + "/content" : "";
        List<Passage> passages = new ArrayList<>();
        for (Section chunk : new Chunker(file.chunkTokens(), file.chunkOverlap()).chunk(extraction.sections())) {
            int ordinal = passages.size();
            passages.add(new Passage(
                    file.id() + "#" + ordinal, file.id(), ordinal, title, chunk.heading(), chunk.text(), url));
        }
        return passages;
    }
}
