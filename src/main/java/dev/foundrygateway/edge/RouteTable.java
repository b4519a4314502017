package dev.foundrygateway.edge;

import static dev.foundrygateway.access.Area.EFFECT;
import static dev.foundrygateway.access.Area.OPEN;
import static dev.foundrygateway.access.Area.PROTECTED;
import static dev.foundrygateway.exchange.Operation.CHAT;
import static dev.foundrygateway.exchange.Operation.COMPLETION;
import static dev.foundrygateway.exchange.Operation.EMBEDDINGS;
import static dev.foundrygateway.exchange.Operation.MODEL;
import static dev.foundrygateway.exchange.Operation.MODELS;
import static dev.foundrygateway.exchange.Operation.RERANK;
import static dev.foundrygateway.exchange.Operation.RESPONSES;
import static dev.foundrygateway.exchange.Operation.RESPONSE_CANCEL;
import static dev.foundrygateway.exchange.Operation.RESPONSE_DELETE;
import static dev.foundrygateway.exchange.Operation.RESPONSE_INPUT_ITEMS;
import static dev.foundrygateway.exchange.Operation.RESPONSE_LIST;
import static dev.foundrygateway.exchange.Operation.RESPONSE_READ;
import static dev.foundrygateway.exchange.Operation.TRANSCRIPTION;

import dev.foundrygateway.access.AccessConfig;
import dev.foundrygateway.access.Area;
import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.exchange.Operation;
import dev.foundrygateway.openai.ErrorCode;
import io.quarkus.vertx.http.runtime.RouteConstants;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Every route that is served, and the allow-list by it: nothing else is ever forwarded. Foundry Local has calls with effects beside these, such as
 * {@code POST /shutdown}, and asks nobody for a key.
 */
@ApplicationScoped
public class RouteTable {
    /** Before Quarkus' own routes, so that a chat passes none of them. */
    private static final int ORDER = -1_000;

    /** Behind Quarkus' own pages, and before its REST layer. */
    private static final int BEFORE_REST = RouteConstants.ROUTE_ORDER_AFTER_DEFAULT - 1;

    private final CallRoutes calls;
    private final StoreRoutes stores;
    private final PlaygroundRoutes pages;
    private final List<Route> routes = new ArrayList<>();

