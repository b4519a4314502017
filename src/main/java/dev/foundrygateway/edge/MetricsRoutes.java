package dev.foundrygateway.edge;

import dev.foundrygateway.exchange.ServerPages;
import dev.foundrygateway.metrics.MetricsPage;
import io.vertx.core.Context;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.util.Optional;

/**
 * {@code /metrics}, and {@code /q/metrics} in front of Quarkus' own: that compares all of the header {@code Accept} and gives Prometheus the plain text
 * format, in which there are no exemplars.
 */
@Singleton
public class MetricsRoutes {
    private final MetricsPage page;
    private final ServerPages servers;

    MetricsRoutes(MetricsPage page, ServerPages servers) {
        this.page = page;
        this.servers = servers;
    }

    void metrics(RoutingContext routing) {
        String mediaType =
                MetricsPage.mediaType(Optional.ofNullable(routing.request().getHeader(HttpHeaders.ACCEPT)));
        Context loop = routing.vertx().getOrCreateContext();
        servers.pages()
                .onComplete(told -> loop.runOnContext(ignored -> {
                    if (!routing.response().closed()) {
                        routing.response()
                                .putHeader(HttpHeaders.CONTENT_TYPE, mediaType)
                                .end(page.text(mediaType, told.result()));
                    }
                }));
    }
}
