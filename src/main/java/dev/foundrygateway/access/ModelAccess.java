package dev.foundrygateway.access;

import dev.foundrygateway.exchange.Call;
import dev.foundrygateway.exchange.Caller;
import dev.foundrygateway.exchange.ChatFilter;
import dev.foundrygateway.exchange.ChatReply;
import dev.foundrygateway.exchange.ChatService;
import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.exchange.ModelNames;
import dev.foundrygateway.exchange.Operation;
import dev.foundrygateway.exchange.Payload;
import dev.foundrygateway.openai.ChatRequest;
import dev.foundrygateway.openai.ErrorCode;
import dev.foundrygateway.openai.ModelList;
import dev.foundrygateway.openai.json.Json;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.stream.Stream;

/**
 * Holds a key to the models that its settings list, and to its own responses: others are refused, and left out of the list of models. It judges the name that the client gave, so that a
 * virtual model may ask models that its caller may not.
 */
@Singleton
public class ModelAccess implements ChatFilter {
    /** Where servers and routers in front of them take another model from than the one that is asked: for want of it, or beside it. */
    private static final List<String> FURTHER = List.of("models", "fallbacks", "fallback_models", "draft_model");

    private final ModelNames names;
    private final ApiKeys keys;

    ModelAccess(ModelNames names, ApiKeys keys) {
        this.names = names;
        this.keys = keys;
    }

    @Override
    public Uni<ChatReply> apply(Call call, ChatService next) {
        Caller caller = call.caller();
        if (call.operation() == Operation.RESPONSE_LIST && !keys.mayList(caller.key())) {
            return Uni.createFrom()
                    .failure(new GatewayException(
                            ErrorCode.KEY_DENIED,
                            "a model server lists the responses of all API keys; only a key whose "
                                    + ApiKeysConfig.PREFIX + "." + caller.key()
                                    + ".areas names operate may read them"));
        }
        if (caller.grant().models().isEmpty()) {
            return next.send(call);
        }
        if (call.operation() == Operation.MODELS) {
            return next.send(call).chain(reply -> listed(reply, caller));
        }
        try {
            check(call);
        } catch (GatewayException refused) {
            return Uni.createFrom().failure(refused);
        }
        // A name that it may use and nobody serves: the error would list all names.
        return next.send(call)
                .onFailure(failure ->
                        failure instanceof GatewayException known && known.code() == ErrorCode.MODEL_NOT_FOUND)
                .transform(unknown -> new GatewayException(
                        ErrorCode.MODEL_NOT_FOUND, "no model server has the model '" + asked(call) + "'", "model"));
    }

    private void check(Call call) {
        Caller caller = call.caller();
        if (call.operation() == Operation.MODEL || call.operation().asksModel()) {
            names.check(caller, asked(call));
        }
        if (call.payload() instanceof Payload.Json json) {
            ChatRequest request = json.request();
            // A model server may read names without case, or the first of two, and go on to the next model of a list.
            for (String name :
                    Stream.concat(Stream.of("model", "tools"), FURTHER.stream()).toList()) {
                if (request.timesNamed(name) > (request.has(name) ? 1 : 0)) {
                    throw new GatewayException(
                            ErrorCode.INVALID_REQUEST, name + " must stand in the request once, in lower case", name);
                }
            }
            for (String member : FURTHER) {
                checkFurther(caller, Json.of(request.member(member).orElse("null")));
            }
            // A tool may ask a model of its own.
            for (Json tool : Json.of(request.member("tools").orElse("[]")).elements()) {
                checkFurther(caller, tool.get("model"));
            }
        }
    }

    /** A name, or a list of names; what is neither is no name that the key may use. */
    private void checkFurther(Caller caller, Json named) {
        if (named.isArray()) {
            for (Json name : named.elements()) {
                names.check(caller, name.text());
            }
        } else if (!named.isNull() && !named.isMissing()) {
            names.check(caller, named.text());
        }
    }

    private static String asked(Call call) {
        return call.payload() instanceof Payload.None path ? path.id() : call.model();
    }

    private Uni<ChatReply> listed(ChatReply reply, Caller caller) {
        if (reply.status() != 200) {
            return Uni.createFrom().item(reply);
        }
        return reply.whole().map(body -> {
            try {
                ModelList seen = ModelList.parse(body).only(name -> names.mayAsk(caller, name));
                return ChatReply.json(seen.json(), reply.served());
            } catch (IllegalArgumentException e) {
                throw new GatewayException(
                        ErrorCode.UPSTREAM_ERROR, "upstream " + reply.served().upstream() + " sent " + e.getMessage());
            }
        });
    }
}
