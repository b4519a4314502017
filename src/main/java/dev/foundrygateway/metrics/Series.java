package dev.foundrygateway.metrics;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import dev.foundrygateway.exchange.Timeline;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.function.Supplier;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;

/**
 * The meters of exchanges with the same labels: their names, units, boundaries and meaning. All that an exchange records at its end is found by one
 * look-up. A meter comes into being when something is first recorded with it; series whose labels differ in nothing that a meter is kept apart by share
 * it. Durations are nanoseconds. Thread-safe.
 *
 * @see <a href="https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-metrics/">OpenTelemetry GenAI metrics</a>
 */
final class Series {
    /** OpenTelemetry's boundaries for the first token, in seconds, extended for models on a CPU. */
    private static final Duration[] FIRST_TOKEN =
            seconds(.001, .005, .01, .02, .04, .06, .08, .1, .25, .5, .75, 1, 2.5, 5, 7.5, 10, 15, 20, 30, 45, 60);

    /** OpenTelemetry's boundaries for the whole request, in seconds, extended for long answers. */
    static final Duration[] TOTAL =
            seconds(.01, .02, .04, .08, .16, .32, .64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92, 163.84, 327.68);

    private static final Duration[] PER_TOKEN = seconds(.01, .025, .05, .075, .1, .15, .2, .3, .4, .5, .75, 1, 2.5);
    private static final Duration[] OVERHEAD =
            seconds(.00005, .0001, .00025, .0005, .001, .0025, .005, .01, .025, .05, .1, .25, 1);
    static final double[] TOKENS = {
        1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864
    };

    /** A meter that is registered when it is first asked for; by two threads at once, it is the registry's same one for both. */
    private static final class Lazy<M> {
        private final Supplier<M> register;
        private volatile @Nullable M meter;

        Lazy(Supplier<M> register) {
            this.register = register;
        }

        M get() {
            M known = meter;
            if (known == null) {
                known = register.get();
                meter = known;
            }
            return known;
        }
    }

    private record Stages(Timer queue, Timer prep, Timer retrieval, Timer hold, Timer send, Timer firstToken) {}

    private final MeterRegistry registry;
    private final Labels labels;
    private final Timer total;
    private final Lazy<Timer> firstToken;
    private final Lazy<Timer> perToken;
    private final Lazy<Timer> overhead;
    private final Lazy<Stages> stages;
    private final Lazy<DistributionSummary> inputTokens;
    private final Lazy<DistributionSummary> outputTokens;

    Series(MeterRegistry registry, Labels labels) {
        this.registry = registry;
        this.labels = labels;
        total = latency("gen_ai.server.request.duration", "From the request's arrival to the end of its answer", TOTAL);
        firstToken = new Lazy<>(() -> latency(
                "gen_ai.server.time_to_first_token",
                "From the request's arrival to its first output token (content, reasoning or tool call) leaving the gateway",
                FIRST_TOKEN));
        perToken = new Lazy<>(() -> latency(
                "gen_ai.server.time_per_output_token",
                "Time per output token after the first one, where the upstream told how many there were",
                PER_TOKEN));
        overhead = new Lazy<>(() -> Timer.builder("gateway.overhead")
                .description(
                        "Time that the gateway itself added: until the upstream call, and from its first token to the client")
                .serviceLevelObjectives(OVERHEAD)
                .tag("gen_ai_operation_name", labels.operation().metricName())
                .register(registry));
        stages = new Lazy<>(() -> new Stages(
                stage("queue"),
                stage("prep"),
                stage("retrieval"),
                stage("hold"),
                stage("send"),
                Timer.builder("gateway.upstream.first.token")
                        .description("From the request's arrival to the upstream's first token reaching the gateway")
                        .serviceLevelObjectives(FIRST_TOKEN)
                        .tags("gen_ai_response_model", labels.responseModel(), "tier", labels.tier())
                        .register(registry)));
        inputTokens = new Lazy<>(() -> tokens("input"));
        outputTokens = new Lazy<>(() -> tokens("output"));
    }

    /** From arrival to the end of the body. */
    void total(long nanos) {
        total.record(nanos, NANOSECONDS);
    }

    /** From arrival to the first token. */
    void firstToken(long nanos) {
        firstToken.get().record(nanos, NANOSECONDS);
    }

    /** A token's share of the time after the first one. */
    void perToken(long nanos) {
        perToken.get().record(nanos, NANOSECONDS);
    }

    /** What the gateway itself added. */
    void overhead(long nanos) {
        overhead.get().record(nanos, NANOSECONDS);
    }

    /** Tokens read and written. */
    void tokens(long input, long output) {
        inputTokens.get().record((double) input);
        outputTokens.get().record((double) output);
    }

    /**
     * Where the time went before the client saw anything: the parts of {@code Server-Timing}. Every part is recorded for every exchange, zero where it did
     * not take place, so that their means add up.
     */
    void stages(Timeline timeline) {
        Stages of = stages.get();
        of.queue.record(timeline.queue().orElse(0), NANOSECONDS);
        of.prep.record(timeline.prep().orElse(0), NANOSECONDS);
        of.retrieval.record(timeline.retrieval().orElse(0), NANOSECONDS);
        of.hold.record(timeline.hold().orElse(0), NANOSECONDS);
        of.send.record(timeline.send().orElse(0), NANOSECONDS);
        timeline.firstToken().ifPresent(nanos -> of.firstToken.record(nanos, NANOSECONDS));
    }

    /** Without boundaries: means that add up are wanted of it, and each boundary would be a series. */
    private Timer stage(String name) {
        return Timer.builder("gateway.stage")
                .description(
                        "Parts of an exchange's time until the upstream's head: queue, prep, retrieval, hold, send")
                .tags("stage", name, "gen_ai_response_model", labels.responseModel(), "tier", labels.tier())
                .register(registry);
    }

    /** No base unit: the OpenTelemetry name has no unit suffix. */
    private DistributionSummary tokens(String type) {
        return DistributionSummary.builder("gen_ai.client.token.usage")
                .description("Tokens read (input) and written (output), as the upstream counted them")
                .serviceLevelObjectives(TOKENS)
                .tags(models().and("gen_ai_token_type", type))
                .register(registry);
    }

    private Timer latency(String name, String description, Duration[] boundaries) {
        return Timer.builder(name)
                .description(description)
                .serviceLevelObjectives(boundaries)
                .tags(models().and(
                                "tier",
                                labels.tier(),
                                "route",
                                labels.route(),
                                "stream",
                                labels.stream() ? "true" : "false",
                                "outcome",
                                labels.outcome().label(),
                                "error_type",
                                labels.error()))
                .register(registry);
    }

    /** What was asked of whom, and who answered. */
    private Tags models() {
        return Tags.of(
                "gen_ai_operation_name",
                labels.operation().metricName(),
                "gen_ai_provider_name",
                labels.provider(),
                "gen_ai_request_model",
                labels.requestModel(),
                "gen_ai_response_model",
                labels.responseModel());
    }

    private static Duration[] seconds(double... values) {
        return DoubleStream.of(values)
                .mapToObj(value -> Duration.ofNanos(Math.round(value * 1e9)))
                .toArray(Duration[]::new);
    }
}