    RouteTable(
            CallRoutes calls,
            MessagesRoutes messages,
            ResponsesRoutes responses,
            ConversationRoutes conversations,
            StoreRoutes stores,
            CompareRoutes compare,
            ExchangeRoutes exchanges,
            ManagementRoutes management,
            HealthRoutes health,
            MetricsRoutes metrics,
            PlaygroundRoutes pages,
            BodyReader bodies,
            AccessConfig access) {
        this.calls = calls;
        this.stores = stores;
        this.pages = pages;
        long body = bodies.limit();
        long little = Math.min(body, ManagementRoutes.BODY_LIMIT);
        long file = stores.formLimit();

        model(CHAT, OPEN, body);
        model(COMPLETION, OPEN, body);
        model(EMBEDDINGS, OPEN, body);
        model(RERANK, OPEN, body);
        // llama.cpp's other name for it.
        routes.add(new Route("POST", "/v1/reranking", OPEN, body, false, calls.of(RERANK, body)));
        model(RESPONSES, OPEN, body, responses.of(RESPONSES, body));
        add("POST", "/v1/messages", OPEN, body, routing -> messages.create(routing, body));
        add("POST", "/v1/messages/count_tokens", OPEN, body, routing -> messages.countTokens(routing, body));
        model(TRANSCRIPTION, OPEN, body);
        model(MODELS, OPEN, 0);
        model(MODEL, OPEN, 0);
        for (Operation stored :
                List.of(RESPONSE_LIST, RESPONSE_READ, RESPONSE_DELETE, RESPONSE_CANCEL, RESPONSE_INPUT_ITEMS)) {
            model(stored, PROTECTED, 0, responses.of(stored, 0));
        }
        for (String below : List.of("/v1", "/openai/v1", "")) {
            String path = below + "/conversations";
            boolean shown = below.equals("/v1");
            conversation("POST", path, body, shown, conversations::create);
            conversation("GET", path + "/{id}", 0, shown, conversations::read);
            conversation("POST", path + "/{id}", body, shown, conversations::update);
            conversation("DELETE", path + "/{id}", 0, shown, conversations::delete);
            conversation("POST", path + "/{id}/items", body, shown, conversations::add);
            conversation("GET", path + "/{id}/items", 0, shown, conversations::items);
            conversation("GET", path + "/{id}/items/{item}", 0, shown, conversations::item);
            conversation("DELETE", path + "/{id}/items/{item}", 0, shown, conversations::deleteItem);
        }

        store("POST, GET", "/v1/files", file);
        store("POST", "/v1/uploads", body);
        store("POST", "/v1/uploads/{id}/parts", file);
        store("POST", "/v1/uploads/{id}/complete", body);
        store("POST", "/v1/uploads/{id}/cancel", body);
        store("GET, DELETE", "/v1/files/{id}", 0);
        store("GET", "/v1/files/{id}/content", 0);
        store("POST, GET", "/v1/vector_stores", body);
        store("POST, GET, DELETE", "/v1/vector_stores/{id}", body);
        store("POST", "/v1/vector_stores/{id}/search", body);
        store("POST, GET", "/v1/vector_stores/{store}/files", body);
        store("POST, GET, DELETE", "/v1/vector_stores/{store}/files/{file}", body);
        store("GET", "/v1/vector_stores/{store}/files/{file}/content", 0);
        store("POST", "/v1/vector_stores/{store}/file_batches", body);
        store("GET", "/v1/vector_stores/{store}/file_batches/{batch}", 0);
        store("POST", "/v1/vector_stores/{store}/file_batches/{batch}/cancel", body);
        store("GET", "/v1/vector_stores/{store}/file_batches/{batch}/files", 0);

        add("POST", "/v1/gateway/compare", PROTECTED, body, compare::compare);
        add("GET", ExchangeRoutes.PATH, PROTECTED, 0, exchanges::list);
        add("DELETE", ExchangeRoutes.PATH + "/{id}", EFFECT, 0, exchanges::cancel);

        add("GET", "/foundry/list", PROTECTED, 0, management.list());
        add("GET", "/openai/status", PROTECTED, 0, management.status());
        add("GET", "/openai/models", PROTECTED, 0, management.models());
        add("GET", "/openai/loadedmodels", PROTECTED, 0, management.loadedIds());
        add("GET", "/models/loaded", PROTECTED, 0, management.loadedNames());
        add("GET", "/openai/load/{model}", EFFECT, 0, management.load());
        add("GET", "/models/load/{model}", EFFECT, 0, management.load());
        add("POST", "/v1/chat/completions/tokenizer/encode/count", OPEN, little, management.countTokens());
        add("POST", "/openai/download", EFFECT, little, management.download());
        boolean on = access.management();
        add("GET", "/openai/unload/{model}", EFFECT, 0, on ? management.unload() : RouteTable::off);
        add("GET", "/models/unload/{model}", EFFECT, 0, on ? management.unload() : RouteTable::off);
        add("GET", "/openai/unloadall", EFFECT, 0, on ? management.unloadAll() : RouteTable::off);
        add("POST", "/shutdown", EFFECT, little, on ? management.shutdown() : RouteTable::off);

        add("GET", "/", OPEN, 0, health::health);
        add("GET", "/health", OPEN, 0, health::health);
        add("GET", "/v1/health", OPEN, 0, health::health);
        add("GET", "/metrics", PROTECTED, 0, metrics::metrics);
        add("GET", "/q/metrics", PROTECTED, 0, metrics::metrics);
        // Beside these Quarkus serves /q/health, /q/openapi and /q/swagger-ui, and the files of /playground.

        // Last, since the model of an unversioned path may be called like anything.
        alias("/models", MODELS);
        alias("/models/{id*}", MODEL);
    }

