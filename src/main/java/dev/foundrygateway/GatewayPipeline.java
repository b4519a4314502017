package dev.foundrygateway;

import dev.foundrygateway.chat.ChatService;
import dev.foundrygateway.hybrid.HybridFilter;
import dev.foundrygateway.metrics.MetricsFilter;
import dev.foundrygateway.retrieval.RetrievalFilter;
import dev.foundrygateway.upstream.UpstreamClient;
import jakarta.enterprise.context.ApplicationScoped;

/** The one place that knows the stages and their order. */
@ApplicationScoped
public class GatewayPipeline {
    private final ChatService service;

    GatewayPipeline(MetricsFilter metrics, RetrievalFilter retrieval, HybridFilter hybrid, UpstreamClient upstream) {
        ChatService models =
                hybrid.around(upstream); // innermost: either of its two models gets the request as all else made it
        ChatService grounded = retrieval.around(models); // before any choice of a model: both get the same sources
        service = metrics.around(grounded); // outermost: it measures what the client sees, later stages included
    }

    /** The whole pipeline. */
    ChatService service() {
        return service;
    }
}
