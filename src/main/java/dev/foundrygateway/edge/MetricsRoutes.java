package dev.foundrygateway.edge;

import dev.foundrygateway.exchange.ServerPages;
import dev.foundrygateway.metrics.MetricsPage;
import io.vertx.core.AsyncResult;
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
        // Servers answer on the loop: no place for reading and writing thousands of series.
        servers.pages()
                .compose(told -> loop.executeBlocking(() -> page.text(mediaType, told), false))
                .onComplete(text -> loop.runOnContext(ignored -> end(routing, mediaType, text)));
    }

    private static void end(RoutingContext routing, String mediaType, AsyncResult<String> text) {
        if (routing.response().closed()) {
            return;
        }
        if (text.failed()) {
            ErrorReply.end(routing, text.cause());
            return;
        }
        routing.response().putHeader(HttpHeaders.CONTENT_TYPE, mediaType).end(text.result());
    }
}
