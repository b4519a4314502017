package dev.foundrygateway.tracing;

import dev.foundrygateway.exchange.ChatService;
import dev.foundrygateway.exchange.ModelNames;
import dev.foundrygateway.exchange.NanoClock;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.net.URI;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** Makes the two stages of tracing, one around a whole exchange and one around each call of a model; neither where tracing is off. Thread-safe. */
@Singleton
public class Tracing {
    private static final String SCOPE = "dev.foundrygateway";
    private static final long FLUSH_SECONDS = 5;

    private final Optional<SdkTracerProvider> provider;
    private final boolean content;
    private final ModelNames names;
    private final NanoClock clock;

    /**
     * As configured.
     *
     * @throws IllegalArgumentException naming the setting that is wrong
     */
    @Inject
    Tracing(TracingConfig config, ModelNames names, NanoClock clock) {
        this(
                config,
                names,
                clock,
                endpoint -> BatchSpanProcessor.builder(OtlpHttpSpanExporter.builder()
                                .setEndpoint(endpoint)
                                .build())
                        .build());
    }

    Tracing(TracingConfig config, ModelNames names, NanoClock clock, Function<String, SpanProcessor> processor) {
        if (config.ratio() < 0 || config.ratio() > 1) {
            throw new IllegalArgumentException(
                    TracingConfig.PREFIX + ".ratio must be from 0 to 1, not " + config.ratio());
        }
        content = config.content();
        this.names = names;
        this.clock = clock;
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
        return provider.map(traced -> new ModelCallSpans(traced.get(SCOPE), names, clock).around(service))
                .orElse(service);
    }

    void stop(@Observes ShutdownEvent event) {
        provider.ifPresent(traced -> traced.shutdown().join(FLUSH_SECONDS, TimeUnit.SECONDS));
    }
}
