package dev.foundrygateway.edge;

import dev.foundrygateway.edge.protocol.ResponsesProtocol;
import dev.foundrygateway.exchange.Caller;
import dev.foundrygateway.exchange.NanoClock;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;

/** How long a Responses request is, by the same estimate as Messages' count; no model server is asked. */
@Singleton
public class InputTokensRoutes {
    private final BodyReader bodies;
    private final NanoClock clock;
    private final ResponseReading responses;

    InputTokensRoutes(BodyReader bodies, NanoClock clock, ResponseReading responses) {
        this.bodies = bodies;
        this.clock = clock;
        this.responses = responses;
    }

    void count(RoutingContext routing, long limit) {
        bodies.answer(routing, limit, clock, (writer, body) -> {
            Caller caller = Callers.of(routing, writer);
            Buffer request = body.bytes();
            writer.writeJson(() -> responses.read(
                    request, caller, (earlier, files) -> ResponsesProtocol.countTokens(request, earlier, files)));
        });
    }
}
