package dev.foundrygateway.edge;

import dev.foundrygateway.compare.CompareRequest;
import dev.foundrygateway.compare.Comparison;
import dev.foundrygateway.exchange.ChatService;
import dev.foundrygateway.exchange.NanoClock;
import io.smallrye.mutiny.subscription.Cancellable;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;

/** {@code POST /v1/gateway/compare}. */
@Singleton
public class CompareRoutes {
    private final Comparison comparison;
    private final ChatService pipeline;
    private final NanoClock clock;
    private final BodyReader bodies;

    CompareRoutes(Comparison comparison, GatewayPipeline pipeline, NanoClock clock, BodyReader bodies) {
        this.comparison = comparison;
        this.pipeline = pipeline.service();
        this.clock = clock;
        this.bodies = bodies;
    }

    void compare(RoutingContext routing) {
        String id = RequestIds.take(routing.request().getHeader("x-request-id"));
        ReplyWriter writer = new ReplyWriter(routing, id, clock, clock.nanos());
        bodies.read(
                routing,
                bodies.limit(),
                body -> {
                    writer.holds(body.lease());
                    run(routing, writer, id, CompareRequest.read(body.bytes()));
                },
                writer::failed);
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
