package dev.foundrygateway.edge;

import dev.foundrygateway.compare.CompareRequest;
import dev.foundrygateway.compare.Comparison;
import dev.foundrygateway.exchange.ChatService;
import dev.foundrygateway.exchange.NanoClock;
import io.vertx.core.buffer.Buffer;
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
        bodies.answer(routing, bodies.limit(), clock, (writer, body) -> {
            CompareRequest request = CompareRequest.read(body.bytes());
            request.models().forEach(model -> Names.model(model, "models"));
            Names.model(request.judge(), "judge");
            writer.writeJson(() -> comparison
                    .run(request, CallRoutes.headers(routing.request(), body), Callers.of(routing, writer), pipeline)
                    .map(result -> Buffer.buffer(result.encodePrettily())));
        });
    }
}
