package dev.foundrygateway.edge;

import dev.foundrygateway.exchange.Operation;
import dev.foundrygateway.openai.ErrorBody;
import dev.foundrygateway.openai.ErrorCode;
import io.quarkus.vertx.http.runtime.RouteConstants;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/** What no route takes: 405 where only the method is wrong, else 404, both in OpenAI's shape. */
@ApplicationScoped
public class FallbackRoutes {
    /** Behind Quarkus' own pages, and before its REST layer. */
    private static final int BEFORE_REST = RouteConstants.ROUTE_ORDER_AFTER_DEFAULT - 1;

    void routes(@Observes Router router) {
        for (Operation operation : Operation.values()) {
            if (operation != Operation.RESPONSES) {
                onlyFor(router, "/v1" + operation.path(), "POST");
            }
        }
        onlyFor(router, "/v1/responses", "GET, HEAD, POST");
        onlyFor(router, CompareRoutes.PATH, "POST");
        onlyFor(router, "/v1/models", "GET, HEAD");
        onlyFor(router, "/v1/models/:model", "GET, HEAD");
        router.route("/v1/*").order(GatewayRoutes.ORDER + 2).handler(FallbackRoutes::notOurs);
        router.route().order(BEFORE_REST).handler(FallbackRoutes::notOurs);
        router.route().order(Integer.MAX_VALUE).handler(FallbackRoutes::notFound);
    }

    /** quarkus-rest serves files and stores, and knows itself what there is not; it shall be asked about nothing else. */
    private static void notOurs(RoutingContext routing) {
        if (StoreRoutes.take(routing.normalizedPath())) {
            routing.next();
        } else {
            notFound(routing);
        }
    }

    private static void onlyFor(Router router, String path, String methods) {
        router.route(path).order(GatewayRoutes.ORDER + 1).handler(routing -> {
            routing.response().putHeader(HttpHeaders.ALLOW, methods);
            answer(routing, ErrorCode.METHOD_NOT_ALLOWED, path + " takes " + methods + " only");
        });
    }

    private static void notFound(RoutingContext routing) {
        answer(
                routing,
                ErrorCode.NOT_FOUND,
                "the gateway has no such route; it never forwards a path that it does not know");
    }

    private static void answer(RoutingContext routing, ErrorCode code, String message) {
        routing.response()
                .setStatusCode(code.status())
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                .putHeader("X-Request-Id", RequestIds.take(routing.request().getHeader("x-request-id")))
                .end(ErrorBody.of(code, message, "").json());
    }
}
