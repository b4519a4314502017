package dev.foundrygateway.retrieval;

import dev.foundrygateway.retrieval.StoreFile.Status;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jboss.logging.Logger;

/**
 * Reads, cuts, embeds and indexes files, one after the other on a thread of its own. Files that wait together are committed together; a file is said to be
 * completed only after its commit, so that a crash loses nothing that was said, and a file that was under way is read again. Thread-safe.
 */
@ApplicationScoped
public class Ingestion {
    private static final Logger LOG = Logger.getLogger(Ingestion.class);
    private static final int TOGETHER = 64;
    private static final long TOGETHER_BYTES = 32L << 20;

    private record Job(VectorStore store, String fileId) {}

    private final UploadedFiles uploads;
    private final DocumentReader reader;
    private final Vectors vectors;
    private final BlockingQueue<Job> waiting = new LinkedBlockingQueue<>();
    private final Thread thread;
    private volatile boolean stopped;

    Ingestion(UploadedFiles uploads, Vectors vectors, RetrievalConfig config) {
        this.uploads = uploads;
        this.vectors = vectors;
        this.reader = new DocumentReader(config.maxTextLength());
        this.thread = new Thread(this::run, "retrieval-ingest");
        thread.setDaemon(true);
        thread.start();
    }

    /** Puts a file of a store, which must be in progress there or lack its vectors, into the queue. */
    void submit(VectorStore store, String fileId) {
        waiting.add(new Job(store, fileId));
    }

    /** Whether nothing waits. */
    boolean idle() {
        return waiting.isEmpty();
    }

    void stop(@Observes ShutdownEvent event) throws InterruptedException {
        stopped = true;
        thread.interrupt();
        thread.join(5_000);
    }

    private void run() {
        while (!stopped) {
            try {
                together(waiting.take());
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException | Error e) {
                LOG.error("an ingest failed unexpectedly", e);
            }
        }
    }

    private void together(Job first) {
        Map<VectorStore, List<StoreFile>> done = new LinkedHashMap<>();
        Job job = first;
        long bytes = 0;
        for (int count = 1; job != null && !stopped; count++) {
            bytes += one(job, done);
            job = count < TOGETHER && bytes < TOGETHER_BYTES ? waiting.poll() : null;
        }
        if (!stopped) {
            done.forEach(this::commit);
        }
    }

    private long one(Job job, Map<VectorStore, List<StoreFile>> done) {
        StoreFile file = job.store().record().files().get(job.fileId());
        if (file == null || !file.awaitsIngest()) {
            return 0;
        }
        StoreFile outcome;
        try {
            outcome = index(job.store(), file);
        } catch (UnreadableFileException e) {
            outcome = file.failed(String.valueOf(e.getMessage()));
        } catch (IOException | RuntimeException e) {
            LOG.warnf(
                    e,
                    "ingest of %s into %s failed",
                    file.id(),
                    job.store().record().id());
            outcome = file.failed("the ingest failed: " + e.getMessage());
            recover(job.store());
        } catch (OutOfMemoryError | StackOverflowError | LinkageError e) {
            // This file's failure alone, be it a library's class that a native image lacks: else the others of its
            // round would wait with it.
            LOG.warnf(e, "ingest of %s ended in an error", file.id());
            outcome = file.failed(
                    e instanceof LinkageError
                            ? "this build of the gateway cannot read such files"
                            : "the file is nested too deeply or takes too much memory to read");
            recover(job.store());
        }
        if (file.status() == Status.COMPLETED && outcome.status() != Status.COMPLETED) {
            return 0; // it came for its vectors alone, and is found by its words as before
        }
        done.computeIfAbsent(job.store(), store -> new ArrayList<>()).add(outcome);
        return outcome.usageBytes();
    }

    private StoreFile index(VectorStore store, StoreFile file) throws IOException, UnreadableFileException {
        Path content = store.folder()
                .map(folder -> folder.resolve(file.filename()))
                .orElseGet(() -> uploads.content(file.id()));
        if (!Files.isRegularFile(content)) {
            throw new UnreadableFileException("the file is gone");
        }
        Extraction extraction = reader.read(content, file.filename());
        List<Passage> passages = passages(file, extraction);
        Optional<List<float[]>> made = vectors.ofPassages(passages);
        var index = store.index();
        if (index.isPresent()) {
            index.get().replace(file.id(), passages, made.orElse(List.of()));
        }
        long bytes = 0;
        for (Passage passage : passages) {
            bytes += passage.text().getBytes(StandardCharsets.UTF_8).length;
        }
        return file.completed(bytes, made.isEmpty());
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

    private void commit(VectorStore store, List<StoreFile> outcomes) {
        List<StoreFile> results = outcomes;
        try {
            var index = store.index();
            if (index.isEmpty()) {
                return;
            }
            index.get().commit();
        } catch (IOException | RuntimeException e) {
            LOG.errorf(e, "the index of %s was not committed", store.record().id());
            recover(store);
            results = outcomes.stream()
                    .filter(file -> !lacksVectorsOnly(store, file))
                    .map(file -> file.failed(String.valueOf(SafeFiles.failure("the ingest failed", asDiskFailure(e))
                            .getMessage())))
                    .toList();
        }
        publish(store, results);
    }

    private static boolean lacksVectorsOnly(VectorStore store, StoreFile file) {
        StoreFile now = store.record().files().get(file.id());
        return now != null && now.status() == Status.COMPLETED;
    }

    private static IOException asDiskFailure(Exception e) {
        return e instanceof IOException disk ? disk : new IOException(e);
    }

    private static void publish(VectorStore store, List<StoreFile> results) {
        List<String> gone = new ArrayList<>();
        try {
            store.change(record -> {
                gone.clear();
                StoreRecord changed = record;
                for (StoreFile result : results) {
                    StoreFile now = record.files().get(result.id());
                    if (now == null || !now.awaitsIngest()) {
                        gone.add(result.id());
                    } else if (now.createdAt() == result.createdAt()
                            && now.stamp().equals(result.stamp())) {
                        changed = changed.with(result.withAttributes(now.attributes()));
                    }
                }
                return changed;
            });
            var index = store.index();
            if (!gone.isEmpty() && index.isPresent()) {
                // Taken out or cancelled while it was under way.
                for (String file : gone) {
                    index.get().remove(file);
                }
                index.get().commit();
            }
        } catch (IOException e) {
            LOG.errorf(
                    e,
                    "the record of %s was not written; its files are read again at the next start",
                    store.record().id());
        }
    }

    private static void recover(VectorStore store) {
        try {
            var index = store.index();
            if (index.isPresent()) {
                index.get().recover();
            }
        } catch (IOException | RuntimeException e) {
            LOG.errorf(e, "the index of %s did not recover", store.record().id());
        }
    }
}
