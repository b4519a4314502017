package dev.foundrygateway.edge;

import dev.foundrygateway.access.ApiKeys;
import dev.foundrygateway.exchange.Call;
import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.exchange.ModelNames;
import dev.foundrygateway.exchange.NanoClock;
import dev.foundrygateway.exchange.Operation;
import dev.foundrygateway.exchange.VirtualModels;
import dev.foundrygateway.openai.ChatRequest;
import dev.foundrygateway.openai.ErrorCode;
import dev.foundrygateway.routing.Catalogue;
import dev.foundrygateway.upstream.ModelCatalog;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;

/** {@code /v1/gateway/explain}: which model a chat would get, and why; by GET the rules. No model is asked. */
@Singleton
public class ExplainRoutes {
    private final Catalogue catalogue;
    private final ModelCatalog models;
    private final ModelNames names;
    private final ApiKeys keys;
    private final VirtualModels virtual;
    private final BodyReader bodies;
    private final MessagesRoutes messages;
    private final ResponseReading responses;
    private final NanoClock clock;

    ExplainRoutes(
            Catalogue catalogue,
            ModelCatalog models,
            ModelNames names,
            ApiKeys keys,
            VirtualModels virtual,
            BodyReader bodies,
            MessagesRoutes messages,
            ResponseReading responses,
            NanoClock clock) {
        this.catalogue = catalogue;
        this.models = models;
        this.names = names;
        this.keys = keys;
        this.virtual = virtual;
        this.bodies = bodies;
        this.messages = messages;
        this.responses = responses;
        this.clock = clock;
    }

    void explain(RoutingContext routing) {
        boolean told = routing.request().headers().contains(Protocols.ANTHROPIC_VERSION);
        bodies.answer(routing, bodies.limit(), clock, (writer, body) -> {
            Call came = CallRoutes.call(routing, Operation.CHAT, body, writer);
            writer.writeJson(() -> inChat(came, told)
                    .map(call ->
                            Buffer.buffer(told(call).put("asked", came.model()).encodePrettily())));
        });
    }

    /** What the pipeline would get: rules choose by a chat, whichever protocol its client speaks. */
    private Uni<Call> inChat(Call came, boolean told) {
        ChatRequest request = came.request();
        // A body of the Responses API is known by its input.
        if (request.has("input") && !request.has("messages")) {
            Call call = Call.of(Operation.RESPONSES, request, came.headers(), came.timeline(), came.caller());
            return catalogue.chooses(call.model())
                    ? responses
                            .read(call, ResponseReading.references(request))
                            .map(translation -> came.with(translation.request()))
                    : Uni.createFrom().item(call);
        }
        return messages.chat(request.bytes(), came.caller(), told)
                .map(chat -> chat.map(came::with).orElse(came));
    }

    void rules(RoutingContext routing) {
        routing.request().resume();
        if (!keys.seesAll(Callers.of(routing, "").key())) {
            ErrorReply.end(
                    routing,
                    new GatewayException(
                            ErrorCode.KEY_DENIED, "the rules are for API keys whose areas name operate; ask by POST"));
            return;
        }
        ReplyHead.now(routing, catalogue.json());
    }

    private JsonObject told(Call call) {
        JsonObject told = catalogue.explain(call);
        String model = told.getString("model");
        names.check(call.caller(), model);
        if (!keys.seesAll(call.caller().key())) {
            // Others' rules name other keys, and models that this one may not see.
            told.remove("rules");
            return told;
        }
        if (!virtual.nameOf(model).isEmpty()) {
            told.put("asks", new JsonArray(virtual.tiers(model)));
        } else {
            models.find(model)
                    .ifPresentOrElse(
                            target -> told.put("upstream", target.upstream().name())
                                    .put("upstream_model", target.id()),
                            () -> told.put("problem", "no model server has the model " + model));
        }
        return told;
    }
}
