package dev.foundrygateway.edge;

import dev.foundrygateway.access.ApiKeys;
import dev.foundrygateway.exchange.Call;
import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.exchange.ModelNames;
import dev.foundrygateway.exchange.NanoClock;
import dev.foundrygateway.exchange.Operation;
import dev.foundrygateway.exchange.VirtualModels;
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
    private final NanoClock clock;

    ExplainRoutes(
            Catalogue catalogue,
            ModelCatalog models,
            ModelNames names,
            ApiKeys keys,
            VirtualModels virtual,
            BodyReader bodies,
            NanoClock clock) {
        this.catalogue = catalogue;
        this.models = models;
        this.names = names;
        this.keys = keys;
        this.virtual = virtual;
        this.bodies = bodies;
        this.clock = clock;
    }

    void explain(RoutingContext routing) {
        bodies.answer(routing, bodies.limit(), clock, (writer, body) -> {
            Call chat = CallRoutes.call(routing, Operation.CHAT, body, writer);
            // A body of the Responses API is known by its input.
            Call call = chat.request().has("input") && !chat.request().has("messages")
                    ? Call.of(Operation.RESPONSES, chat.request(), chat.headers(), writer.arrived(), chat.caller())
                    : chat;
            writer.writeJson(
                    () -> Uni.createFrom().item(() -> Buffer.buffer(told(call).encodePrettily())));
        });
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
