package dev.foundrygateway.metrics;

import dev.foundrygateway.exchange.RetrievalObserver;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.prometheus.client.CollectorRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Retrieval's meters: how long its stages take, how well sources support answers, and what was decided. Thread-safe. */
@ApplicationScoped
public class RetrievalMeters implements RetrievalObserver {
    private static final Duration[] BOUNDARIES = {
        Duration.ofNanos(500_000),
        Duration.ofMillis(1),
        Duration.ofMillis(2),
        Duration.ofMillis(5),
        Duration.ofMillis(10),
        Duration.ofMillis(20),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(500),
        Duration.ofSeconds(2)
    };
    private static final double[] SUPPORT = {.05, .1, .2, .3, .4, .5, .6, .7, .8, .9, 1};

    private final Map<Stage, Timer> stages = new EnumMap<>(Stage.class);
    private final Map<Decision, Counter> decisions = new EnumMap<>(Decision.class);
    private final FractionHistogram support;

    RetrievalMeters(MeterRegistry registry, CollectorRegistry collectors) {
        for (Stage stage : Stage.values()) {
            stages.put(
                    stage,
                    Timer.builder("gateway.retrieval")
                            .description("Time that one stage of a retrieval took")
                            .serviceLevelObjectives(BOUNDARIES)
                            .tag("stage", label(stage))
                            .register(registry));
        }
        for (Decision decision : Decision.values()) {
            decisions.put(
                    decision,
                    Counter.builder("gateway.retrieval.decisions")
                            .description("Retrievals by what came of them")
                            .tag("decision", label(decision))
                            .register(registry));
        }
        support = new FractionHistogram(
                "gateway_retrieval_support", "How well the sources found answer the question, from 0 to 1", SUPPORT);
        collectors.register(support);
    }

    private static String label(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public void took(Stage stage, long nanos) {
        Timer timer = stages.get(stage);
        if (timer != null) {
            timer.record(nanos, TimeUnit.NANOSECONDS);
        }
    }

    @Override
    public void supported(double found) {
        support.record(found);
    }

    @Override
    public void decided(Decision decision) {
        Counter counter = decisions.get(decision);
        if (counter != null) {
            counter.increment();
        }
    }
}
