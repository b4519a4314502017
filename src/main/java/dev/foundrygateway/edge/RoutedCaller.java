package dev.foundrygateway.edge;

import dev.foundrygateway.exchange.Caller;
import dev.foundrygateway.exchange.CurrentCaller;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;

/** The caller of a request that quarkus-rest serves. */
@Singleton
public class RoutedCaller implements CurrentCaller {
    private final CurrentVertxRequest request;

    RoutedCaller(CurrentVertxRequest request) {
        this.request = request;
    }

    @Override
    public Caller get() {
        RoutingContext routing = request.getCurrent();
        String id = routing.response().headers().get("x-request-id");
        return Callers.of(routing, id == null ? "" : id);
    }
}
