package dev.foundrygateway.upstream;

import dev.foundrygateway.exchange.NanoClock;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets so many calls run at a time and so many wait, first come, first served. Thread-safe and without locks: while there is a slot, entering and leaving
 * cost one atomic step each. How many may run is what its {@link ConcurrencyLimit} makes of the spans in which all slots were taken.
 */
final class ModelQueue {
    /** One call that may have to wait. Each is granted, withdrawn or refused once. */
    static final class Waiter {
        private final Runnable granted;
        private final Supplier<String> requestId;
        private final AtomicBoolean claimed = new AtomicBoolean();

        /** A call of nobody's in particular. */
        Waiter(Runnable granted) {
            this(granted, () -> "");
        }

        /**
         * A call.
         *
         * @param granted run when a slot is its own, on the thread of whoever left
         * @param requestId whose call it is, for those who look at the queue
         */
        Waiter(Runnable granted, Supplier<String> requestId) {
            this.granted = granted;
            this.requestId = requestId;
        }
    }

    /** What became of a call that wants to enter. */
    enum Entry {
        RUNS,
        WAITS,
        REFUSED
    }

    /** How much a new service time counts against all before it. */
    private static final double WEIGHT = 0.2;

    /** Since when all slots have been taken, how many those were, and how much had arrived by then. */
    private record Full(long sinceNanos, int slots, long arrived) {}

    private final int places;
    private final NanoClock clock;
    private final AtomicInteger running = new AtomicInteger();
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicInteger drains = new AtomicInteger();
    private final Queue<Waiter> queue = new ConcurrentLinkedQueue<>();
    private final AtomicReference<@Nullable Full> full = new AtomicReference<>();
    private final LongAdder arrived = new LongAdder();
    /** Written by whoever took the mark of a span; should two do so at once, one span is lost. */
    private volatile ConcurrencyLimit limit;

    private volatile double serviceNanos;
    private volatile long lastLeftNanos;

    /**
     * An empty queue.
     *
     * @param limit how many run at a time
     * @param places how many may wait
     */
    ModelQueue(ConcurrencyLimit limit, int places, NanoClock clock) {
        this.limit = limit;
        this.places = places;
        this.clock = clock;
        this.lastLeftNanos = clock.nanos();
    }

    /** Takes a slot if one is free and nobody waits for it. */
    boolean tryEnter() {
        return waiting.get() == 0 && takeSlot();
    }

    /** Takes a slot, or a place in the queue if there is one. A waiter that {@code WAITS} may have been granted its slot already. */
    Entry enter(Waiter waiter) {
        if (tryEnter()) {
            return Entry.RUNS;
        }
        if (waiting.incrementAndGet() > places) {
            waiting.decrementAndGet();
            return Entry.REFUSED;
        }
        queue.add(waiter);
        drain();
        return Entry.WAITS;
    }

    /** The waiter won't come any more. False if it was granted its slot before: then that has to be left. */
    boolean withdraw(Waiter waiter) {
        if (!waiter.claimed.compareAndSet(false, true)) {
            return false;
        }
        if (queue.remove(waiter)) {
            waiting.decrementAndGet();
        }
        return true;
    }

    /**
     * Gives a slot back.
     *
     * @param tookNanos how long the call took, zero if that says nothing of the next one's time
     */
    void leave(long tookNanos) {
        if (tookNanos > 0) {
            double before = serviceNanos;
            serviceNanos = before == 0 ? tookNanos : before + WEIGHT * (tookNanos - before);
        }
        lastLeftNanos = clock.nanos();
        measure();
        running.decrementAndGet();
        if (waiting.get() > 0) {
            drain();
        }
    }

    /** When a call that is refused now would find a place: from how long calls took lately. Zero if none has ended yet. */
    Duration retryAfter() {
        double perSlot = serviceNanos / slots();
        return Duration.ofNanos((long) (perSlot * (waiting.get() + 1)));
    }

    /** How many may run now. */
    int slots() {
        return limit.size();
    }

    /**
     * Something of the answers that run has arrived.
     *
     * @param work how much, in any unit that all answers share
     */
    void arrived(int work) {
        arrived.add(work);
    }

    int waiting() {
        return waiting.get();
    }

    /** Whose calls wait, the next one first. */
    List<String> requestIds() {
        return queue.stream().map(waiter -> waiter.requestId.get()).toList();
    }

    /** How many run. */
    int running() {
        return running.get();
    }

    /** Since when nothing has run and nobody waited, on the clock given; {@link Long#MAX_VALUE} if somebody does. */
    long idleSinceNanos() {
        return running.get() + waiting.get() > 0 ? Long.MAX_VALUE : lastLeftNanos;
    }

    private boolean takeSlot() {
        while (true) {
            int now = running.get();
            int slots = slots();
            if (now >= slots) {
                return false;
            }
            if (running.compareAndSet(now, now + 1)) {
                if (now + 1 == slots && limit.moves()) {
                    full.compareAndSet(null, new Full(clock.nanos(), slots, arrived.sum()));
                }
                return true;
            }
        }
    }

    /** One of those that took all slots leaves: what arrived meanwhile tells how well so many run together. */
    private void measure() {
        Full since = full.getAndSet(null);
        if (since != null) {
            double seconds = (clock.nanos() - since.sinceNanos()) / 1e9;
            limit = limit.after(since.slots(), seconds, (double) (arrived.sum() - since.arrived()));
        }
    }

    /** Hands free slots to waiters. One thread at a time; another that comes meanwhile makes it go round once more. */
    private void drain() {
        if (drains.getAndIncrement() != 0) {
            return;
        }
        int missed = 1;
        do {
            while (!queue.isEmpty() && takeSlot()) {
                Waiter next = queue.poll();
                if (next == null) {
                    running.decrementAndGet();
                    break;
                }
                waiting.decrementAndGet();
                if (next.claimed.compareAndSet(false, true)) {
                    next.granted.run();
                } else {
                    running.decrementAndGet();
                }
            }
            missed = drains.addAndGet(-missed);
        } while (missed != 0);
    }
}
