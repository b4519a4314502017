package dev.foundrygateway.edge;

import dev.foundrygateway.access.AccessConfig;
import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.openai.ErrorCode;
import io.quarkus.vertx.http.runtime.RouteConstants;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Hands the lines of the {@link RouteTable} to the router, with a 405 for their other methods and a 404 for all else. */
@ApplicationScoped
public class RouterSetup {
    /** Before Quarkus' own routes, so that a chat passes none of them. */
    private static final int ORDER = -1_000;

    /** Behind Quarkus' own pages, and before its REST layer. */
    private static final int BEFORE_REST = RouteConstants.ROUTE_ORDER_AFTER_DEFAULT - 1;

    final CallRoutes calls;
    final MessagesRoutes messages;
    final ResponsesRoutes responses;
    final InputTokensRoutes inputTokens;
    final CompactRoutes compact;
    final ConversationRoutes conversations;
    final StoreRoutes stores;
    final CompareRoutes compare;
    final ExchangeRoutes exchanges;
    final UsageRoutes usage;
    final ExplainRoutes explain;
    final ManagementRoutes management;
    final HealthRoutes health;
    final MetricsRoutes metrics;
    private final PlaygroundRoutes pages;
    private final BodyReader bodies;
    private final boolean effects;

    RouterSetup(
            CallRoutes calls,
            MessagesRoutes messages,
            ResponsesRoutes responses,
            InputTokensRoutes inputTokens,
            CompactRoutes compact,
            ConversationRoutes conversations,
            StoreRoutes stores,
            CompareRoutes compare,
            ExchangeRoutes exchanges,
            UsageRoutes usage,
            ExplainRoutes explain,
            ManagementRoutes management,
            HealthRoutes health,
            MetricsRoutes metrics,
            PlaygroundRoutes pages,
            BodyReader bodies,
            AccessConfig access) {
        this.calls = calls;
        this.messages = messages;
        this.responses = responses;
        this.inputTokens = inputTokens;
        this.compact = compact;
        this.conversations = conversations;
        this.stores = stores;
        this.compare = compare;
        this.exchanges = exchanges;
        this.usage = usage;
        this.explain = explain;
        this.management = management;
        this.health = health;
        this.metrics = metrics;
        this.pages = pages;
        this.bodies = bodies;
        this.effects = access.management();
    }

    void routes(@Observes Router router) {
        pages.routes(router, ORDER);
        // Two known clients append /v1 to an endpoint that ends in it already.
        router.route("/v1/v1/*").order(ORDER).handler(RouterSetup::once);
        router.route("/openai/v1/*").order(ORDER).handler(RouterSetup::azureStore);
        Map<String, Set<String>> methods = new LinkedHashMap<>();
        for (Route route : RouteTable.routes()) {
            register(router, HttpMethod.valueOf(route.method()), route);
            Set<String> known = methods.computeIfAbsent(route.pattern(), pattern -> new TreeSet<>());
            known.add(route.method());
            if (route.method().equals("GET")) {
                register(router, HttpMethod.HEAD, route);
                known.add("HEAD");
            }
        }
        methods.forEach((pattern, known) -> router.route(pattern)
                .order(ORDER + 1)
                .handler(routing -> otherMethod(routing, String.join(", ", known))));
        router.route("/v1/*").order(ORDER + 2).handler(RouterSetup::notOurs);
        router.route().order(BEFORE_REST).handler(RouterSetup::notOurs);
        router.route().order(Integer.MAX_VALUE).handler(RouterSetup::notFound);
    }

    private void register(Router router, HttpMethod method, Route route) {
        Handler<RoutingContext> handler = answered(route.by().handler(this, limit(route.body())));
        // The REST layer's own limit of a body is set in between.
        io.vertx.ext.web.Route added =
                router.route(method, route.pattern()).order(route.by() == RouteTable.REST ? StoreRoutes.ORDER : ORDER);
        if (route.path().endsWith("/metrics") || route.path().endsWith("/usage")) {
            // Thousands of series, or rows, take some milliseconds: not the event loop's work.
            added.blockingHandler(handler, false);
        } else {
            added.handler(handler);
        }
    }

    /** That handler; what it throws before anything is answered is the answer. Nobody else would tell it in the words of the protocol that asked. */
    private static Handler<RoutingContext> answered(Handler<RoutingContext> handler) {
        return routing -> {
            try {
                handler.handle(routing);
            } catch (RuntimeException failure) {
                ErrorReply.end(routing, failure);
            }
        };
    }

    private long limit(Route.Body body) {
        return switch (body) {
            case NONE -> 0;
            case JSON, RECORDING -> bodies.limit();
            case FILE -> stores.formLimit();
            case SHORT, FOREIGN -> Math.min(bodies.limit(), ManagementRoutes.BODY_LIMIT);
        };
    }

    /** That handler where calls with effects are switched on. */
    Handler<RoutingContext> switched(Handler<RoutingContext> handler) {
        return effects ? handler : RouterSetup::off;
    }

    private static void once(RoutingContext routing) {
        without("/v1", routing);
    }

    private static void azureStore(RoutingContext routing) {
        if (RouteTable.isStoreOfAzure(routing.normalizedPath())) {
            without(RouteTable.AZURE, routing);
        } else {
            routing.next();
        }
    }

    private static void without(String prefix, RoutingContext routing) {
        String query = routing.request().query();
        AccessRoutes.admitted(routing);
        routing.reroute(routing.normalizedPath().substring(prefix.length()) + (query == null ? "" : "?" + query));
    }

    static void otherMethod(RoutingContext routing, String known) {
        String method = routing.request().method().name();
        if (List.of(known.split(", ", -1)).contains(method)) {
            routing.next();
            return;
        }
        routing.response().putHeader(HttpHeaders.ALLOW, known);
        ErrorReply.end(
                routing,
                new GatewayException(
                        ErrorCode.METHOD_NOT_ALLOWED, routing.normalizedPath() + " takes " + known + " only"));
    }

    /** quarkus-rest serves files and stores, and knows itself what there is not; it shall be asked about nothing else. */
    private static void notOurs(RoutingContext routing) {
        if (RouteTable.rest(routing.normalizedPath())) {
            routing.next();
        } else {
            notFound(routing);
        }
    }

    private static void off(RoutingContext routing) {
        ErrorReply.end(
                routing,
                new GatewayException(
                        ErrorCode.NOT_FOUND,
                        "calls that unload models or stop the model server are switched off; set gateway.access.management=true to take them"));
    }

    private static void notFound(RoutingContext routing) {
        ErrorReply.end(
                routing,
                new GatewayException(
                        ErrorCode.NOT_FOUND,
                        "the gateway has no such route; it never forwards a path that it does not know"));
    }
}
