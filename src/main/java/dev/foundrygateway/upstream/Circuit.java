package dev.foundrygateway.upstream;

import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.openai.ErrorCode;
import io.smallrye.faulttolerance.api.CircuitBreakerState;
import io.smallrye.faulttolerance.api.TypedGuard;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.util.TypeLiteral;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.function.Supplier;
import org.eclipse.microprofile.faulttolerance.exceptions.CircuitBreakerOpenException;

/**
 * The circuit breaker and the one retry around an upstream's calls. What is guarded is the whole exchange: a stream that dies half-way is a failure, though
 * its head was fine. Thread-safe.
 *
 * @see <a href="https://smallrye.io/docs/smallrye-fault-tolerance/6.10.0/reference/programmatic-api.html">SmallRye Fault Tolerance</a>
 */
final class Circuit {
    /** A call that failed before anything of its answer had come, by a connection refused or broken: it may be sent once more. */
    static final class Unanswered extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final transient GatewayException failure;

        Unanswered(GatewayException failure) {
            super(failure.getMessage(), null, false, false);
            this.failure = failure;
        }
    }

    private static final int RETRY_DELAY_MILLIS = 50;

    private final Upstream upstream;
    private final Duration delay;
    private final TypedGuard<Uni<Void>> guard;
    private volatile CircuitBreakerState state = CircuitBreakerState.CLOSED;

    Circuit(Upstream upstream) {
        this.upstream = upstream;
        UpstreamsConfig.Breaker breaker = upstream.config().breaker();
        this.delay = breaker.delay();
        TypedGuard.Builder<Uni<Void>> builder = TypedGuard.create(new TypeLiteral<Uni<Void>>() {})
                .withDescription("upstream " + upstream.name())
                // An event loop's calls would each be put behind what that loop has to do meanwhile.
                .withThreadOffload(true)
                .withThreadOffloadExecutor(Runnable::run)
                .withRetry()
                .maxRetries(1)
                .delay(RETRY_DELAY_MILLIS, ChronoUnit.MILLIS)
                .jitter(0, ChronoUnit.MILLIS)
                .retryOn(Unanswered.class)
                .done();
        if (breaker.calls() > 0) {
            builder = builder.withCircuitBreaker()
                    .requestVolumeThreshold(breaker.calls())
                    .failureRatio(breaker.ratio())
                    .delay(breaker.delay().toMillis(), ChronoUnit.MILLIS)
                    .onStateChange(changed -> state = changed)
                    .done();
        }
        this.guard = builder.build();
    }

    /** The exchange, guarded; done when its body has ended. Fails with {@link GatewayException}. */
    Uni<Void> around(Supplier<Uni<Void>> exchange) {
        return guard.get(exchange).onFailure().transform(this::told);
    }

    /** Counts a failure that came after its exchange had been taken for a success. */
    void failedLate(GatewayException failure) {
        guard.get(() -> Uni.createFrom().failure(failure)).subscribe().with(ignored -> {}, ignored -> {});
    }

    /** Whether the breaker has been open and the next calls decide. */
    boolean isOnTrial() {
        return state == CircuitBreakerState.HALF_OPEN;
    }

    /** {@code closed}, {@code open} or {@code half_open}. */
    String state() {
        return state.name().toLowerCase(Locale.ROOT);
    }

    private Throwable told(Throwable failure) {
        if (failure instanceof Unanswered unanswered) {
            return unanswered.failure;
        }
        if (failure instanceof CircuitBreakerOpenException) {
            return new GatewayException(
                    ErrorCode.CIRCUIT_OPEN,
                    "too many calls to upstream " + upstream.name()
                            + " have failed lately; none is tried until it has had a pause of "
                            + upstream.key("breaker.delay"),
                    "",
                    delay);
        }
        return failure;
    }
}
