package dev.foundrygateway.metrics;

import dev.foundrygateway.exchange.TraceContext;
import io.prometheus.client.exemplars.DefaultExemplarSampler;
import io.prometheus.client.exemplars.ExemplarSampler;
import io.prometheus.client.exemplars.tracer.common.SpanContextSupplier;
import jakarta.annotation.Priority;
import jakarta.enterprise.inject.Alternative;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Ties histograms to traces: while an exchange's meters are recorded, its trace is the one of which Prometheus gets an example. They are told only to those
 * who ask for OpenMetrics, as Prometheus does: {@link MetricsPage}. Thread-safe; an exchange without a sampled trace costs nothing.
 */
@Singleton
public class Exemplars implements SpanContextSupplier {
    private static final ThreadLocal<Optional<TraceContext>> CURRENT = ThreadLocal.withInitial(Optional::empty);

    /** Takes the place of the sampler without traces that Quarkus brings. */
    @Produces
    @Alternative
    @Priority(1)
    @Singleton
    Optional<ExemplarSampler> sampler() {
        return Optional.of(new DefaultExemplarSampler(this));
    }

    /** Records within this trace. */
    static void within(Optional<TraceContext> trace, Runnable recording) {
        if (trace.isEmpty() || !trace.get().sampled()) {
            recording.run();
            return;
        }
        CURRENT.set(trace);
        try {
            recording.run();
        } finally {
            CURRENT.remove();
        }
    }

    @Override
    public @Nullable String getTraceId() {
        return CURRENT.get().map(TraceContext::traceId).orElse(null);
    }

    @Override
    public @Nullable String getSpanId() {
        return CURRENT.get().map(TraceContext::spanId).orElse(null);
    }

    @Override
    public boolean isSampled() {
        return CURRENT.get().isPresent();
    }
}
