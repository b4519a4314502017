package dev.foundrygateway.edge;

import dev.foundrygateway.edge.protocol.Compaction;
import dev.foundrygateway.exchange.Call;
import dev.foundrygateway.exchange.NanoClock;
import dev.foundrygateway.exchange.Operation;
import dev.foundrygateway.responses.ResponseStore;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;

/** {@code POST /v1/responses/compact}: the request's own model writes the summary, whatever its server speaks. */
@Singleton
public class CompactRoutes {
    private final BodyReader bodies;
    private final NanoClock clock;
    private final ResponsesRoutes responses;
    private final ResponseReading reading;
    private final ResponseStore store;

    CompactRoutes(
            BodyReader bodies,
            NanoClock clock,
            ResponsesRoutes responses,
            ResponseReading reading,
            ResponseStore store) {
        this.bodies = bodies;
        this.clock = clock;
        this.responses = responses;
        this.reading = reading;
        this.store = store;
    }

    void compact(RoutingContext routing, long limit) {
        bodies.answer(routing, limit, clock, (writer, body) -> {
            Call call = CallRoutes.call(routing, Operation.RESPONSES, body, writer);
            Buffer request = call.request().bytes();
            writer.write(
                    () -> reading.read(
                                    request,
                                    call.caller(),
                                    (earlier, files) ->
                                            Compaction.of(request, earlier, files, store.newId(), store::seconds))
                            .chain(compaction -> responses.answered(compaction, call, true)),
                    0);
        });
    }
}
