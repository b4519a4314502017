package dev.foundrygateway.edge;

import dev.foundrygateway.exchange.NanoClock;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Whether the gateway is being stopped. Quarkus then reports itself as not ready, goes on for {@code quarkus.shutdown.delay} so that load balancers notice,
 * and waits up to {@code quarkus.shutdown.timeout} for all requests to end; what it doesn't do is refuse new ones meanwhile. Thread-safe.
 */
@Singleton
public class Drain {
    private static final Logger LOG = Logger.getLogger(Drain.class);

    private final NanoClock clock;
    private final Duration delay;
    private volatile boolean begun;
    private volatile long refusesFromNanos;

    Drain(NanoClock clock, @ConfigProperty(name = "quarkus.shutdown.delay") Optional<Duration> delay) {
        this.clock = clock;
        this.delay = delay.orElse(Duration.ZERO);
    }

    void begin(@Observes ShutdownDelayInitiatedEvent event) {
        refusesFromNanos = clock.nanos() + delay.toNanos();
        begun = true;
        LOG.infof(
                "Being stopped: not ready any more, new model calls are refused from %d ms on, those under way go on to their end",
                delay.toMillis());
    }

    /** Whether new model calls are refused. */
    boolean refuses() {
        return begun && clock.nanos() - refusesFromNanos >= 0;
    }
}
