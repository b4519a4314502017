package dev.foundrygateway.metrics;

import dev.foundrygateway.exchange.UpstreamState;
import dev.foundrygateway.openai.ErrorCode;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Startup;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The meters of the exchanges, those of each {@link Series} and those of all together. They are looked up by a value, since a registry's own look-up by
 * tags costs more than the recording. Made at start-up, so that what is down is told before anyone calls. Thread-safe.
 *
 * @see <a href="https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-metrics/">OpenTelemetry GenAI metrics</a>
 */
@Startup
@ApplicationScoped
public class GenAiMeters {
    private final MeterRegistry registry;
    private final UpstreamState.Source upstreams;
    private final Map<Labels, Series> series = new ConcurrentHashMap<>();
    private final Map<String, Counter> errors = new ConcurrentHashMap<>();
    private final List<Gauge> gauges = new CopyOnWriteArrayList<>();
    private final AtomicInteger inFlight = new AtomicInteger();
    private final Counter cancellations;
    private final Function<Labels, Series> newSeries;

    GenAiMeters(MeterRegistry registry, UpstreamState.Source upstreams) {
        this.registry = registry;
        this.upstreams = upstreams;
        newSeries = labels -> new Series(registry, labels);
        gauge(Gauge.builder("gateway.in.flight.requests", inFlight, AtomicInteger::get)
                .description("Exchanges under way, until the end of their bodies"));
        cancellations = Counter.builder("gateway.client.cancellations")
                .description("Clients that left before their answer had ended")
                .register(registry);
        // From the start, so that the first error is an increase.
        for (ErrorCode code : ErrorCode.values()) {
            errors.put(code.code(), errors(code.code()));
        }
        upstreams.states().forEach(state -> gauges(state.name()));
    }

    /** One that nobody has asked for is there all the same. */
    void found(@Observes UpstreamState.Found upstream) {
        gauges(upstream.name());
    }

    private void gauges(String name) {
        gauge(Gauge.builder("gateway.upstream.up", upstreams, source -> isUp(source, name))
                .description("Whether the upstream answered when it was last asked")
                .tag("upstream", name));
        gauge(Gauge.builder("gateway.circuit.state", upstreams, source -> circuit(source, name))
                .description("The upstream's circuit breaker: 0 closed, 1 half open, 2 open")
                .tag("upstream", name));
        gauge(Gauge.builder(
                        "gateway.queue.length",
                        upstreams,
                        source -> state(source, name)
                                .mapToInt(UpstreamState::queued)
                                .sum())
                .description("Calls that wait for a slot of one of the upstream's models")
                .tag("upstream", name));
        gauge(Gauge.builder(
                        "gateway.concurrency.limit",
                        upstreams,
                        source -> state(source, name)
                                .flatMap(known -> known.concurrency().values().stream())
                                .mapToInt(Integer::intValue)
                                .sum())
                .description(
                        "Calls that the upstream's called models may serve at a time now; 0 where nothing limits them")
                .tag("upstream", name));
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
        errors.computeIfAbsent(code, this::errors).increment();
    }

    private Counter errors(String code) {
        return Counter.builder("gateway.errors")
                .description("Errors that the gateway answered, by code")
                .tag("code", code)
                .register(registry);
    }

    /** The meters of exchanges with these labels. */
    Series series(Labels labels) {
        return series.computeIfAbsent(labels, newSeries);
    }
}
