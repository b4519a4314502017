package dev.foundrygateway.practice;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The requests received, in the order of their coming, and those who wait for the next ones. Thread-safe. */
final class RequestLog {
    private final List<CompletableFuture<ReceivedRequest>> requests = new ArrayList<>();
    private int count;

    void add(ReceivedRequest request) {
        CompletableFuture<ReceivedRequest> slot;
        synchronized (this) {
            slot = slot(count++);
        }
        // Outside the lock: it runs what depends on it.
        slot.complete(request);
    }

    synchronized List<ReceivedRequest> all() {
        return requests.stream()
                .limit(count)
                .filter(CompletableFuture::isDone)
                .map(CompletableFuture::join)
                .toList();
    }

    synchronized CompletableFuture<ReceivedRequest> request(int index) {
        return slot(index).copy();
    }

    synchronized void clear() {
        requests.clear();
        count = 0;
    }

    private CompletableFuture<ReceivedRequest> slot(int index) {
        while (requests.size() <= index) {
            requests.add(new CompletableFuture<>());
        }
        return requests.get(index);
    }
}
