package dev.foundrygateway;

import dev.foundrygateway.access.ApiKeys;
import dev.foundrygateway.access.TokenCharge;
import dev.foundrygateway.chat.ChatService;
import dev.foundrygateway.hybrid.HybridFilter;
import dev.foundrygateway.metrics.MetricsFilter;
import dev.foundrygateway.tracing.Tracing;
import dev.foundrygateway.upstream.UpstreamClient;
import jakarta.enterprise.context.ApplicationScoped;

/** The one place that knows the stages and their order. */
@ApplicationScoped
public class GatewayPipeline {
    private final ChatService service;

    GatewayPipeline(
            Tracing tracing,
            MetricsFilter metrics,
            ApiKeys keys,
            TokenCharge charge,
            HybridFilter hybrid,
            UpstreamClient upstream) {
        ChatService calls = tracing.ofModelCalls(upstream); // each call of a model is a span, a hybrid answer's are two
        ChatService models =
                hybrid.around(calls); // innermost: either of its two models gets the request as all else made it
        ChatService charged = keys.limitsTokens() ? charge.around(models) : models; // the tokens of all models together
        ChatService measured = metrics.around(charged); // it measures what the client sees, later stages included
        service = tracing.ofExchanges(measured); // outermost: log line and exemplars name its span
    }

    /** The whole pipeline. */
    ChatService service() {
        return service;
    }
}
