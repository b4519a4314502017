package dev.foundrygateway.metrics;

import dev.foundrygateway.exchange.Observation;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.prometheus.client.CollectorRegistry;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.DoubleStream;

/** The hybrid models' meters: names, units, boundaries, labels and meaning. Thread-safe. */
@ApplicationScoped
public class EscalationMeters {
    private static final double[] SCORES = {.05, .1, .2, .3, .4, .5, .6, .7, .8, .9, .95, 1};
    private static final Duration[] WAITS = DoubleStream.of(
                    .001, .005, .01, .025, .05, .1, .25, .5, .75, 1, 1.5, 2, 2.5, 5, 7.5, 10, 15, 20, 30, 45, 60)
            .mapToObj(seconds -> Duration.ofNanos(Math.round(seconds * 1e9)))
            .toArray(Duration[]::new);

    private final MeterRegistry registry;
    private final Map<Observation.Decision, Counter> decisions = new ConcurrentHashMap<>();
    private final Map<String, Counter> wasted = new ConcurrentHashMap<>();
    private final Map<String, Counter> cost = new ConcurrentHashMap<>();
    private final Map<String, AtomicReference<Double>> shares = new ConcurrentHashMap<>();
    private final Map<String, AtomicReference<Double>> drifts = new ConcurrentHashMap<>();
    private final Queue<Gauge> gauges = new ConcurrentLinkedQueue<>();
    private final FractionHistogram score;
    private final Timer held;
    private final Timer firstReleased;
    private final Counter saved;
    private final Counter allLarge;

    EscalationMeters(MeterRegistry registry, CollectorRegistry collectors) {
        this.registry = registry;
        score = new FractionHistogram(
                "gateway_escalation_score",
                "The escalation score of judged drafts: the calibrated probability that the draft is wrong",
                SCORES);
        collectors.register(score);
        held = Timer.builder("gateway.hold")
                .description(
                        "Time that a hybrid answer was held back: a draft until its release, or the draft before the large model was asked")
                .serviceLevelObjectives(WAITS)
                .register(registry);
        firstReleased = Timer.builder("gateway.first.released.token")
                .description("From a hybrid request's arrival to its first token leaving, hold-back included")
                .serviceLevelObjectives(WAITS)
                .register(registry);
        saved = Counter.builder("gateway.cost.saved")
                .description("What drafts that were kept saved against the large model's price for the same tokens")
                .register(registry);
        allLarge = Counter.builder("gateway.cost.all.large")
                .description("What hybrid answers would have cost had the large model alone been asked")
                .register(registry);
    }

    void observe(Observation observation) {
        if (observation instanceof Observation.Decision decision) {
            decisions.computeIfAbsent(decision, this::decision).increment();
        } else if (observation instanceof Observation.Score one) {
            score.record(one.score());
        } else if (observation instanceof Observation.Held one) {
            held.record(one.nanos(), TimeUnit.NANOSECONDS);
        } else if (observation instanceof Observation.FirstReleased one) {
            firstReleased.record(one.nanos(), TimeUnit.NANOSECONDS);
        } else if (observation instanceof Observation.Wasted one) {
            wasted.computeIfAbsent(
                            one.tier(),
                            tier -> tierCounter("gateway.wasted.tokens", "Tokens written that no client got", tier))
                    .increment((double) one.tokens());
        } else if (observation instanceof Observation.Spent one) {
            cost.computeIfAbsent(
                            one.tier(),
                            tier -> tierCounter(
                                    "gateway.cost", "What hybrid answers cost, in the currency of the prices", tier))
                    .increment(one.cost());
        } else if (observation instanceof Observation.Saved one) {
            saved.increment(one.cost());
        } else if (observation instanceof Observation.AllLarge one) {
            allLarge.increment(one.cost());
        } else if (observation instanceof Observation.EscalatedShare one) {
            shares.computeIfAbsent(one.model(), this::share).set(one.share());
        } else if (observation instanceof Observation.EscalationTarget one) {
            gauge("gateway.escalation.target", "The share that gateway.hybrid.<name>.target-share sets", one.model())
                    .set(one.share());
        } else {
            learning(observation);
        }
    }

    private void learning(Observation observation) {
        if (observation instanceof Observation.Shadow one) {
            learnt(
                            "calls",
                            "Calls of the large model about kept drafts, while nobody waited",
                            one.model(),
                            one.outcome())
                    .increment();
            Counter.builder("gateway.learning.tokens")
                    .description("Tokens of the calls about kept drafts")
                    .tag("model", one.model())
                    .register(registry)
                    .increment((double) one.tokens());
        } else if (observation instanceof Observation.Labelled one) {
            Counter.builder("gateway.learning.labels")
                    .description("What the large model said of kept drafts")
                    .tags("model", one.model(), "label", one.wrong() ? "wrong" : "right")
                    .register(registry)
                    .increment();
        } else if (observation instanceof Observation.Refit one) {
            learnt("refits", "Scores fitted anew to one's own traffic", one.model(), one.outcome())
                    .increment();
        } else if (observation instanceof Observation.Drift one) {
            drifts.computeIfAbsent(
                            one.model(),
                            model -> gauge(
                                    "gateway.score.drift",
                                    "How far late scores lie from those that a learnt score was fitted to: the population stability index",
                                    model))
                    .set(one.index());
        }
    }

    private Counter learnt(String what, String description, String model, String outcome) {
        return Counter.builder("gateway.learning." + what)
                .description(description)
                .tags("model", model, "outcome", outcome)
                .register(registry);
    }

    private Counter decision(Observation.Decision decision) {
        return Counter.builder("gateway.escalations")
                .description("Hybrid answers by the policy's reason and by what came of it; kept drafts included")
                .tags("model", decision.model(), "reason", decision.reason(), "outcome", decision.outcome())
                .register(registry);
    }

    private Counter tierCounter(String name, String description, String tier) {
        return Counter.builder(name).description(description).tag("tier", tier).register(registry);
    }

    private AtomicReference<Double> share(String model) {
        return gauge(
                "gateway.escalated.share",
                "The share of a hybrid model's answers that the large model wrote, since the start",
                model);
    }

    private AtomicReference<Double> gauge(String name, String description, String model) {
        AtomicReference<Double> value = new AtomicReference<>(0.0);
        gauges.add(Gauge.builder(name, value, AtomicReference::get)
                .description(description)
                .strongReference(true)
                .tag("model", model)
                .register(registry));
        return value;
    }

    /** A registry outlives a live reload, and would go on asking what has ended. */
    @PreDestroy
    void removeGauges() {
        gauges.forEach(registry::remove);
    }
}
