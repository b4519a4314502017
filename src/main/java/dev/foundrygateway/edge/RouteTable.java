package dev.foundrygateway.edge;

import static dev.foundrygateway.access.Area.EFFECT;
import static dev.foundrygateway.access.Area.OPEN;
import static dev.foundrygateway.access.Area.PROTECTED;
import static dev.foundrygateway.access.Area.UNKNOWN;
import static dev.foundrygateway.edge.Route.Body.FILE;
import static dev.foundrygateway.edge.Route.Body.FOREIGN;
import static dev.foundrygateway.edge.Route.Body.JSON;
import static dev.foundrygateway.edge.Route.Body.NONE;
import static dev.foundrygateway.edge.Route.Body.RECORDING;
import static dev.foundrygateway.edge.Route.Body.SHORT;
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

import dev.foundrygateway.access.ApiKeysConfig.KeyArea;
import dev.foundrygateway.access.Area;
import dev.foundrygateway.access.Place;
import dev.foundrygateway.edge.Route.Body;
import dev.foundrygateway.edge.Route.By;
import dev.foundrygateway.exchange.Operation;
import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Every path that is known, and all that follows from it: what answers, its other methods, how far its callers are trusted, whether they need a key, what is
 * read of a body. It is the allow-list: nothing else is ever forwarded. Foundry Local has calls with effects beside these, and asks nobody for a key.
 */
public final class RouteTable {
    /** quarkus-rest answers it: here its head is looked at. */
    static final By REST = (of, limit) -> of.stores.enter(limit);

    /** Where pages lie that Quarkus serves, or a folder. */
    private static final List<String> PAGES = List.of("/playground/", "/webgpu/", "/q/", "/_static/", "/webjars/");

    /** Before {@code /v1} where Azure's clients ask. */
    static final String AZURE = "/openai";

    private static final Pattern PATH_PARAMETERS = Pattern.compile(";[^/]*");
    private static final Place NOWHERE = new Place(UNKNOWN, false, KeyArea.MODELS, Place.Takes.ANY);
    private static final Place BESIDE_MODELS = new Place(UNKNOWN, true, KeyArea.MODELS, Place.Takes.JSON);

    private static final List<Route> ROUTES = new RouteTable().routes;

    private final List<Route> routes = new ArrayList<>();

