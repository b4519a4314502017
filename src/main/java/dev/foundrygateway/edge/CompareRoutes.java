package dev.foundrygateway.edge;

import dev.foundrygateway.access.AccessConfig;
import dev.foundrygateway.compare.CompareRequest;
import dev.foundrygateway.compare.Comparison;
import dev.foundrygateway.exchange.ChatService;
import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.exchange.NanoClock;
import io.smallrye.mutiny.subscription.Cancellable;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/** {@code POST /v1/gateway/compare}. */
@ApplicationScoped
public class CompareRoutes {
    static final String PATH = "/v1/gateway/compare";

    private final Comparison comparison;
    private final ChatService pipeline;
    private final NanoClock clock;
    private final long bodyLimit;

    CompareRoutes(Comparison comparison, GatewayPipeline pipeline, NanoClock clock, AccessConfig access) {
        this.comparison = comparison;
        this.pipeline = pipeline.service();
        this.clock = clock;
        this.bodyLimit = access.bodyLimit().asLongValue();
    }

    void routes(@Observes Router router) {
        router.post(PATH).order(GatewayRoutes.ORDER).handler(this::compare);
    }

    private void compare(RoutingContext routing) {
        String id = RequestIds.take(routing.request().getHeader("x-request-id"));
        ReplyWriter writer = new ReplyWriter(routing, id, clock, clock.nanos());
        BodyReader.read(
                routing.vertx(),
                routing.request(),
                bodyLimit,
                body -> {
                    try {
                        run(routing, writer, id, CompareRequest.read(body));
                    } catch (GatewayException refused) {
                        writer.failed(refused);
                    }
                },
                tooLarge -> {
                    routing.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
                    writer.failed(tooLarge);
                });
    }

    private void run(RoutingContext routing, ReplyWriter writer, String id, CompareRequest request) {
        HttpServerResponse response = routing.response();
        Cancellable running = comparison
                .run(request, routing.request().headers(), Callers.of(routing, id), pipeline)
                .subscribe()
                .with(
                        result -> {
                            if (!response.closed()) {
                                ReplyHead.json(response, 200);
                                response.end(Buffer.buffer(result.encodePrettily()));
                            }
                        },
                        writer::failed);
        response.exceptionHandler(ignored -> running.cancel());
        response.closeHandler(ignored -> running.cancel());
    }
}
