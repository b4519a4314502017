package dev.foundrygateway.upstream;

import java.util.concurrent.atomic.AtomicInteger;

/** One address of an upstream, with how many calls it has under way and whether it failed lately. Thread-safe. */
final class Endpoint {
    private final UpstreamAddress address;
    private final AtomicInteger inFlight = new AtomicInteger();
    private final AtomicInteger begun = new AtomicInteger();
    private volatile boolean out;
    private volatile boolean other;
    private volatile long outUntilNanos;

    Endpoint(UpstreamAddress address) {
        this.address = address;
    }

    UpstreamAddress address() {
        return address;
    }

    /** Where the next call is sent: of {@code localhost} the loopback address that answered last, since a server may listen at one of the two alone. */
    UpstreamAddress dialled() {
        return address.isLocalhost() ? address.at(other ? "::1" : "127.0.0.1") : address;
    }

    /** Nothing answers at that address: the name's other one is next. */
    void unanswered(UpstreamAddress dialled) {
        if (dialled.equals(dialled())) {
            other = !other;
        }
    }

    /** A call begins. */
    void enter() {
        inFlight.incrementAndGet();
        begun.incrementAndGet();
    }

    /** A call has ended. */
    void leave() {
        inFlight.decrementAndGet();
    }

    int inFlight() {
        return inFlight.get();
    }

    int begun() {
        return begun.get();
    }

    /**
     * Whether it is the better choice of two that are both up: it has fewer calls under way.
     *
     * @param inTurn whether of two with as many the one is better that has had fewer
     */
    boolean isIdlerThan(Endpoint other, boolean inTurn) {
        int difference = inFlight() - other.inFlight();
        return difference < 0 || (inTurn && difference == 0 && begun.get() - other.begun.get() < 0);
    }

    /** Not to be chosen until then, unless there is no other. */
    void takeOut(long untilNanos) {
        outUntilNanos = untilNanos;
        out = true;
    }

    boolean isOut(long nowNanos) {
        if (out && nowNanos - outUntilNanos >= 0) {
            out = false;
        }
        return out;
    }
}
