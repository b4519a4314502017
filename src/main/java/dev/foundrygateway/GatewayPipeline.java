package dev.foundrygateway;

import dev.foundrygateway.chat.ChatService;
import dev.foundrygateway.metrics.MetricsFilter;
import dev.foundrygateway.retrieval.RetrievalFilter;
import dev.foundrygateway.upstream.UpstreamClient;
import jakarta.enterprise.context.ApplicationScoped;

/** The one place that knows the stages and their order. */
@ApplicationScoped
public class GatewayPipeline {
    private final ChatService service;

    GatewayPipeline(MetricsFilter metrics, RetrievalFilter retrieval, UpstreamClient upstream) {
        service = metrics.around( // outermost: it measures what the client sees, later stages included
                retrieval.around( // before any choice of a model: both tiers get the same sources
                        upstream));
    }

    /** The whole pipeline. */
    ChatService service() {
        return service;
    }
}
