package dev.foundrygateway.retrieval;

import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.exchange.NanoClock;
import dev.foundrygateway.openai.ErrorCode;
import java.time.Duration;
import java.util.concurrent.CancellationException;

/** When one call's retrieval must end: after its time, or once its client has left. Asked between the steps of the work. Thread-safe. */
public final class Deadline {
    private static final Duration AGAIN = Duration.ofSeconds(5);

    private final NanoClock clock;
    private final Duration allowed;
    private final long startNanos;
    private volatile boolean cancelled;

    public Deadline(NanoClock clock, Duration allowed) {
        this.clock = clock;
        this.allowed = allowed;
        this.startNanos = clock.nanos();
    }

    /** Its client has left: what is asked next ends the work. */
    public void cancel() {
        cancelled = true;
    }

    public boolean isOver() {
        return cancelled || clock.nanos() - startNanos > allowed.toNanos();
    }

    /**
     * Ends the work if it is over.
     *
     * @throws CancellationException when the client has left
     * @throws GatewayException {@code retrieval_unavailable} when the time is over
     */
    public void check() {
        if (cancelled) {
            throw new CancellationException("the client has left");
        }
        if (isOver()) {
            throw new GatewayException(
                    ErrorCode.RETRIEVAL_UNAVAILABLE,
                    "the search took longer than gateway.retrieval.search-timeout allows (" + allowed.toMillis()
                            + " ms); ask for fewer stores, documents or queries, or raise it",
                    "",
                    AGAIN);
        }
    }
}
