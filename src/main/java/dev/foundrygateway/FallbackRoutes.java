package dev.foundrygateway;

import dev.foundrygateway.chat.Operation;
import dev.foundrygateway.openai.ErrorBody;
import dev.foundrygateway.openai.ErrorCode;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/** What no route takes: 405 where only the method is wrong, else 404, both in OpenAI's shape. */
@ApplicationScoped
public class FallbackRoutes {
    void routes(@Observes Router router) {
        for (Operation operation : Operation.values()) {
            if (operation != Operation.RESPONSES) {
                onlyFor(router, "/v1" + operation.path(), "POST");
            }
        }
        onlyFor(router, "/v1/responses", "GET, HEAD, POST");
        onlyFor(router, "/v1/models", "GET, HEAD");
        onlyFor(router, "/v1/models/:model", "GET, HEAD");
        // quarkus-rest serves these, and knows itself what there is not.
        router.route("/v1/*").order(GatewayRoutes.ORDER + 2).handler(routing -> {
            String path = routing.normalizedPath();
            if (path.startsWith("/v1/files") || path.startsWith("/v1/vector_stores")) {
                routing.next();
            } else {
                notFound(routing);
            }
        });
        router.route().order(Integer.MAX_VALUE).handler(FallbackRoutes::notFound);
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
