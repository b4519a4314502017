package dev.foundrygateway.edge;

import dev.foundrygateway.edge.protocol.Compaction;
import dev.foundrygateway.edge.protocol.ResponsesProtocol;
import dev.foundrygateway.exchange.Call;
import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.exchange.NanoClock;
import dev.foundrygateway.exchange.Operation;
import dev.foundrygateway.exchange.Worker;
import dev.foundrygateway.openai.ChatRequest;
import dev.foundrygateway.responses.ResponseStore;
import dev.foundrygateway.retrieval.RequestFiles;
import io.vertx.core.Vertx;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;

/** {@code POST /v1/responses/compact}: the request's own model writes the summary, whatever its server speaks. */
@Singleton
public class CompactRoutes {
    private final BodyReader bodies;
    private final NanoClock clock;
    private final ResponsesRoutes responses;
    private final ResponseReading kept;
    private final ResponseStore store;
    private final RequestFiles files;
    private final Worker worker;

    CompactRoutes(
            BodyReader bodies,
            NanoClock clock,
            ResponsesRoutes responses,
            ResponseReading kept,
            ResponseStore store,
            RequestFiles files,
            Vertx vertx) {
        this.bodies = bodies;
        this.clock = clock;
        this.responses = responses;
        this.kept = kept;
        this.store = store;
        this.files = files;
        this.worker = Worker.of(vertx);
    }

    void compact(RoutingContext routing, long limit) {
        bodies.answer(routing, limit, clock, (writer, body) -> {
            Call call = CallRoutes.call(routing, Operation.RESPONSES, body, writer);
            ChatRequest request = call.request();
            RequestFiles.Reading reading = files.of(call.caller());
            writer.write(
                    () -> worker.reading(request.bytes().length(), () -> ResponsesProtocol.references(request.bytes()))
                            .chain(references -> kept.earlier(references, call.caller()))
                            .chain(found -> worker.run(() ->
                                    Compaction.of(request.bytes(), found, reading, store.newId(), store::seconds)))
                            .chain(compaction -> responses
                                    .send(compaction.request(), call, ResponsesRoutes.MOST_SHORTENED)
                                    .map(reply -> compaction.reply(reply, call.requestId()))
                                    .onFailure(GatewayException.class)
                                    .transform(compaction::failure))
                            .onCancellation()
                            .invoke(reading::cancel),
                    0);
        });
    }
}
