package dev.foundrygateway.retrieval.index;

import dev.foundrygateway.retrieval.store.Ingestion;
import dev.foundrygateway.retrieval.store.StoreFile.Status;
import dev.foundrygateway.retrieval.store.VectorStores;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Gives files their vectors that were indexed while the embedding model was down: looks every half minute whether there are such files and the model answers
 * again, and then has them ingested anew, as fast as it makes vectors, behind whatever else is to be read. Thread-safe.
 */
@ApplicationScoped
public class LateVectors {
    private static final long PERIOD_MILLIS = 1_000;
    private static final int FILES_A_LOOK = 1_024;
    /** A file that got none is tried again after so many looks. */
    private static final int LOOKS_UNTIL_AGAIN = 10;

    private static final int PERIODS_BETWEEN_LOOKS = 30;

    private final VectorStores stores;
    private final Ingestion ingestion;
    private final Vectors vectors;
    private final Vertx vertx;
    private final AtomicBoolean looking = new AtomicBoolean();
    private final Set<String> tried = ConcurrentHashMap.newKeySet();
    private int looks;
    private int periods;
    private volatile boolean underWay;
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
        boolean due = periods++ % PERIODS_BETWEEN_LOOKS == 0;
        if ((due || underWay) && looking.compareAndSet(false, true)) {
            vertx.executeBlocking(this::look, false).onComplete(begun -> {
                underWay = (begun.succeeded() && begun.result()) || (underWay && !ingestion.idle());
                looking.set(false);
            });
        }
    }

    /**
     * Begins what there is to do; the files are found by their words meanwhile. For worker threads.
     *
     * @return whether anything was begun
     */
    boolean look() {
        if (++looks % LOOKS_UNTIL_AGAIN == 0) {
            tried.clear();
        }
        if (looks == 1 && stores.all().stream().anyMatch(store -> !store.files().isEmpty())) {
            vectors.warm();
        }
        if (!ingestion.idle()) {
            return false;
        }
        List<Lacking> lacking = stores.all().stream()
                .flatMap(store -> store.files().values().stream()
                        .filter(file -> file.status() == Status.COMPLETED && file.wordsOnly())
                        .map(file -> new Lacking(store.id(), file.id())))
                .filter(file -> !tried.contains(file.key()))
                .limit(FILES_A_LOOK)
                .toList();
        if (lacking.isEmpty() || !vectors.answers()) {
            return false;
        }
        for (Lacking file : lacking) {
            tried.add(file.key());
            ingestion.submitLate(stores.store(file.store()), file.file());
        }
        return true;
    }

    /** A file without vectors. */
    private record Lacking(String store, String file) {
        String key() {
            return store + "/" + file;
        }
    }
}
