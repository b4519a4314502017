package dev.foundrygateway.metrics;

import dev.foundrygateway.chat.Timing;
import dev.foundrygateway.chat.UpstreamState;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/**
 * Every meter of the gateway: its name, unit, boundaries, labels and meaning. Meters are looked up by a value, since a registry's own look-up by tags costs
 * more than the recording. Thread-safe.
 *
 * @see <a href="https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-metrics/">OpenTelemetry GenAI metrics</a>
 */
@ApplicationScoped
public class GenAiMeters {
    /** OpenTelemetry's boundaries for the first token, in seconds, extended for models on a CPU. */
    private static final Duration[] FIRST_TOKEN =
            seconds(.001, .005, .01, .02, .04, .06, .08, .1, .25, .5, .75, 1, 2.5, 5, 7.5, 10, 15, 20, 30, 45, 60);

    /** OpenTelemetry's boundaries for the whole request, in seconds, extended for long answers. */
    private static final Duration[] TOTAL =
            seconds(.01, .02, .04, .08, .16, .32, .64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92, 163.84, 327.68);

    private static final Duration[] PER_TOKEN = seconds(.01, .025, .05, .075, .1, .15, .2, .3, .4, .5, .75, 1, 2.5);
    private static final Duration[] OVERHEAD =
            seconds(.00005, .0001, .00025, .0005, .001, .0025, .005, .01, .025, .05, .1, .25, 1);
    private static final double[] TOKENS = {
        1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864
    };

    /** What {@code gen_ai_client_token_usage} is kept apart by. */
    record TokenLabels(String operation, String provider, String requestModel, String responseModel, String type) {}

    private final MeterRegistry registry;
    private final Map<Labels, Timer> firstToken = new ConcurrentHashMap<>();
    private final Map<Labels, Timer> total = new ConcurrentHashMap<>();
    private final Map<Labels, Timer> perToken = new ConcurrentHashMap<>();
    private final Map<TokenLabels, DistributionSummary> tokens = new ConcurrentHashMap<>();
    private final Map<String, Timer> overhead = new ConcurrentHashMap<>();
    private final Map<String, Counter> errors = new ConcurrentHashMap<>();
    private final List<Gauge> gauges = new ArrayList<>();
    private final AtomicInteger inFlight = new AtomicInteger();
    private final Counter cancellations;
    private final StageMeters stages;

    private final Function<Labels, Timer> newFirstToken;
    private final Function<Labels, Timer> newTotal;
    private final Function<Labels, Timer> newPerToken;

    GenAiMeters(MeterRegistry registry, UpstreamState.Source upstreams) {
        this.registry = registry;
        stages = new StageMeters(registry, FIRST_TOKEN);
        newFirstToken = labels -> latency(
                "gen_ai.server.time_to_first_token",
                "From the request's arrival to its first output token (content, reasoning or tool call) leaving the gateway",
                FIRST_TOKEN,
                labels);
        newTotal = labels -> latency(
                "gen_ai.server.request.duration", "From the request's arrival to the end of its answer", TOTAL, labels);
        newPerToken = labels -> latency(
                "gen_ai.server.time_per_output_token",
                "Time per output token after the first one, where the upstream told how many there were",
                PER_TOKEN,
                labels);
        gauge(Gauge.builder("gateway.in.flight.requests", inFlight, AtomicInteger::get)
                .description("Exchanges under way, until the end of their bodies"));
        cancellations = Counter.builder("gateway.client.cancellations")
                .description("Clients that left before their answer had ended")
                .register(registry);
        for (UpstreamState state : upstreams.states()) {
            gauge(Gauge.builder("gateway.upstream.up", upstreams, source -> isUp(source, state.name()))
                    .description("Whether the upstream answered when it was last asked")
                    .tag("upstream", state.name()));
            gauge(Gauge.builder("gateway.circuit.state", upstreams, source -> circuit(source, state.name()))
                    .description("The upstream's circuit breaker: 0 closed, 1 half open, 2 open")
                    .tag("upstream", state.name()));
            gauge(Gauge.builder(
                            "gateway.queue.length",
                            upstreams,
                            source -> state(source, state.name())
                                    .mapToInt(UpstreamState::queued)
                                    .sum())
                    .description("Calls that wait for a slot of one of the upstream's models")
                    .tag("upstream", state.name()));
        }
    }