    /** A call of OpenAI's, below {@code /v1} and where other clients look for it: without it, and where Azure's do. */
    private void model(Operation operation, Area area, long bodyLimit) {
        model(operation, area, bodyLimit, calls.of(operation, bodyLimit));
    }

    private void model(Operation operation, Area area, long bodyLimit, Handler<RoutingContext> handler) {
        String path = operation == MODEL ? "/models/{id*}" : operation.path();
        routes.add(new Route(operation.method(), "/v1" + path, area, bodyLimit, true, handler));
        routes.add(new Route(operation.method(), "/openai/v1" + path, area, bodyLimit, false, handler));
        if (operation != MODELS && operation != MODEL) {
            routes.add(new Route(operation.method(), path, area, bodyLimit, false, handler));
        }
        if (operation.asksModel()) {
            String azure = "/openai/deployments/{" + CallRoutes.DEPLOYMENT + "}" + path;
            routes.add(new Route(operation.method(), azure, area, bodyLimit, false, handler));
        }
    }

    private void alias(String path, Operation operation) {
        routes.add(new Route(operation.method(), path, OPEN, 0, false, calls.of(operation, 0)));
    }

    /** A path of files and stores: looked at here, answered by quarkus-rest. */
    private void store(String methods, String path, long bodyLimit) {
        for (String method : methods.split(", ", -1)) {
            routes.add(new Route(method, path, PROTECTED, bodyLimit, true, stores.enter(bodyLimit)));
        }
    }

    private void add(String method, String path, Area area, long bodyLimit, Handler<RoutingContext> handler) {
        routes.add(new Route(method, path, area, bodyLimit, !path.startsWith("/q/"), handler));
    }

    private void conversation(
            String method, String path, long bodyLimit, boolean shown, Handler<RoutingContext> handler) {
        routes.add(new Route(method, path, PROTECTED, bodyLimit, shown, handler));
    }

    /** All lines. */
    List<Route> routes() {
        return List.copyOf(routes);
    }

    void routes(@Observes Router router) {
        pages.routes(router, ORDER);
        // Two known clients append /v1 to an endpoint that ends in it already.
        router.route("/v1/v1/*").order(ORDER).handler(RouteTable::once);
        Map<String, Set<String>> methods = new LinkedHashMap<>();
        for (Route route : routes) {
            boolean rest = StoreRoutes.take(route.path());
            // The REST layer's own limit of a body is set in between.
            int order = rest ? StoreRoutes.ORDER : ORDER;
            register(router, HttpMethod.valueOf(route.method()), route, order);
            Set<String> known = methods.computeIfAbsent(route.pattern(), pattern -> new TreeSet<>());
            known.add(route.method());
            if (route.method().equals("GET")) {
                register(router, HttpMethod.HEAD, route, order);
                known.add("HEAD");
            }
        }
        methods.forEach((pattern, known) -> router.route(pattern)
                .order(ORDER + 1)
                .handler(routing -> otherMethod(routing, String.join(", ", known))));
        router.route("/v1/*").order(ORDER + 2).handler(RouteTable::notOurs);
        router.route().order(BEFORE_REST).handler(RouteTable::notOurs);
        router.route().order(Integer.MAX_VALUE).handler(RouteTable::notFound);
    }

    private static void register(Router router, HttpMethod method, Route route, int order) {
        io.vertx.ext.web.Route added = router.route(method, route.pattern()).order(order);
        if (route.path().endsWith("/metrics")) {
            // Thousands of series take some milliseconds: not the event loop's work.
            added.blockingHandler(route.handler(), false);
        } else {
            added.handler(route.handler());
        }
    }

    private static void once(RoutingContext routing) {
        String query = routing.request().query();
        AccessRoutes.admitted(routing);
        routing.reroute(routing.normalizedPath().substring("/v1".length()) + (query == null ? "" : "?" + query));
    }

    private static void otherMethod(RoutingContext routing, String known) {
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
        if (StoreRoutes.take(routing.normalizedPath())) {
            StoreRoutes.mark(routing);
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