    private RouteTable() {
        model(CHAT, OPEN, JSON);
        model(COMPLETION, OPEN, JSON);
        model(EMBEDDINGS, OPEN, JSON);
        model(RERANK, OPEN, JSON);
        // llama.cpp's other names for it, and Cohere's.
        for (String path : List.of("/v1/reranking", "/reranking", "/v2/rerank")) {
            undocumented("POST", path, OPEN, JSON, call(RERANK));
        }
        model(RESPONSES, OPEN, JSON);
        for (String path : List.of("/v1/responses/input_tokens", "/responses/input_tokens")) {
            undocumented("POST", path, OPEN, JSON, (of, limit) -> routing -> of.inputTokens.count(routing, limit));
        }
        for (String path : List.of("/v1/responses/compact", "/responses/compact")) {
            undocumented("POST", path, OPEN, JSON, (of, limit) -> routing -> of.compact.compact(routing, limit));
        }
        By message = (of, limit) -> routing -> of.messages.create(routing, limit);
        By count = (of, limit) -> routing -> of.messages.countTokens(routing, limit);
        add("POST", "/v1/messages", OPEN, JSON, message);
        add("POST", "/v1/messages/count_tokens", OPEN, JSON, count);
        undocumented("POST", "/messages", OPEN, JSON, message);
        undocumented("POST", "/messages/count_tokens", OPEN, JSON, count);
        model(TRANSCRIPTION, OPEN, RECORDING);
        model(MODELS, OPEN, NONE);
        model(MODEL, OPEN, NONE);
        for (Operation stored :
                List.of(RESPONSE_LIST, RESPONSE_READ, RESPONSE_DELETE, RESPONSE_CANCEL, RESPONSE_INPUT_ITEMS)) {
            model(stored, PROTECTED, NONE);
        }
        conversation("POST", "", JSON, (of, limit) -> of.conversations::create);
        conversation("GET", "/{id}", NONE, (of, limit) -> of.conversations::read);
        conversation("POST", "/{id}", JSON, (of, limit) -> of.conversations::update);
        conversation("DELETE", "/{id}", NONE, (of, limit) -> of.conversations::delete);
        conversation("POST", "/{id}/items", JSON, (of, limit) -> of.conversations::add);
        conversation("GET", "/{id}/items", NONE, (of, limit) -> of.conversations::items);
        conversation("GET", "/{id}/items/{item}", NONE, (of, limit) -> of.conversations::item);
        conversation("DELETE", "/{id}/items/{item}", NONE, (of, limit) -> of.conversations::deleteItem);

        store("POST, GET", "/v1/files", FILE);
        store("POST", "/v1/uploads", JSON);
        store("POST", "/v1/uploads/{id}/parts", FILE);
        store("POST", "/v1/uploads/{id}/complete", JSON);
        store("POST", "/v1/uploads/{id}/cancel", JSON);
        store("GET, DELETE", "/v1/files/{id}", NONE);
        store("GET", "/v1/files/{id}/content", NONE);
        store("POST, GET", "/v1/vector_stores", JSON);
        store("POST, GET, DELETE", "/v1/vector_stores/{id}", JSON);
        store("POST", "/v1/vector_stores/{id}/search", JSON);
        store("POST, GET", "/v1/vector_stores/{store}/files", JSON);
        store("POST, GET, DELETE", "/v1/vector_stores/{store}/files/{file}", JSON);
        store("GET", "/v1/vector_stores/{store}/files/{file}/content", NONE);
        store("POST", "/v1/vector_stores/{store}/file_batches", JSON);
        store("GET", "/v1/vector_stores/{store}/file_batches/{batch}", NONE);
        store("POST", "/v1/vector_stores/{store}/file_batches/{batch}/cancel", JSON);
        store("GET", "/v1/vector_stores/{store}/file_batches/{batch}/files", NONE);

        add("POST", "/v1/gateway/compare", PROTECTED, JSON, (of, limit) -> of.compare::compare);
        add("GET", "/v1/gateway/exchanges", PROTECTED, NONE, (of, limit) -> of.exchanges::list);
        add("GET", "/v1/gateway/exchanges/{id}", PROTECTED, NONE, (of, limit) -> of.exchanges::one);
        add("GET", "/v1/gateway/log", PROTECTED, NONE, (of, limit) -> of.exchanges::log);
        add("DELETE", "/v1/gateway/exchanges/{id}", EFFECT, NONE, (of, limit) -> of.exchanges::cancel);
        add("POST", "/v1/gateway/explain", PROTECTED, JSON, (of, limit) -> of.explain::explain);
        add("GET", "/v1/gateway/explain", PROTECTED, NONE, (of, limit) -> of.explain::rules);
        add("GET", "/v1/gateway/usage", PROTECTED, NONE, (of, limit) -> of.usage::usage);
        add("GET", "/v1/organization/usage/completions", PROTECTED, NONE, (of, limit) -> of.usage::completions);

        add("GET", "/foundry/list", PROTECTED, NONE, (of, limit) -> of.management.list());
        add("GET", "/openai/status", PROTECTED, NONE, (of, limit) -> of.management.status());
        add("GET", "/openai/models", PROTECTED, NONE, RouteTable::azureOrFoundry);
        add("GET", "/openai/loadedmodels", PROTECTED, NONE, (of, limit) -> of.management.loadedIds());
        add("GET", "/models/loaded", PROTECTED, NONE, (of, limit) -> of.management.loadedNames());
        add("GET", "/openai/load/{model}", EFFECT, NONE, (of, limit) -> of.management.load());
        add("GET", "/models/load/{model}", EFFECT, NONE, (of, limit) -> of.management.load());
        add(
                "POST",
                "/v1/chat/completions/tokenizer/encode/count",
                OPEN,
                SHORT,
                (of, limit) -> of.management.countTokens());
        add("POST", "/openai/download", EFFECT, FOREIGN, (of, limit) -> of.management.download());
        add("GET", "/openai/unload/{model}", EFFECT, NONE, (of, limit) -> of.switched(of.management.unload()));
        add("GET", "/models/unload/{model}", EFFECT, NONE, (of, limit) -> of.switched(of.management.unload()));
        add("GET", "/openai/unloadall", EFFECT, NONE, (of, limit) -> of.switched(of.management.unloadAll()));
        add("POST", "/shutdown", EFFECT, FOREIGN, (of, limit) -> of.switched(of.management.shutdown()));
        // Of Foundry Local's, and never forwarded.
        elsewhere("/openai/setgpudevice/{id}", EFFECT, true);
        elsewhere("/status", PROTECTED, true);

        aside("/", OPEN, (of, limit) -> of.health::health);
        aside("/health", OPEN, (of, limit) -> of.health::health);
        aside("/v1/health", OPEN, (of, limit) -> of.health::health);
        aside("/metrics", PROTECTED, (of, limit) -> of.metrics::metrics);
        aside("/q/metrics", PROTECTED, (of, limit) -> of.metrics::metrics);
        // Quarkus serves /q/health, /q/openapi and /q/swagger-ui.
        elsewhere("/q/{page*}", PROTECTED, false);

        // Of Azure's inference clients.
        undocumented("POST", "/models/chat/completions", OPEN, JSON, call(CHAT));
        undocumented("POST", "/models/embeddings", OPEN, JSON, call(EMBEDDINGS));
        // Last, since the model of an unversioned path may be called like anything.
        undocumented("GET", "/models", OPEN, NONE, call(MODELS));
        undocumented("GET", "/models/{id*}", OPEN, NONE, call(MODEL));
    }

