package dev.foundrygateway.retrieval.store;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Files that wait for their ingest, fair between stores: each gets one file in its turn, however many another has. A store is one lane's at a time, so that
 * its files are committed in their order. Thread-safe.
 */
final class IngestQueue {
    private final Map<VectorStore, Deque<Job>> waiting = new LinkedHashMap<>();
    /** Files that are found by their words already: behind all others. */
    private final Map<VectorStore, Deque<Job>> late = new LinkedHashMap<>();

    private final Set<VectorStore> taken = new HashSet<>();

    /** A file of a store. */
    record Job(VectorStore store, String fileId) {}

    synchronized void add(Job job) {
        add(waiting, job);
    }

    synchronized void addLate(Job job) {
        add(late, job);
    }

    private void add(Map<VectorStore, Deque<Job>> to, Job job) {
        to.computeIfAbsent(job.store(), store -> new ArrayDeque<>()).add(job);
        notifyAll();
    }

    /** The next job of a store that no lane has; waits for one. */
    synchronized Job take() throws InterruptedException {
        Optional<Job> next = more(Set.of());
        while (next.isEmpty()) {
            wait();
            next = more(Set.of());
        }
        return next.get();
    }

    /** The next job of a store that no other lane has; empty if there is none now. */
    synchronized Optional<Job> more(Set<VectorStore> own) {
        return more(waiting, own).or(() -> more(late, own));
    }

    /**
     * The next one of the same kind: none while others come first.
     *
     * @param lateOnes whether it shall be one that lacks its vectors alone
     */
    synchronized Optional<Job> more(Set<VectorStore> own, boolean lateOnes) {
        if (!lateOnes) {
            return more(waiting, own);
        }
        boolean others = waiting.keySet().stream().anyMatch(store -> !taken.contains(store) || own.contains(store));
        return others ? Optional.empty() : more(late, own);
    }

    private Optional<Job> more(Map<VectorStore, Deque<Job>> from, Set<VectorStore> own) {
        Iterator<Map.Entry<VectorStore, Deque<Job>>> stores = from.entrySet().iterator();
        while (stores.hasNext()) {
            Map.Entry<VectorStore, Deque<Job>> entry = stores.next();
            VectorStore store = entry.getKey();
            if (!taken.contains(store) || own.contains(store)) {
                Deque<Job> jobs = entry.getValue();
                Job job = jobs.remove();
                stores.remove();
                if (!jobs.isEmpty()) {
                    from.put(store, jobs);
                }
                taken.add(store);
                return Optional.of(job);
            }
        }
        return Optional.empty();
    }

    /** Gives stores back that a lane had. */
    synchronized void release(Collection<VectorStore> stores) {
        taken.removeAll(stores);
        notifyAll();
    }

    synchronized boolean isEmpty() {
        return waiting.isEmpty() && late.isEmpty();
    }
}
