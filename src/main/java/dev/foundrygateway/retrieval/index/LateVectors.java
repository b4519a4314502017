package dev.foundrygateway.retrieval.index;

import dev.foundrygateway.retrieval.store.Ingestion;
import dev.foundrygateway.retrieval.store.StoreFile;
import dev.foundrygateway.retrieval.store.StoreFile.Status;
import dev.foundrygateway.retrieval.store.StoreRecord;
import dev.foundrygateway.retrieval.store.VectorStores;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

/**
 * Gives files their vectors that were indexed while the embedding model was down: looks every half minute whether there are such files and the model answers
 * again, and then has some of them ingested anew. Thread-safe.
 */
@ApplicationScoped
public class LateVectors {
    private static final long PERIOD_MILLIS = 30_000;
    /** The next look takes the others: new files shall not wait behind all of these. */
    private static final int FILES_A_LOOK = 64;

    private final VectorStores stores;
    private final Ingestion ingestion;
    private final Vectors vectors;
    private final Vertx vertx;
    private final AtomicBoolean looking = new AtomicBoolean();
    private volatile long timer = -1;

    LateVectors(VectorStores stores, Ingestion ingestion, Vectors vectors, Vertx vertx) {
        this.stores = stores;
        this.ingestion = ingestion;
        this.vectors = vectors;
        this.vertx = vertx;
    }

    void start(@Observes StartupEvent event) {
        if (vectors.wanted()) {
            timer = vertx.setPeriodic(PERIOD_MILLIS, ignored -> onWorker());
        }
    }

    void stop(@Observes ShutdownEvent event) {
        vertx.cancelTimer(timer);
    }

    private void onWorker() {
        if (looking.compareAndSet(false, true)) {
            vertx.executeBlocking(this::look, false).onComplete(ignored -> looking.set(false));
        }
    }

    /**
     * Begins what there is to do; the files are found by their words meanwhile. For worker threads.
     *
     * @return whether anything was begun
     */
    boolean look() {
        List<StoreRecord> lacking = ingestion.idle()
                ? stores.all().stream()
                        .filter(store -> files(store).findAny().isPresent())
                        .toList()
                : List.of();
        if (lacking.isEmpty() || !vectors.answers()) {
            return false;
        }
        long left = FILES_A_LOOK;
        for (StoreRecord store : lacking) {
            List<StoreFile> some = files(store).limit(left).toList();
            some.forEach(file -> ingestion.submit(stores.store(store.id()), file.id()));
            left -= some.size();
        }
        return true;
    }

    private static Stream<StoreFile> files(StoreRecord store) {
        return store.files().values().stream().filter(file -> file.status() == Status.COMPLETED && file.wordsOnly());
    }
}
