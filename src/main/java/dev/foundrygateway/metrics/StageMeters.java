package dev.foundrygateway.metrics;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import dev.foundrygateway.chat.Timing;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Where the time of exchanges goes before the client sees anything: the parts of {@code Server-Timing} as meters. Every part is recorded for every
 * exchange, zero where it did not take place, so that their means add up. Thread-safe.
 */
final class StageMeters {
    /** What the parts are kept apart by. */
    private record Key(String responseModel, String tier) {}

    private record Stages(Timer queue, Timer prep, Timer retrieval, Timer hold, Timer send, Timer firstToken) {}

    private final MeterRegistry registry;
    private final Duration[] firstTokenBoundaries;
    private final Map<Key, Stages> stages = new ConcurrentHashMap<>();

    StageMeters(MeterRegistry registry, Duration[] firstTokenBoundaries) {
        this.registry = registry;
        this.firstTokenBoundaries = firstTokenBoundaries;
    }

    void record(String responseModel, String tier, Timing timing) {
        Stages of = stages.computeIfAbsent(new Key(responseModel, tier), this::stages);
        of.queue.record(timing.queue(), NANOSECONDS);
        of.prep.record(timing.prep(), NANOSECONDS);
        of.retrieval.record(timing.retrieval(), NANOSECONDS);
        of.hold.record(timing.hold(), NANOSECONDS);
        of.send.record(timing.send(), NANOSECONDS);
        if (timing.firstToken() > 0) {
            of.firstToken.record(timing.firstToken(), NANOSECONDS);
        }
    }

    private Stages stages(Key key) {
        return new Stages(
                stage("queue", key),
                stage("prep", key),
                stage("retrieval", key),
                stage("hold", key),
                stage("send", key),
                Timer.builder("gateway.upstream.first.token")
                        .description("From the request's arrival to the upstream's first token reaching the gateway")
                        .serviceLevelObjectives(firstTokenBoundaries)
                        .tags("gen_ai_response_model", key.responseModel, "tier", key.tier)
                        .register(registry));
    }

    /** Without boundaries: means that add up are wanted of it, and each boundary would be a series. */
    private Timer stage(String name, Key key) {
        return Timer.builder("gateway.stage")
                .description(
                        "Parts of an exchange's time until the upstream's head: queue, prep, retrieval, hold, send")
                .tags("stage", name, "gen_ai_response_model", key.responseModel, "tier", key.tier)
                .register(registry);
    }
}
