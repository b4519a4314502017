package dev.foundrygateway.edge;

import dev.foundrygateway.edge.protocol.ResponsesProtocol;
import dev.foundrygateway.exchange.Caller;
import dev.foundrygateway.exchange.NanoClock;
import dev.foundrygateway.exchange.Worker;
import dev.foundrygateway.retrieval.RequestFiles;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;

/** How long a Responses request is, by the same estimate as Messages' count; no model server is asked. */
@Singleton
public class InputTokensRoutes {
    private final BodyReader bodies;
    private final NanoClock clock;
    private final ResponseReading responses;
    private final RequestFiles files;
    private final Worker worker;

    InputTokensRoutes(BodyReader bodies, NanoClock clock, ResponseReading responses, RequestFiles files, Vertx vertx) {
        this.bodies = bodies;
        this.clock = clock;
        this.responses = responses;
        this.files = files;
        this.worker = Worker.of(vertx);
    }

    void count(RoutingContext routing, long limit) {
        bodies.answer(routing, limit, clock, (writer, body) -> {
            Caller caller = Callers.of(routing, writer);
            Buffer request = body.bytes();
            RequestFiles.Reading reading = files.of(caller);
            writer.writeJson(() -> worker.reading(request.length(), () -> ResponsesProtocol.references(request))
                    .chain(references -> responses.earlier(references, caller))
                    .chain(earlier -> worker.run(() -> ResponsesProtocol.countTokens(request, earlier, reading)))
                    .onCancellation()
                    .invoke(reading::cancel));
        });
    }
}
