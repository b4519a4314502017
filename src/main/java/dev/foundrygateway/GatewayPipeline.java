package dev.foundrygateway;

import dev.foundrygateway.chat.ChatService;
import dev.foundrygateway.metrics.MetricsFilter;
import dev.foundrygateway.upstream.UpstreamClient;
import jakarta.enterprise.context.ApplicationScoped;

/** The one place that knows the stages and their order. */
@ApplicationScoped
public class GatewayPipeline {
    private final ChatService service;

    GatewayPipeline(MetricsFilter metrics, UpstreamClient upstream) {
        service = metrics.around(upstream); // outermost: it measures what the client sees, later stages included
    }

    /** The whole pipeline. */
    ChatService service() {
        return service;
    }
}
