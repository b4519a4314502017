package dev.foundrygateway.edge;

import dev.foundrygateway.access.AccessConfig;
import dev.foundrygateway.exchange.ChatReply;
import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.exchange.NanoClock;
import dev.foundrygateway.upstream.foundry.ManagementCalls;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Puts Foundry Local's own calls on the router, those of 0.x and the few of 1.x and 2.x that SDKs make of a remote service. Those with effects on the model
 * server are there only where {@code gateway.access.management} is on.
 */
@ApplicationScoped
public class ManagementRoutes {
    private static final long BODY_LIMIT = 4 << 20;

    private final ManagementCalls calls;
    private final NanoClock clock;
    private final BodyReader bodies;
    private final boolean withEffects;

    ManagementRoutes(ManagementCalls calls, NanoClock clock, AccessConfig access, BodyReader bodies) {
        this.calls = calls;
        this.clock = clock;
        this.bodies = bodies;
        this.withEffects = access.management();
    }

    void routes(@Observes Router router) {
        get(router, "/foundry/list", routing -> calls.list());
        get(router, "/openai/status", routing -> calls.status(ownUrl(routing.request())));
        get(router, "/openai/models", routing -> calls.models());
        get(router, "/openai/loadedmodels", routing -> calls.loaded());
        get(router, "/models/loaded", routing -> calls.loaded());
        get(router, "/openai/load/:model", routing -> calls.load(routing.pathParam("model")));
        get(router, "/models/load/:model", routing -> calls.load(routing.pathParam("model")));
        post(router, "/v1/chat/completions/tokenizer/encode/count", (routing, body) -> calls.countTokens(body));
        post(router, "/openai/download", (routing, body) -> calls.download(body));
        if (withEffects) {
            get(router, "/openai/unload/:model", routing -> calls.unload(routing.pathParam("model")));
            get(router, "/models/unload/:model", routing -> calls.unload(routing.pathParam("model")));
            get(router, "/openai/unloadall", routing -> calls.unloadAll());
            post(router, "/shutdown", (routing, body) -> calls.shutdown());
        }
    }

    private void get(Router router, String path, Function<RoutingContext, Uni<ChatReply>> call) {
        router.route(HttpMethod.GET, path).order(GatewayRoutes.ORDER).handler(routing -> {
            routing.request().resume();
            write(writer(routing), () -> call.apply(routing));
        });
    }

    private void post(Router router, String path, BiFunction<RoutingContext, Buffer, Uni<ChatReply>> call) {
        router.route(HttpMethod.POST, path).order(GatewayRoutes.ORDER).handler(routing -> {
            ReplyWriter writer = writer(routing);
            bodies.read(
                    routing,
                    BODY_LIMIT,
                    body -> {
                        writer.holds(body.lease());
                        write(writer, () -> call.apply(routing, body.bytes()));
                    },
                    writer::failed);
        });
    }

    private ReplyWriter writer(RoutingContext routing) {
        String id = RequestIds.take(routing.request().getHeader("x-request-id"));
        return new ReplyWriter(routing, id, clock, clock.nanos());
    }

    private static void write(ReplyWriter writer, Supplier<Uni<ChatReply>> call) {
        try {
            writer.write(call.get(), 0);
        } catch (GatewayException refused) {
            writer.failed(refused);
        }
    }

    private static String ownUrl(HttpServerRequest request) {
        return request.scheme() + "://" + request.authority();
    }
}
