package dev.foundrygateway.retrieval.store;

import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.openai.ErrorCode;
import dev.foundrygateway.retrieval.index.Passages;
import dev.foundrygateway.retrieval.read.UnreadableFileException;
import dev.foundrygateway.retrieval.store.FileIngest.Prepared;
import dev.foundrygateway.retrieval.store.IngestQueue.Job;
import dev.foundrygateway.retrieval.store.StoreFile.Status;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import org.apache.lucene.store.AlreadyClosedException;
import org.jboss.logging.Logger;

/**
 * Some files that are read one after the other, embedded and committed together. Where one takes long, those before it are committed without it. Confined to its lane's
 * thread.
 */
final class IngestRound {
    private static final Logger LOG = Logger.getLogger(IngestRound.class);
    private static final int TOGETHER = 64;
    private static final long TOGETHER_BYTES = 32L << 20;
    /** Those that were read first don't wait longer for the others. */
    private static final long TOGETHER_NANOS = Duration.ofSeconds(2).toNanos();

    private final FileIngest ingest;
    private final IngestQueue queue;
    private final Ingestion ingestion;
    /** Whether another round of its lane goes on behind it. */
    private final boolean within;

    private final Map<VectorStore, List<StoreFile>> done = new LinkedHashMap<>();
    private final List<Prepared> prepared = new ArrayList<>();
    private final List<Job> taken = new ArrayList<>();
    private final Set<VectorStore> stores = new HashSet<>();
    /** The indexes that this round has written to. */
    private final Map<VectorStore, Passages> targets = new HashMap<>();
    /** Stores that have another index now than one that was written to, such as one of another language: their files are read again. */
    private final Set<VectorStore> begunAnew = new HashSet<>();

    IngestRound(FileIngest ingest, IngestQueue queue, Ingestion ingestion) {
        this(ingest, queue, ingestion, false);
    }

    private IngestRound(FileIngest ingest, IngestQueue queue, Ingestion ingestion, boolean within) {
        this.within = within;
        this.ingest = ingest;
        this.queue = queue;
        this.ingestion = ingestion;
    }

    void run(Job first) throws InterruptedException {
        Optional<Job> job = Optional.of(first);
        boolean late = isLate(first);
        long began = System.nanoTime();
        long bytes = 0;
        while (job.isPresent() && !ingestion.isStopped()) {
            taken.add(job.get());
            stores.add(job.get().store());
            bytes += one(job.get());
            boolean more =
                    taken.size() < TOGETHER && bytes < TOGETHER_BYTES && System.nanoTime() - began < TOGETHER_NANOS;
            job = more ? queue.more(stores, late) : Optional.empty();
        }
        if (!ingestion.isStopped()) {
            commit();
        }
    }

    /** Whether it lacks its vectors alone. */
    private static boolean isLate(Job job) {
        try {
            StoreFile file = job.store().record().files().get(job.fileId());
            return file != null && file.status() == Status.COMPLETED;
        } catch (GatewayException e) {
            return false;
        }
    }

    /** Gives back what it had. */
    void end() {
        taken.forEach(ingestion::ended);
        queue.release(stores);
        if (!ingestion.isStopped()) {
            targets.keySet().forEach(this::isAnother);
            taken.stream().filter(job -> begunAnew.contains(job.store())).forEach(this::readAgain);
        }
    }

    private void readAgain(Job job) {
        try {
            StoreFile file = job.store().record().files().get(job.fileId());
            if (file != null && file.status() == Status.IN_PROGRESS) {
                ingestion.resume(job.store(), job.fileId());
            }
        } catch (GatewayException e) {
            LOG.warnf("ingest of %s waits: %s", job.fileId(), e.getMessage());
        }
    }

    /** Whether a store has another index now than the one that was written to. */
    private boolean isAnother(VectorStore store) {
        try {
            Optional<Passages> now = store.passages();
            Passages before = targets.get(store);
            if (before != null && now.isPresent() && now.get() != before) {
                begunAnew.add(store);
                return true;
            }
        } catch (IOException | RuntimeException e) {
            LOG.debugf(e, "an index cannot be opened now");
        }
        return false;
    }

    private void commit() throws InterruptedException {
        write();
        done.forEach(this::commit);
        done.clear();
    }