    private void gauge(Gauge.Builder<?> gauge) {
        // The source of the upstreams' states is a proxy that nothing else holds.
        gauges.add(gauge.strongReference(true).register(registry));
    }

    /** A registry outlives a live reload, and would go on asking what has ended. */
    @PreDestroy
    void removeGauges() {
        gauges.forEach(registry::remove);
    }

    private static Stream<UpstreamState> state(UpstreamState.Source source, String name) {
        return source.states().stream().filter(state -> state.name().equals(name));
    }

    private static double circuit(UpstreamState.Source source, String name) {
        return state(source, name)
                .mapToInt(state -> switch (state.circuit()) {
                    case "open" -> 2;
                    case "half_open" -> 1;
                    default -> 0;
                })
                .sum();
    }

    private static double isUp(UpstreamState.Source source, String name) {
        return source.states().stream()
                        .anyMatch(state -> state.up() && state.name().equals(name))
                ? 1
                : 0;
    }

    void started() {
        inFlight.incrementAndGet();
    }

    void ended() {
        inFlight.decrementAndGet();
    }

    void cancelled() {
        cancellations.increment();
    }

    void error(String code) {
        errors.computeIfAbsent(
                        code,
                        key -> Counter.builder("gateway.errors")
                                .description("Errors that the gateway answered, by code")
                                .tag("code", key)
                                .register(registry))
                .increment();
    }

    void stages(String responseModel, String tier, Timing timing) {
        stages.record(responseModel, tier, timing);
    }

    Timer firstToken(Labels labels) {
        return firstToken.computeIfAbsent(labels, newFirstToken);
    }

    Timer total(Labels labels) {
        return total.computeIfAbsent(labels, newTotal);
    }

    Timer perToken(Labels labels) {
        return perToken.computeIfAbsent(labels, newPerToken);
    }

    Timer overhead(String operation) {
        return overhead.computeIfAbsent(
                operation,
                key -> Timer.builder("gateway.overhead")
                        .description(
                                "Time that the gateway itself added: until the upstream call, and from its first token to the client")
                        .serviceLevelObjectives(OVERHEAD)
                        .tag("gen_ai_operation_name", key)
                        .register(registry));
    }

    /** No base unit: the OpenTelemetry name has no unit suffix. */
    DistributionSummary tokens(TokenLabels labels) {
        return tokens.computeIfAbsent(
                labels,
                key -> DistributionSummary.builder("gen_ai.client.token.usage")
                        .description("Tokens read (input) and written (output), as the upstream counted them")
                        .serviceLevelObjectives(TOKENS)
                        .tags(
                                "gen_ai_operation_name",
                                key.operation(),
                                "gen_ai_provider_name",
                                key.provider(),
                                "gen_ai_request_model",
                                key.requestModel(),
                                "gen_ai_response_model",
                                key.responseModel(),
                                "gen_ai_token_type",
                                key.type())
                        .register(registry));
    }

    private Timer latency(String name, String description, Duration[] boundaries, Labels labels) {
        return Timer.builder(name)
                .description(description)
                .serviceLevelObjectives(boundaries)
                .tags(Tags.of(
                        "gen_ai_operation_name",
                        labels.operation().metricName(),
                        "gen_ai_provider_name",
                        labels.provider(),
                        "gen_ai_request_model",
                        labels.requestModel(),
                        "gen_ai_response_model",
                        labels.responseModel(),
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

    private static Duration[] seconds(double... values) {
        return DoubleStream.of(values)
                .mapToObj(value -> Duration.ofNanos(Math.round(value * 1e9)))
                .toArray(Duration[]::new);
    }
}
