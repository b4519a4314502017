package dev.foundrygateway.edge;

import dev.foundrygateway.metrics.MetricsPage;
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

    MetricsRoutes(MetricsPage page) {
        this.page = page;
    }

    void metrics(RoutingContext routing) {
        String mediaType =
                MetricsPage.mediaType(Optional.ofNullable(routing.request().getHeader(HttpHeaders.ACCEPT)));
        routing.response().putHeader(HttpHeaders.CONTENT_TYPE, mediaType).end(page.text(mediaType));
    }
}
