package dev.foundrygateway.metrics;

import dev.foundrygateway.exchange.Observation;
import dev.foundrygateway.exchange.Observer;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** Counts what features observe: loads and waits of model servers, forms that were kept and reloads are counted here, all else is a hybrid model's. Thread-safe. */
@Singleton
public class MeteredObserver implements Observer {
    private static final Duration[] QUEUE = {
        Duration.ofMillis(1),
        Duration.ofMillis(10),
        Duration.ofMillis(100),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofSeconds(5),
        Duration.ofSeconds(15),
        Duration.ofSeconds(60),
        Duration.ofMinutes(5)
    };

    private final MeterRegistry registry;
    private final EscalationMeters escalations;
    private final Map<Observation.ModelLoad, Counter> loads = new ConcurrentHashMap<>();
    private final Map<String, Timer> queues = new ConcurrentHashMap<>();
    private final Map<String, Counter> forms = new ConcurrentHashMap<>();
    private final Map<Observation.Reloaded, Counter> reloads = new ConcurrentHashMap<>();

    MeteredObserver(MeterRegistry registry, EscalationMeters escalations) {
        this.registry = registry;
        this.escalations = escalations;
        // From the start, so that the first is an increase.
        for (Observation.Reloaded.Kind kind : Observation.Reloaded.Kind.values()) {
            for (boolean taken : new boolean[] {true, false}) {
                reloads.computeIfAbsent(new Observation.Reloaded(kind, taken), this::reloads);
            }
        }
    }

    @Override
    public void observe(Observation observation) {
        if (observation instanceof Observation.ModelLoad load) {
            loads.computeIfAbsent(load, this::loads).increment();
        } else if (observation instanceof Observation.Queued queued) {
            queues.computeIfAbsent(queued.upstream(), this::queue).record(queued.nanos(), TimeUnit.NANOSECONDS);
        } else if (observation instanceof Observation.FormKept kept) {
            forms.computeIfAbsent(kept.step(), this::form).increment();
        } else if (observation instanceof Observation.Reloaded reloaded) {
            reloads.computeIfAbsent(reloaded, this::reloads).increment();
        } else if (observation instanceof Observation.Refused refused) {
            // The series are there from the start.
            registry.counter("gateway.errors", "code", refused.code()).increment();
        } else {
            escalations.observe(observation);
        }
    }

    private Counter loads(Observation.ModelLoad load) {
        return Counter.builder("gateway.model.loads")
                .description("Models that an upstream was asked to load")
                .tag("model", load.model())
                .tag("outcome", load.outcome().name().toLowerCase(Locale.ROOT))
                .register(registry);
    }

    private Timer queue(String upstream) {
        return Timer.builder("gateway.queue")
                .description("Time that calls waited for a slot at their upstream, of those that had to wait")
                .serviceLevelObjectives(QUEUE)
                .tag("upstream", upstream)
                .register(registry);
    }

    private Counter reloads(Observation.Reloaded reloaded) {
        return Counter.builder("gateway.reloads")
                .description(
                        "Changes of the file of rules and of certificates that were read anew, by whether they were taken")
                .tag("kind", reloaded.kind().name().toLowerCase(Locale.ROOT))
                .tag("outcome", reloaded.taken() ? "accepted" : "refused")
                .register(registry);
    }

    private Counter form(String step) {
        return Counter.builder("gateway.schema.answers")
                .description(
                        "Answers with a demanded form, by the step of the ladder that gave them; violated: none did")
                .tag("step", step)
                .register(registry);
    }
}
