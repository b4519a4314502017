package dev.foundrygateway.retrieval.store;

import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.openai.ErrorCode;
import dev.foundrygateway.retrieval.RetrievalConfig;
import dev.foundrygateway.retrieval.index.Passage;
import dev.foundrygateway.retrieval.index.Vectors;
import dev.foundrygateway.retrieval.read.Chunker;
import dev.foundrygateway.retrieval.read.DocumentReader;
import dev.foundrygateway.retrieval.read.Extraction;
import dev.foundrygateway.retrieval.read.Section;
import dev.foundrygateway.retrieval.read.UnreadableFileException;
import dev.foundrygateway.retrieval.store.StoreFile.Status;
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
import java.util.concurrent.ConcurrentHashMap;
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
    /** The jobs that wait or are worked on, each with how often it was submitted. */
    private final Map<Job, Integer> underWay = new ConcurrentHashMap<>();

    private final Thread thread;
    private volatile boolean stopped;

    public Ingestion(UploadedFiles uploads, Vectors vectors, RetrievalConfig config) {
        this.uploads = uploads;
        this.vectors = vectors;
        this.reader = new DocumentReader(config.maxTextLength());
        this.thread = new Thread(this::run, "retrieval-ingest");
        thread.setDaemon(true);
        thread.start();
    }

    /** Puts a file of a store, which must be in progress there or lack its vectors, into the queue. */
    public void submit(VectorStore store, String fileId) {
        Job job = new Job(store, fileId);
        underWay.merge(job, 1, Integer::sum);
        waiting.add(job);
    }

    /** The same for a file that was left in progress, if it is not under way here already. */
    void resume(VectorStore store, String fileId) {
        if (!underWay.containsKey(new Job(store, fileId))) {
            submit(store, fileId);
        }
    }

    /** Whether nothing waits. */
    public boolean idle() {
        return waiting.isEmpty();
    }

    public void stop(@Observes ShutdownEvent event) throws InterruptedException {
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
        List<Job> taken = new ArrayList<>();
        Job job = first;
        long bytes = 0;
        try {
            while (job != null && !stopped) {
                taken.add(job);
                bytes += one(job, done);
                job = taken.size() < TOGETHER && bytes < TOGETHER_BYTES ? waiting.poll() : null;
            }
            if (!stopped) {
                done.forEach(this::commit);
            }
        } finally {
            taken.forEach(ended -> underWay.computeIfPresent(ended, (same, count) -> count > 1 ? count - 1 : null));
        }
    }

    private long one(Job job, Map<VectorStore, List<StoreFile>> done) {
        StoreFile file;
        StoreFile outcome;
        try {
            file = job.store().record().files().get(job.fileId());
            if (file == null || !file.awaitsIngest()) {
                return 0;
            }
            outcome = outcome(job.store(), file, done);
        } catch (GatewayException e) {
            // Its engine is away or the store is gone: a file that is still in progress is taken up again.
            LOG.warnf("ingest of %s waits: %s", job.fileId(), e.getMessage());
            return 0;
        }
        if (file.status() == Status.COMPLETED && outcome.status() != Status.COMPLETED) {
            return 0; // it came for its vectors alone, and is found by its words as before
        }
        done.computeIfAbsent(job.store(), store -> new ArrayList<>()).add(outcome);
        return outcome.usageBytes();
    }

    private StoreFile outcome(VectorStore store, StoreFile file, Map<VectorStore, List<StoreFile>> done) {
        try {
            return index(store, file);
        } catch (UnreadableFileException e) {
            return file.failed(String.valueOf(e.getMessage()));
        } catch (GatewayException e) {
            if (e.code() == ErrorCode.RETRIEVAL_UNAVAILABLE) {
                throw e;
            }
            return file.failed(String.valueOf(e.getMessage()));
        } catch (IOException | RuntimeException e) {
            LOG.warnf(e, "ingest of %s failed", file.id());
            startOver(store, done);
            return file.failed("the ingest failed: " + e.getMessage());
        } catch (OutOfMemoryError | StackOverflowError | LinkageError e) {
            // This file's failure alone, be it a library's class that a native image lacks: else the others of its
            // round would wait with it.
            LOG.warnf(e, "ingest of %s ended in an error", file.id());
            startOver(store, done);
            return file.failed(
                    e instanceof LinkageError
                            ? "this build of the gateway cannot read such files"
                            : "the file is nested too deeply or takes too much memory to read");
        }
    }

    /** What was not committed is dropped: the files of this round that it takes with it are read again. */
    private void startOver(VectorStore store, Map<VectorStore, List<StoreFile>> done) {
        recover(store);
        List<StoreFile> dropped = done.remove(store);
        if (dropped != null) {
            dropped.forEach(file -> submit(store, file.id()));
        }
    }

    private StoreFile index(VectorStore store, StoreFile file) throws IOException, UnreadableFileException {
        Optional<Path> folder = store.folder();
        Extraction extraction = folder.isPresent()
                ? extraction(folder.get().resolve(file.filename()), file)
                : uploads.read(file.id(), content -> extraction(content, file));
        List<Passage> passages = passages(file, extraction);
        Optional<List<float[]>> made = vectors.ofPassages(passages);
        var target = store.passages();
        if (target.isPresent()) {
            target.get().replace(file.id(), passages, made.orElse(List.of()));
        }
        long bytes = 0;
        for (Passage passage : passages) {
            bytes += passage.text().getBytes(StandardCharsets.UTF_8).length;
        }
        return file.completed(bytes, made.isEmpty());
    }

    private Extraction extraction(Path content, StoreFile file) throws IOException, UnreadableFileException {
        if (!Files.isRegularFile(content)) {
            throw new UnreadableFileException("the file is gone");
        }
        return reader.read(content, file.filename());
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
            var passages = store.passages();
            if (passages.isEmpty()) {
                return;
            }
            passages.get().commit();
        } catch (GatewayException e) {
            LOG.warnf("files in progress wait: %s", e.getMessage());
            return;
        } catch (IOException | RuntimeException e) {
            LOG.error("an index was not committed", e);
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
            var passages = store.passages();
            if (!gone.isEmpty() && passages.isPresent()) {
                // Taken out or cancelled while it was under way.
                for (String file : gone) {
                    passages.get().remove(file);
                }
                passages.get().commit();
            }
        } catch (GatewayException e) {
            LOG.warnf("files in progress wait: %s", e.getMessage());
        } catch (IOException e) {
            LOG.error("a store's record was not written; its files are read again at the next start", e);
        }
    }

    private static void recover(VectorStore store) {
        try {
            var passages = store.passages();
            if (passages.isPresent()) {
                passages.get().recover();
            }
        } catch (IOException | RuntimeException e) {
            LOG.error("an index did not recover", e);
        }
    }
}
