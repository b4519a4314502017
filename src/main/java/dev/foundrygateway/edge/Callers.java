package dev.foundrygateway.edge;

import dev.foundrygateway.access.KeyAccount;
import dev.foundrygateway.exchange.Caller;
import dev.foundrygateway.exchange.Grant;
import dev.foundrygateway.exchange.Trust;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;

/** Who asks, from the verdict on the request's head to the route that makes a call of it, or to the resource that quarkus-rest serves. */
@Singleton
public class Callers implements Caller.Current {
    private static final String TRUST = Callers.class.getName() + ".trust";
    private static final String KEY = Callers.class.getName() + ".key";
    private static final String GRANT = Callers.class.getName() + ".grant";

    private final CurrentVertxRequest request;

    Callers(CurrentVertxRequest request) {
        this.request = request;
    }

    @Override
    public Caller get() {
        RoutingContext routing = request.getCurrent();
        String id = routing.response().headers().get(Caller.ID_HEADER);
        return of(routing, id == null ? "" : id);
    }

    static void trust(RoutingContext routing, Trust trust) {
        if (trust != Trust.PROGRAM) {
            routing.put(TRUST, trust);
        }
    }

    static void key(RoutingContext routing, KeyAccount account) {
        routing.put(KEY, account.name());
        routing.put(GRANT, account.grant());
    }

    /** Who waits for that writer's reply, and can be told that none comes. */
    static Caller of(RoutingContext routing, ReplyWriter writer) {
        return of(routing, writer.requestId(), writer::stop);
    }

    static Caller of(RoutingContext routing, String requestId) {
        return of(routing, requestId, () -> {});
    }

    private static Caller of(RoutingContext routing, String requestId, Runnable stop) {
        return new Caller(
                requestId,
                routing.get(KEY, ""),
                routing.get(GRANT, Grant.ALL),
                routing.get(TRUST, Trust.PROGRAM),
                stop,
                () -> address(routing.request()));
    }

    private static String address(HttpServerRequest request) {
        SocketAddress remote = request.remoteAddress();
        String host = remote == null ? null : remote.hostAddress();
        return host == null ? "" : host;
    }
}
