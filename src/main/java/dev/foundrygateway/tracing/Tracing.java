package dev.foundrygateway.tracing;

import static io.opentelemetry.api.common.AttributeKey.longKey;
import static io.opentelemetry.api.common.AttributeKey.stringKey;

import dev.foundrygateway.exchange.Account;
import dev.foundrygateway.exchange.Call;
import dev.foundrygateway.exchange.ChatFilter;
import dev.foundrygateway.exchange.ChatReply;
import dev.foundrygateway.exchange.ChatService;
import dev.foundrygateway.exchange.GenAiConventions;
import dev.foundrygateway.exchange.ModelNames;
import dev.foundrygateway.exchange.NanoClock;
import dev.foundrygateway.exchange.Payload;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.net.URI;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** Makes the two stages of tracing, one around a whole exchange and one around each call of a model; neither where tracing is off. Thread-safe. */
@Singleton
// What the exporter loads by name, for the native program: its HTTP client, found as a service whose own file is among
// quarkus.native.resources.includes.
@RegisterForReflection(
        classNames = "io.opentelemetry.exporter.sender.jdk.internal.JdkHttpSenderProvider",
        fields = false)
public class Tracing {
    private static final String SCOPE = "dev.foundrygateway";
    private static final long FLUSH_SECONDS = 5;

    private final Optional<SdkTracerProvider> provider;
    private final boolean content;
    private final ModelNames names;
    private final NanoClock clock;
    private final boolean latest;

    /**
     * As configured.
     *
     * @throws IllegalArgumentException naming the setting that is wrong
     */
    @Inject
    Tracing(TracingConfig config, ModelNames names, NanoClock clock, GenAiConventions conventions) {
        this(
                config,
                names,
                clock,
                conventions,
                endpoint -> BatchSpanProcessor.builder(OtlpHttpSpanExporter.builder()
                                .setEndpoint(endpoint)
                                .build())
                        .build());
    }

    Tracing(
            TracingConfig config,
            ModelNames names,
            NanoClock clock,
            GenAiConventions conventions,
            Function<String, SpanProcessor> processor) {
        if (config.ratio() < 0 || config.ratio() > 1) {
            throw new IllegalArgumentException(
                    TracingConfig.PREFIX + ".ratio must be from 0 to 1, not " + config.ratio());
        }
        content = config.content();
        this.names = names;
        this.clock = clock;
        latest = conventions.latest();
        provider = config.endpoint()
                .map(endpoint -> SdkTracerProvider.builder()
                        .addSpanProcessor(processor.apply(traces(endpoint)))
                        .setSampler(Sampler.parentBased(Sampler.traceIdRatioBased(config.ratio())))
                        .setResource(Resource.create(
                                Attributes.of(AttributeKey.stringKey("service.name"), config.service())))
                        .build());
    }

    private static String traces(URI endpoint) {
        String scheme = endpoint.getScheme();
        if (endpoint.getHost() == null || !("http".equals(scheme) || "https".equals(scheme))) {
            throw new IllegalArgumentException(
                    TracingConfig.PREFIX + ".endpoint must be an http or https address, not " + endpoint);
        }
        return endpoint.toString().replaceFirst("/+$", "") + "/v1/traces";
    }

    /** The service with a server span around each exchange, or that service itself. */
    public ChatService ofExchanges(ChatService service) {
        return provider.map(traced -> new ExchangeSpans(traced.get(SCOPE), names, clock, content).around(service))
                .orElse(service);
    }

    /** The service with a client span around each call, or that service itself. */
    public ChatService ofModelCalls(ChatService service) {
        return provider.map(traced -> new ModelCallSpans(traced.get(SCOPE), names, clock, latest).around(service))
                .orElse(service);
    }

    void stop(@Observes ShutdownEvent event) {
        provider.ifPresent(traced -> traced.shutdown().join(FLUSH_SECONDS, TimeUnit.SECONDS));
    }

    /** A server span around each exchange, to the end of its body: a client's trace goes on in it. */
    static final class ExchangeSpans implements ChatFilter {
        private final Tracer tracer;
        private final ModelNames names;
        private final NanoClock clock;
        private final boolean content;

        ExchangeSpans(Tracer tracer, ModelNames names, NanoClock clock, boolean content) {
            this.tracer = tracer;
            this.names = names;
            this.clock = clock;
            this.content = content;
        }

        @Override
        public Uni<ChatReply> apply(Call call, ChatService next) {
            return Uni.createFrom().deferred(() -> {
                String path = "/v1" + call.operation().path();
                Span span = tracer.spanBuilder(call.operation().method() + " " + path)
                        .setParent(Traced.parent(call))
                        .setSpanKind(SpanKind.SERVER)
                        .setAttribute(
                                stringKey("http.request.method"),
                                call.operation().method())
                        .setAttribute(stringKey("http.route"), path)
                        .setAttribute(stringKey("gen_ai.request.model"), names.label(call.model()))
                        .setAttribute(stringKey("gateway.request.id"), call.requestId())
                        .startSpan();
                if (content && call.payload() instanceof Payload.Json && span.isRecording()) {
                    span.setAttribute(stringKey("gen_ai.input.messages"), question(call));
                }
                return Account.join(Traced.within(call, span), next, clock, new Traced(span, false, reply -> {
                    span.setAttribute(longKey("http.response.status_code"), (long) reply.status());
                    span.setAttribute(
                            stringKey("gateway.route"), reply.served().route().label());
                    if (!reply.served().reason().isEmpty()) {
                        span.setAttribute(
                                stringKey("gateway.reason"), reply.served().reason());
                    }
                }));
            });
        }

        /** The user's last message, in the convention's shape. */
        private static String question(Call call) {
            JsonObject part = new JsonObject()
                    .put("type", "text")
                    .put("content", call.request().lastUserText());
            return new JsonArray()
                    .add(new JsonObject().put("role", "user").put("parts", new JsonArray().add(part)))
                    .encode();
        }
    }

    /**
     * A client span around each call of a model, in the GenAI vocabulary. It follows that call alone: a hybrid exchange has several.
     *
     * @see <a href="https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-spans/">OpenTelemetry GenAI spans</a>
     */
    static final class ModelCallSpans implements ChatFilter {
        private final Tracer tracer;
        private final ModelNames names;
        private final NanoClock clock;
        private final boolean latest;

        ModelCallSpans(Tracer tracer, ModelNames names, NanoClock clock, boolean latest) {
            this.tracer = tracer;
            this.names = names;
            this.clock = clock;
            this.latest = latest;
        }

        @Override
        public Uni<ChatReply> apply(Call call, ChatService next) {
            return Uni.createFrom().deferred(() -> {
                String operation = call.operation().metricName();
                // As in the metrics: a client's free text is no span's name.
                String model = names.label(call.model());
                Span span = tracer.spanBuilder(operation + " " + model)
                        .setParent(Traced.parent(call))
                        .setSpanKind(SpanKind.CLIENT)
                        .setAttribute(stringKey("gen_ai.operation.name"), operation)
                        .setAttribute(stringKey("gen_ai.request.model"), model)
                        .startSpan();
                if (latest && call.payload() instanceof Payload.Json) {
                    RequestFacts.tell(span, call.request());
                }
                return Account.follow(Traced.within(call, span), next, clock, new Traced(span, latest, reply -> {
                    span.setAttribute(
                            stringKey("gen_ai.provider.name"), reply.served().upstream());
                    span.setAttribute(
                            stringKey("gen_ai.response.model"), reply.served().model());
                    span.setAttribute(longKey("http.response.status_code"), (long) reply.status());
                }));
            });
        }
    }
}
