package dev.foundrygateway.retrieval.store;

import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.openai.ErrorCode;
import dev.foundrygateway.retrieval.RetrievalConfig;
import dev.foundrygateway.retrieval.index.Vectors;
import dev.foundrygateway.retrieval.read.Section;
import dev.foundrygateway.retrieval.read.UnreadableFileException;
import dev.foundrygateway.retrieval.store.IngestQueue.Job;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jboss.logging.Logger;

/**
 * Reads, cuts, embeds and indexes files on {@value #LANES} threads, each of which has stores of its own for a round: a file that is hard to read holds the
 * store that it belongs to, not the others. A file is said to be completed only after its commit, so that a crash loses nothing that was said, and a file that
 * was under way is read again. Thread-safe.
 */
@ApplicationScoped
public final class Ingestion {
    private static final Logger LOG = Logger.getLogger(Ingestion.class);
    private static final int TEXT_WAIT_SECONDS = 10;
    private static final int LANES = 2;

    private final FileIngest ingest;
    private final IngestQueue queue = new IngestQueue();
    /** The jobs that wait or are worked on, each with how often it was submitted. */
    private final Map<Job, Integer> underWay = new ConcurrentHashMap<>();

    /** As many texts are read again at a time as files are ingested. */
    private final Semaphore texts = new Semaphore(LANES);

    private final List<Thread> lanes = new ArrayList<>();
    private volatile boolean stopped;

    public Ingestion(UploadedFiles uploads, Vectors vectors, RetrievalConfig config) {
        this.ingest = new FileIngest(uploads, vectors, config);
        for (int i = 0; i < LANES; i++) {
            Thread lane = new Thread(this::run, "retrieval-ingest-" + i);
            lane.setDaemon(true);
            lanes.add(lane);
        }
        lanes.forEach(Thread::start);
    }

    /** Puts a file of a store, which must be in progress there or lack its vectors, into the queue. */
    public void submit(VectorStore store, String fileId) {
        Job job = new Job(store, fileId);
        underWay.merge(job, 1, Integer::sum);
        queue.add(job);
    }

    /** The same behind all others, for a file that lacks its vectors alone. */
    public void submitLate(VectorStore store, String fileId) {
        Job job = new Job(store, fileId);
        underWay.merge(job, 1, Integer::sum);
        queue.addLate(job);
    }

    /** The same for a file that was left in progress, if it is not under way here already. */
    void resume(VectorStore store, String fileId) {
        if (!underWay.containsKey(new Job(store, fileId))) {
            submit(store, fileId);
        }
    }

    /** The text of a file that was ingested, read again. */
    List<Section> text(VectorStore store, StoreFile file, BooleanSupplier wanted) {
        boolean turn = false;
        try {
            turn = texts.tryAcquire(TEXT_WAIT_SECONDS, TimeUnit.SECONDS);
            if (!turn) {
                throw new GatewayException(
                        ErrorCode.RETRIEVAL_UNAVAILABLE,
                        "other files are being read; ask again",
                        "",
                        Duration.ofSeconds(TEXT_WAIT_SECONDS));
            }
            return ingest.text(store, file, wanted);
        } catch (UnreadableFileException e) {
            throw new GatewayException(ErrorCode.INVALID_REQUEST, String.valueOf(e.getMessage()), "file_id");
        } catch (IOException e) {
            throw DiskFailure.of("the file was not read", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new GatewayException(ErrorCode.RETRIEVAL_UNAVAILABLE, "the gateway is ending");
        } finally {
            if (turn) {
                texts.release();
            }
        }
    }

    /** Whether nothing waits. */
    public boolean idle() {
        return queue.isEmpty();
    }

    public void stop(@Observes ShutdownEvent event) throws InterruptedException {
        stopped = true;
        lanes.forEach(Thread::interrupt);
        for (Thread lane : lanes) {
            lane.join(5_000);
        }
    }

    private void run() {
        while (!stopped) {
            IngestRound round = new IngestRound(ingest, queue, this);
            try {
                round.run(queue.take());
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException | Error e) {
                LOG.error("an ingest failed unexpectedly", e);
            } finally {
                round.end();
            }
        }
    }

    boolean isStopped() {
        return stopped;
    }

    /** It is neither waiting nor worked on any more. */
    void ended(Job job) {
        underWay.computeIfPresent(job, (same, count) -> count > 1 ? count - 1 : null);
    }
}
