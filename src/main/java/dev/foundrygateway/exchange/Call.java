package dev.foundrygateway.exchange;

import dev.foundrygateway.openai.ChatRequest;
import dev.foundrygateway.openai.ErrorCode;
import dev.foundrygateway.openai.GatewayOptions;
import io.vertx.core.MultiMap;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * One call on its way inward: a value that a stage hands on, changed or not.
 *
 * @param operation which call it is
 * @param payload what it carries
 * @param options what its client asks of the gateway itself, by body or header
 * @param headers the client's headers, names compared without case; must not be changed
 * @param timeline where its time went so far
 * @param caller who asks
 * @param retrieved what was found; empty if nothing was looked for
 * @param account who follows the exchange; empty as long as nobody does
 * @param rule the rule of the catalogue that chose the model; empty where none did
 */
public record Call(
        Operation operation,
        Payload payload,
        GatewayOptions options,
        MultiMap headers,
        Timeline timeline,
        Caller caller,
        Optional<Retrieved> retrieved,
        Optional<Account> account,
        String rule) {
    /**
     * A call with a JSON body, whose options are read out of the body and the headers.
     *
     * @throws GatewayException when one of them has no such value
     */
    public static Call of(
            Operation operation, ChatRequest request, MultiMap headers, Timeline timeline, Caller caller) {
        return new Call(
                operation,
                new Payload.Json(request),
                options(() -> GatewayOptions.of(request, headers)),
                headers,
                timeline,
                caller,
                Optional.empty(),
                Optional.empty(),
                "");
    }

    private static GatewayOptions options(Supplier<GatewayOptions> read) {
        try {
            return read.get();
        } catch (IllegalArgumentException e) {
            String message = String.valueOf(e.getMessage());
            throw new GatewayException(
                    ErrorCode.INVALID_REQUEST, message, message.substring(0, Math.max(0, message.indexOf(' '))));
        }
    }

    /**
     * A call without a JSON body: a form's options stand in its headers, and one without a body has none.
     *
     * @throws GatewayException when one of them has no such value
     */
    public static Call of(Operation operation, Payload payload, MultiMap headers, Timeline timeline, Caller caller) {
        return new Call(
                operation,
                payload,
                payload instanceof Payload.Form ? options(() -> GatewayOptions.of(headers)) : GatewayOptions.NONE,
                headers,
                timeline,
                caller,
                Optional.empty(),
                Optional.empty(),
                "");
    }

    /**
     * The JSON request.
     *
     * @throws IllegalStateException when the call carries none: its operation tells
     */
    public ChatRequest request() {
        if (payload instanceof Payload.Json json) {
            return json.request();
        }
        throw new IllegalStateException(operation + " carries no JSON request here");
    }

    /** The model that is asked for; empty if none is named. */
    public String model() {
        return payload.model();
    }

    /** Whether a stream of events is asked for. */
    public boolean streaming() {
        return payload.streaming();
    }

    public String requestId() {
        return caller.requestId();
    }

    /** The same call as a part of the exchange that this account follows. */
    Call in(Account follower) {
        return new Call(operation, payload, options, headers, timeline, caller, retrieved, Optional.of(follower), rule);
    }

    public Call withHeaders(MultiMap other) {
        return new Call(operation, payload, options, other, timeline, caller, retrieved, account, rule);
    }

    /** The same call with another request. */
    public Call with(ChatRequest other) {
        return new Call(
                operation, new Payload.Json(other), options, headers, timeline, caller, retrieved, account, rule);
    }

    /** Another operation of a model server, on this call's behalf. */
    public Call asking(Operation other, ChatRequest request) {
        return new Call(other, new Payload.Json(request), options, headers, timeline, caller, retrieved, account, rule);
    }

    /** The same call for another model, which a rule chose. */
    public Call routed(String model, String chosenBy) {
        return new Call(
                operation,
                new Payload.Json(request().withModel(model)),
                options,
                headers,
                timeline,
                caller,
                retrieved,
                account,
                chosenBy);
    }

    /** The same call at a later point of its way. */
    public Call at(Timeline later) {
        return new Call(operation, payload, options, headers, later, caller, retrieved, account, rule);
    }

    /** The same call after retrieval: with the request that carries the sources, the time it took and what was found. */
    public Call retrieved(ChatRequest other, long nanos, Retrieved found) {
        return new Call(
                operation,
                new Payload.Json(other),
                options,
                headers,
                timeline.retrieved(nanos),
                caller,
                Optional.of(found),
                account,
                rule);
    }
}
