package dev.foundrygateway.edge;

import dev.foundrygateway.exchange.Caller;
import dev.foundrygateway.exchange.ChatReply;
import dev.foundrygateway.exchange.NanoClock;
import dev.foundrygateway.upstream.foundry.ManagementCalls;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * Handlers of Foundry Local's own calls, those of 0.x and the few of 1.x and 2.x that SDKs make of a remote service. Those with effects on the model server
 * are routed only where {@code gateway.access.management} is on.
 */
@Singleton
public class ManagementRoutes {
    /** How large a body of these calls may be, in bytes. */
    static final long BODY_LIMIT = 4 << 20;

    private final ManagementCalls calls;
    private final NanoClock clock;
    private final BodyReader bodies;

    ManagementRoutes(ManagementCalls calls, NanoClock clock, BodyReader bodies) {
        this.calls = calls;
        this.clock = clock;
        this.bodies = bodies;
    }

    Handler<RoutingContext> list() {
        return get(routing -> calls.list(caller(routing)));
    }

    Handler<RoutingContext> status() {
        return get(routing -> calls.status(ownUrl(routing.request())));
    }

    Handler<RoutingContext> models() {
        return get(routing -> calls.models(caller(routing)));
    }

    Handler<RoutingContext> loadedIds() {
        return get(routing -> calls.loadedIds(caller(routing)));
    }

    Handler<RoutingContext> loadedNames() {
        return get(routing -> calls.loadedNames(caller(routing)));
    }

    Handler<RoutingContext> load() {
        return get(routing -> calls.load(model(routing), caller(routing)));
    }

    Handler<RoutingContext> unload() {
        return get(routing -> calls.unload(model(routing), caller(routing)));
    }

    Handler<RoutingContext> unloadAll() {
        return get(routing -> calls.unloadAll(caller(routing)));
    }

    Handler<RoutingContext> countTokens() {
        return post(calls::countTokens);
    }

    Handler<RoutingContext> download() {
        return post(calls::download);
    }

    Handler<RoutingContext> shutdown() {
        return post((body, caller) -> calls.shutdown(caller));
    }

    private static Caller caller(RoutingContext routing) {
        return Callers.of(routing, "");
    }

    private static String model(RoutingContext routing) {
        return Names.model(String.valueOf(routing.pathParam("model")));
    }

    private Handler<RoutingContext> get(Function<RoutingContext, Uni<ChatReply>> call) {
        return routing -> {
            routing.request().resume();
            new ReplyWriter(routing, clock).write(() -> call.apply(routing), 0);
        };
    }

    private Handler<RoutingContext> post(BiFunction<Buffer, Caller, Uni<ChatReply>> call) {
        return routing -> bodies.answer(
                routing,
                BODY_LIMIT,
                clock,
                (writer, body) -> writer.write(() -> call.apply(body.bytes(), caller(routing)), 0));
    }

    private static String ownUrl(HttpServerRequest request) {
        return request.scheme() + "://" + request.authority();
    }
}
