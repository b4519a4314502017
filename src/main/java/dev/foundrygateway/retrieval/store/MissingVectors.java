package dev.foundrygateway.retrieval.store;

import dev.foundrygateway.retrieval.index.Passages;
import dev.foundrygateway.retrieval.store.StoreFile.Status;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Files that were indexed while no embedding model was set, or by an older version: their records don't say that they lack vectors. They are looked for on a
 * thread of their own, one store after the other, once for each change of a store. Thread-safe.
 */
public final class MissingVectors {
    private static final Logger LOG = Logger.getLogger(MissingVectors.class);

    private final ThreadPoolExecutor thread =
            new ThreadPoolExecutor(1, 1, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), MissingVectors::daemon);

    private final Set<VectorStore> waiting = ConcurrentHashMap.newKeySet();
    private final Map<VectorStore, Look> seen = Collections.synchronizedMap(new WeakHashMap<>());

    /** The files of a store as they were when it was looked at for vectors of so many dimensions. */
    private record Look(Map<String, StoreFile> files, int dimensions) {}

    /** Nothing was looked at yet. */
    public MissingVectors() {
        thread.allowCoreThreadTimeOut(true);
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "retrieval-missing-vectors");
        thread.setDaemon(true);
        return thread;
    }

    /**
     * Notes them, soon, in the record of a store of which a search has seen that it lacks some; nobody waits for it.
     *
     * @param record the store's, as the search saw it
     * @param dimensions of the vectors that they shall have
     */
    void later(VectorStore store, StoreRecord record, int dimensions) {
        if (!isSeen(store, record, dimensions) && waiting.add(store)) {
            thread.execute(() -> {
                try {
                    note(store, dimensions);
                } finally {
                    waiting.remove(store);
                }
            });
        }
    }

    /** Whether a store is looked at. */
    boolean isUnderWay() {
        return !waiting.isEmpty();
    }

    private boolean isSeen(VectorStore store, StoreRecord record, int dimensions) {
        Look look = seen.get(store);
        // A search changes when a store was used, but not its files: they stay the same map.
        return look != null && look.dimensions() == dimensions && isSame(look.files(), record.files());
    }

    @SuppressWarnings("ReferenceEquality") // to compare their entries would cost what this shall save
    private static boolean isSame(Map<String, StoreFile> files, Map<String, StoreFile> others) {
        return files == others;
    }

    /**
     * Notes them in the record of a store of which a search has seen that it lacks some, so that they get them. Where others are noted already, those come first.
     * For worker threads.
     *
     * @param dimensions of the vectors that they shall have
     */
    public void note(VectorStore store, int dimensions) {
        try {
            Optional<Passages> passages = store.passages();
            if (passages.isEmpty()) {
                return;
            }
            StoreRecord record = store.record();
            if (isSeen(store, record, dimensions)) {
                return;
            }
            if (record.files().values().stream()
                    .noneMatch(file -> file.wordsOnly() || file.status() == Status.IN_PROGRESS)) {
                Set<String> lacking = passages.get().filesWithoutVectors(dimensions);
                if (!lacking(record, lacking).isEmpty()) {
                    store.change(now -> now.with(lacking(now, lacking)));
                }
            }
            seen.put(store, new Look(record.files(), dimensions));
        } catch (IOException | RuntimeException e) {
            LOG.debugf(e, "a store's files without vectors are noted at another search");
        }
    }

    private static List<StoreFile> lacking(StoreRecord record, Set<String> files) {
        return files.stream()
                .map(id -> Optional.ofNullable(record.files().get(id)))
                .flatMap(Optional::stream)
                .filter(file -> file.status() == Status.COMPLETED)
                .map(file -> file.completed(file.usageBytes(), true))
                .toList();
    }
}