    /** Azure's list of models stands where Foundry Local's names do: its clients say a version. */
    private static Handler<RoutingContext> azureOrFoundry(RouterSetup of, long limit) {
        Handler<RoutingContext> azure = of.calls.of(MODELS, limit);
        Handler<RoutingContext> foundry = of.management.models();
        return routing -> {
            String query = routing.request().query();
            (query != null && query.contains("api-version=") ? azure : foundry).handle(routing);
        };
    }

    private static By call(Operation operation) {
        return switch (operation) {
            case RESPONSES, RESPONSE_LIST, RESPONSE_READ, RESPONSE_DELETE, RESPONSE_CANCEL, RESPONSE_INPUT_ITEMS ->
                (of, limit) -> of.responses.of(operation, limit);
            default -> (of, limit) -> of.calls.of(operation, limit);
        };
    }

    /** A call of OpenAI's, below {@code /v1} and where other clients look for it: without it, and where Azure's do. */
    private void model(Operation operation, Area area, Body body) {
        String path = operation == MODEL ? "/models/{id*}" : operation.path();
        By by = call(operation);
        add(operation.method(), "/v1" + path, area, body, by);
        undocumented(operation.method(), "/openai/v1" + path, area, body, by);
        if (operation != MODELS && operation != MODEL) {
            undocumented(operation.method(), path, area, body, by);
        }
        if (path.startsWith("/responses")) {
            undocumented(operation.method(), "/openai" + path, area, body, by);
        }
        if (operation.asksModel()) {
            String azure = "/openai/deployments/{" + CallRoutes.DEPLOYMENT + "}" + path;
            undocumented(operation.method(), azure, area, body, by);
        }
    }

    private void conversation(String method, String below, Body body, By by) {
        String path = "/conversations" + below;
        add(method, "/v1" + path, PROTECTED, body, by);
        undocumented(method, "/openai/v1" + path, PROTECTED, body, by);
        undocumented(method, "/openai" + path, PROTECTED, body, by);
        undocumented(method, path, PROTECTED, body, by);
    }

    /** A path of files and stores. */
    private void store(String methods, String path, Body body) {
        for (String method : methods.split(", ", -1)) {
            add(method, path, PROTECTED, body, REST);
        }
    }

    private void add(String method, String path, Area area, Body body, By by) {
        routes.add(new Route(method, path, area, true, body, true, by));
    }

    private void undocumented(String method, String path, Area area, Body body, By by) {
        routes.add(new Route(method, path, area, true, body, false, by));
    }

    /** What tells of the gateway, and reaches no model. */
    private void aside(String path, Area area, By by) {
        routes.add(new Route("GET", path, area, false, NONE, !path.startsWith("/q/"), by));
    }

    /** What others serve here, or nobody. */
    private void elsewhere(String path, Area area, boolean reachesModels) {
        routes.add(new Route(Route.ANY, path, area, reachesModels, FOREIGN, false, Route.NOT_HERE));
    }

    /** All lines that are answered here. */
    static List<Route> routes() {
        return ROUTES.stream().filter(route -> route.by() != Route.NOT_HERE).toList();
    }

    /** What access has to know of a normalized path. A method that it has not is as much as the one of its methods that asks for most trust. */
    public static Place find(String method, String path) {
        String asked = method.equals("HEAD") ? "GET" : method;
        List<String> parts = parts(plain(path));
        Place found = NOWHERE;
        for (Route route : ROUTES) {
            Place place = route.place();
            if (route.leads(parts)) {
                if (route.takes(asked)) {
                    return place;
                }
                found = found.area() == UNKNOWN || place.area().compareTo(found.area()) > 0 ? place : found;
            } else if (found.area() == UNKNOWN && place.reachesModels() && route.isBeside(parts)) {
                found = BESIDE_MODELS;
            }
        }
        return found;
    }

    /** Whether quarkus-rest knows what there is at this normalized path. */
    static boolean rest(String path) {
        for (Route route : ROUTES) {
            if (route.by() == REST && path.startsWith("/v1/" + route.parts().get(1))) {
                return true;
            }
        }
        return false;
    }

    /** Whether pages lie at this normalized path: those have a policy of their own, or are Quarkus'. */
    static boolean isPage(String path) {
        for (String folder : PAGES) {
            if (path.startsWith(folder)) {
                return true;
            }
        }
        return false;
    }

    /** What stands between the slashes of a path. */
    static List<String> parts(String path) {
        return Arrays.stream(path.split("/", -1))
                .filter(part -> !part.isEmpty())
                .toList();
    }

    private static String plain(String path) {
        String lower = path.toLowerCase(Locale.ROOT);
        if (lower.indexOf(';') >= 0) {
            lower = PATH_PARAMETERS.matcher(lower).replaceAll("");
        }
        // Some clients add /v1 to a base that ends in it; the router forgives that.
        while (lower.startsWith("/v1/v1/")) {
            lower = lower.substring(3);
        }
        return isStoreOfAzure(lower) ? lower.substring(AZURE.length()) : lower;
    }

    /** Whether a path is one of files and stores as Azure's clients call it. */
    static boolean isStoreOfAzure(String path) {
        return path.startsWith(AZURE + "/v1/") && rest(path.substring(AZURE.length()));
    }
}
