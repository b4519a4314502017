package dev.foundrygateway.upstream;

import dev.foundrygateway.exchange.Loop;
import dev.foundrygateway.exchange.NanoClock;
import io.vertx.core.impl.ContextInternal;
import java.util.function.Consumer;

/**
 * The waits of one exchange: for the first token, between two pieces, for the whole. One timer at a time, which looks at its firing what is due, so that a
 * token costs no timer. Confined to the exchange's event loop.
 */
final class Deadlines {
    /** The name of the wait after an answer that is whole, which is no setting. */
    static final String LINGER = "linger";

    private static final long LINGER_NANOS = 1_000_000_000;
    private static final long NEVER = Long.MAX_VALUE;
    private static final long SHORTEST_NANOS = 1_000_000;

    private final Loop loop;
    private final NanoClock clock;
    private final UpstreamsConfig.Timeouts timeouts;
    private final Consumer<String> expired;
    private final long sentNanos;
    private long tokenDue;
    private long lastPieceNanos = NEVER;
    private boolean readerIsSlow;
    private Loop.Alarm timer = Loop.Alarm.NONE;

    /**
     * Starts the waits of a call that is sent now.
     *
     * @param streaming whether a first token is waited for
     * @param expired gets the name of the setting whose time is over, once
     */
    Deadlines(
            ContextInternal context,
            NanoClock clock,
            UpstreamsConfig.Timeouts timeouts,
            boolean streaming,
            Consumer<String> expired) {
        this.loop = Loop.of(context);
        this.clock = clock;
        this.timeouts = timeouts;
        this.expired = expired;
        this.sentNanos = clock.nanos();
        this.tokenDue = streaming ? sentNanos + timeouts.firstToken().toNanos() : NEVER;
        schedule(sentNanos);
    }

    /** When the call was sent. */
    long sentNanos() {
        return sentNanos;
    }

    /** A piece of the body came. */
    void piece(long nowNanos) {
        lastPieceNanos = nowNanos;
    }

    /** The first token came, or an end without one: from now on only silence counts. */
    void opened() {
        tokenDue = NEVER;
    }

    /** Whether the silence is the reader's: then it doesn't count. */
    void readerIsSlow(boolean slow) {
        readerIsSlow = slow;
        lastPieceNanos = clock.nanos();
    }

    /** The answer is whole, and only its end is waited for, which costs nobody anything but a connection. */
    void linger() {
        cancel();
        timer = loop.after(LINGER_NANOS, () -> expired.accept(LINGER));
    }

    /** No wait any more. */
    void cancel() {
        timer.off();
    }

    private void schedule(long now) {
        // At the latest after the time of a silence: whatever is waited for when it fires, no wait can have ended
        // earlier.
        long wait =
                Math.max(SHORTEST_NANOS, Math.min(due() - now, timeouts.idle().toNanos()));
        timer = loop.after(wait, this::fired);
    }

    private void fired() {
        long now = clock.nanos();
        if (readerIsSlow) {
            lastPieceNanos = now;
        }
        if (now < due()) {
            schedule(now);
        } else {
            expired.accept(now >= totalDue() ? "total" : now >= tokenDue ? "first-token" : "idle");
        }
    }

    private long totalDue() {
        return sentNanos + timeouts.total().toNanos();
    }

    private long due() {
        long due = Math.min(totalDue(), tokenDue);
        if (tokenDue == NEVER && lastPieceNanos != NEVER) {
            due = Math.min(due, lastPieceNanos + timeouts.idle().toNanos());
        }
        return due;
    }
}
