package dev.foundrygateway.metrics;

import dev.foundrygateway.exchange.Observation;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** How far answers had to go for the form that was asked of them. Thread-safe. */
@ApplicationScoped
public class SchemaMeters {
    private final MeterRegistry registry;
    private final Map<String, Counter> steps = new ConcurrentHashMap<>();

    SchemaMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    void observe(Observation observation) {
        if (observation instanceof Observation.FormKept kept) {
            steps.computeIfAbsent(kept.step(), this::counter).increment();
        }
    }

    private Counter counter(String step) {
        return Counter.builder("gateway.schema.answers")
                .description("Answers with a demanded form, by the step of the ladder that gave them; violated: none did")
                .tag("step", step)
                .register(registry);
    }
}
