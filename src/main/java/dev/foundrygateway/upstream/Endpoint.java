package dev.foundrygateway.upstream;

import java.util.concurrent.atomic.AtomicInteger;

/** One address of an upstream, with how many calls it has under way and whether it failed lately. Thread-safe. */
final class Endpoint {
    private final UpstreamAddress address;
    private final AtomicInteger inFlight = new AtomicInteger();
    private volatile boolean out;
    private volatile long outUntilNanos;

    Endpoint(UpstreamAddress address) {
        this.address = address;
    }

    UpstreamAddress address() {
        return address;
    }

    /** A call begins. */
    void enter() {
        inFlight.incrementAndGet();
    }

    /** A call has ended. */
    void leave() {
        inFlight.decrementAndGet();
    }

    int inFlight() {
        return inFlight.get();
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