    /** The files before one that takes long don't wait for it, and other lanes may have their stores. */
    private void commitBefore(VectorStore slow) {
        try {
            commit();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        stores.remove(slow);
        queue.release(stores);
        stores.clear();
        stores.add(slow);
    }

    private long one(Job job) throws InterruptedException {
        VectorStore store = job.store();
        StoreFile file;
        try {
            file = store.record().files().get(job.fileId());
        } catch (GatewayException e) {
            LOG.warnf("ingest of %s waits: %s", job.fileId(), e.getMessage());
            return 0;
        }
        if (file == null || !file.awaitsIngest()) {
            return 0;
        }
        int before = prepared.size();
        attempt(store, file, () -> prepared.add(ingest.prepare(store, file, () -> commitBefore(store))));
        long bytes =
                prepared.size() > before ? prepared.get(prepared.size() - 1).bytes() : 0;
        if (prepared.stream().mapToInt(one -> one.passages().size()).sum() >= FileIngest.TOGETHER) {
            write();
        }
        return bytes;
    }

    /** Gives those that were read their vectors, and writes them. */
    private void write() throws InterruptedException {
        if (prepared.isEmpty()) {
            return;
        }
        List<Prepared> files = List.copyOf(prepared);
        prepared.clear();
        try {
            List<Optional<List<float[]>>> vectors = ingest.vectors(files, this::letOthersBy);
            for (int i = 0; i < files.size(); i++) {
                Prepared file = files.get(i);
                Optional<List<float[]>> own = vectors.get(i);
                attempt(file.store(), file.file(), () -> write(file, own));
            }
        } finally {
            files.forEach(ingest::ended);
        }
    }

    /** A text whose vectors take minutes doesn't hold the files of stores that no lane has. */
    private void letOthersBy() {
        Optional<Job> other = within ? Optional.empty() : queue.more(Set.of(), false);
        if (other.isPresent()) {
            IngestRound round = new IngestRound(ingest, queue, ingestion, true);
            try {
                round.run(other.get());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                round.end();
            }
        }
    }

    private void write(Prepared file, Optional<List<float[]>> vectors) throws IOException {
        VectorStore store = file.store();
        Optional<Passages> target = store.passages();
        if (target.isPresent()) {
            Passages before = targets.put(store, target.get());
            if (before != null && before != target.get()) {
                begunAnew.add(store);
                done.remove(store);
            }
        }
        try {
            done(store, ingest.write(file, target, vectors));
        } catch (AlreadyClosedException e) {
            if (!isAnother(store)) {
                throw e;
            }
            LOG.debugf(
                    "%s is read again: its store has another index now",
                    file.file().id());
        }
    }

    private void done(VectorStore store, StoreFile outcome) {
        done.computeIfAbsent(store, same -> new ArrayList<>()).add(outcome);
    }

    /** What is done with one file, whose failure is its own. */
    @FunctionalInterface
    private interface Step {
        void run() throws IOException, UnreadableFileException, InterruptedException;
    }

    private void attempt(VectorStore store, StoreFile file, Step step) throws InterruptedException {
        try {
            step.run();
        } catch (UnreadableFileException e) {
            failed(store, file, String.valueOf(e.getMessage()));
        } catch (GatewayException e) {
            if (e.code() == ErrorCode.RETRIEVAL_UNAVAILABLE || e.code() == ErrorCode.VECTOR_STORE_NOT_FOUND) {
                // Its engine is away or the store is gone: a file that is still in progress is taken up again.
                LOG.warnf("ingest of %s waits: %s", file.id(), e.getMessage());
            } else {
                failed(store, file, String.valueOf(e.getMessage()));
            }
        } catch (CancellationException e) {
            LOG.debugf("ingest of %s ended: %s", file.id(), e.getMessage());
        } catch (IOException | RuntimeException e) {
            LOG.warnf(e, "ingest of %s failed", file.id());
            startOver(store);
            failed(store, file, StoreFile.INGEST_FAILED + ": " + e.getMessage());
        } catch (OutOfMemoryError | StackOverflowError | LinkageError e) {
            // This file's failure alone, be it a library's class that a native image lacks: else the others of its
            // round would wait with it.
            LOG.warnf(e, "ingest of %s ended in an error", file.id());
            startOver(store);
            failed(
                    store,
                    file,
                    e instanceof LinkageError
                            ? StoreFile.NOT_IN_THIS_BUILD
                            : "the file is nested too deeply or takes too much memory to read");
        }
    }

    private void failed(VectorStore store, StoreFile file, String why) {
        // One that came for its vectors alone is found by its words as before.
        if (file.status() != Status.COMPLETED) {
            done(store, file.failed(why));
        }
    }

    /** What was not committed is dropped: the files of this round that it takes with it are read again. */
    private void startOver(VectorStore store) {
        recover(store);
        List<StoreFile> outcomes = done.remove(store);
        if (outcomes != null) {
            for (StoreFile outcome : outcomes) {
                if (outcome.status() == Status.FAILED) {
                    done(store, outcome); // it has nothing in the index
                } else {
                    ingestion.submit(store, outcome.id());
                }
            }
        }
    }

    private void commit(VectorStore store, List<StoreFile> outcomes) {
        List<StoreFile> results = outcomes;
        if (isAnother(store)) {
            return;
        }
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
            if (isAnother(store)) {
                return;
            }
            LOG.error("an index was not committed", e);
            recover(store);
            results = outcomes.stream()
                    .filter(file -> !lacksVectorsOnly(store, file))
                    .map(file -> file.failed(String.valueOf(DiskFailure.of(StoreFile.INGEST_FAILED, asDiskFailure(e))
                            .getMessage())))
                    .toList();
        }
        publish(store, results);
        if (isAnother(store)) {
            putBack(store, results);
        }
    }

    /** They were published just after their index was closed. */
    private static void putBack(VectorStore store, List<StoreFile> results) {
        List<String> ids = results.stream().map(StoreFile::id).toList();
        try {
            store.change(record -> record.with(ids.stream()
                    .map(record.files()::get)
                    .filter(Objects::nonNull)
                    .filter(file -> file.status() == Status.COMPLETED)
                    .map(StoreFile::again)
                    .toList()));
        } catch (GatewayException | IOException e) {
            LOG.error("files whose index has gone were not put in progress", e);
        }
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
                List<StoreFile> changed = new ArrayList<>();
                for (StoreFile result : results) {
                    StoreFile now = record.files().get(result.id());
                    if (now == null || !now.awaitsIngest()) {
                        gone.add(result.id());
                    } else if (now.createdAt() == result.createdAt()
                            && now.stamp().equals(result.stamp())) {
                        changed.add(result.withAttributes(now.attributes()));
                    }
                }
                return record.with(changed);
            });
            if (!gone.isEmpty()) {
                store.forget(gone); // taken out or cancelled while it was under way
            }
        } catch (GatewayException e) {
            LOG.warnf("files in progress wait: %s", e.getMessage());
        } catch (AlreadyClosedException e) {
            LOG.debugf(e, "an index went with all that was taken out of it");
        } catch (IOException | RuntimeException e) {
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
