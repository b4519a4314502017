package dev.foundrygateway.metrics;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import dev.foundrygateway.exchange.Account;
import dev.foundrygateway.exchange.Call;
import dev.foundrygateway.exchange.ChatReply;
import dev.foundrygateway.exchange.ChatService;
import dev.foundrygateway.exchange.ExchangeReport;
import dev.foundrygateway.exchange.GenAiConventions;
import dev.foundrygateway.exchange.ModelNames;
import dev.foundrygateway.exchange.NanoClock;
import dev.foundrygateway.exchange.Operation;
import dev.foundrygateway.openai.sse.Usage;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.EnumSet;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Each call of a model in the newest of OpenTelemetry's names, where they are asked for: a hybrid answer's are two or more. Durations count from when the gateway
 * sends the call. Servers don't say which of their tokens are text and which pictures, so that the modality is {@code unknown}. Thread-safe.
 *
 * @see <a href="https://github.com/open-telemetry/semantic-conventions-genai/blob/main/docs/gen-ai/client-inference.md">Client inference</a>
 */
@Singleton
public class InferenceMeters {
    private static final String PREFIX = "gen_ai.client.inference.";
    private static final Set<Operation> INFERENCE =
            EnumSet.of(Operation.CHAT, Operation.COMPLETION, Operation.RESPONSES);

    private final MeterRegistry registry;
    private final GenAiConventions conventions;
    private final ModelNames names;
    private final NanoClock clock;
    private final Map<Key, Meters> byKey = new ConcurrentHashMap<>();

    private record Key(Operation operation, String provider, String requestModel, String responseModel, String error) {}

    private record Meters(
            Timer duration,
            Timer firstChunk,
            DistributionSummary inputs,
            DistributionSummary outputs,
            Counter input,
            Counter output,
            Counter cached,
            Counter reasoning) {}

    InferenceMeters(MeterRegistry registry, GenAiConventions conventions, ModelNames names, NanoClock clock) {
        this.registry = registry;
        this.conventions = conventions;
        this.names = names;
        this.clock = clock;
    }

    /** The service with each call of a model counted, or that service itself. */
    public ChatService ofModelCalls(ChatService service) {
        return conventions.latest()
                ? call -> INFERENCE.contains(call.operation()) ? followed(call, service) : service.send(call)
                : service;
    }

    private Uni<ChatReply> followed(Call call, ChatService service) {
        return Uni.createFrom().deferred(() -> Account.follow(call, service, clock, new Measurement()));
    }

    private final class Measurement implements Account.Reader {
        private final long sent = clock.nanos();
        private OptionalLong first = OptionalLong.empty();

        @Override
        public void firstToken() {
            first = OptionalLong.of(clock.nanos() - sent);
        }

        @Override
        public void ended(ExchangeReport report) {
            Meters meters = byKey.computeIfAbsent(key(report), InferenceMeters.this::meters);
            meters.duration.record(clock.nanos() - sent, NANOSECONDS);
            if (report.stream() && first.isPresent()) {
                meters.firstChunk.record(first.getAsLong(), NANOSECONDS);
            }
            Usage usage = report.tally().usage();
            meters.inputs.record((double) usage.promptTokens());
            meters.outputs.record((double) usage.completionTokens());
            meters.input.increment((double) usage.promptTokens());
            meters.output.increment((double) usage.completionTokens());
            meters.cached.increment((double) usage.cachedTokens());
            meters.reasoning.increment((double) usage.reasoningTokens());
        }
    }

    private Key key(ExchangeReport report) {
        String asked = names.label(report.call().model());
        return new Key(
                report.call().operation(),
                report.served().upstream(),
                asked,
                report.answered() ? names.label(report.served().model()) : asked,
                report.error());
    }

    private Meters meters(Key key) {
        Tags call = Tags.of(
                "gen_ai_operation_name",
                key.operation().metricName(),
                "gen_ai_provider_name",
                key.provider(),
                "gen_ai_request_model",
                key.requestModel(),
                "gen_ai_response_model",
                key.responseModel());
        Tags ended = call.and("error_type", key.error());
        return new Meters(
                Timer.builder(PREFIX + "duration")
                        .description("From sending a call of a model to the end of its answer")
                        .serviceLevelObjectives(Series.TOTAL)
                        .tags(ended)
                        .register(registry),
                Timer.builder(PREFIX + "time_to_first_chunk")
                        .description("From sending a streamed call of a model to its first token")
                        .serviceLevelObjectives(Series.TOTAL)
                        .tags(call)
                        .register(registry),
                tokens("operation.input_tokens", "Tokens that one call of a model read; 0 where not counted", ended),
                tokens("operation.output_tokens", "Tokens that one call of a model wrote; 0 where not counted", ended),
                counter("usage.input_tokens", "Tokens that calls of models read, cached ones included", call),
                counter("usage.output_tokens", "Tokens that calls of models wrote, reasoning included", call),
                counter("usage.cache_read.input_tokens", "Tokens read that a server still knew", call),
                counter("usage.reasoning.output_tokens", "Tokens written that were reasoning", call));
    }

    private DistributionSummary tokens(String name, String description, Tags tags) {
        return DistributionSummary.builder(PREFIX + name)
                .description(description)
                .serviceLevelObjectives(Series.TOKENS)
                .tags(tags)
                .register(registry);
    }

    private Counter counter(String name, String description, Tags tags) {
        return Counter.builder(PREFIX + name)
                .description(description)
                .tags(tags.and("gen_ai_token_modality", "unknown"))
                .register(registry);
    }
}
