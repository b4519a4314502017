package dev.foundrygateway.practice;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.IntSupplier;

/**
 * Routes and errors of Foundry Local 2.x as runtime 2.2.1 was recorded: members sorted by name, chat by id, loading by alias, a text 404 for what it
 * does not know. {@code POST /shutdown} gets the recorded empty reply, but nothing is shut down.
 */
final class Foundry2x implements ModelServer {
    private static final int CREATED = 1_768_473_000;

    private final ModelShelf shelf;
    private final Foundry2xChat chat;
    private final Foundry2xResponses responses;
    private final IntSupplier port;

    Foundry2x(PracticeSettings settings, ModelShelf shelf, IntSupplier port) {
        this.shelf = shelf;
        this.chat = new Foundry2xChat(settings);
        this.responses = new Foundry2xResponses(settings);
        this.port = port;
    }

    @Override
    public Script answer(ReceivedRequest request) {
        String path = request.path();
        return switch (request.method() + " " + path) {
            case "GET /status" -> json(status());
            case "POST /shutdown" -> Script.start().endWithoutTerminator();
            case "GET /models/loaded" -> json(ids(shelf.loadedModels()).encode());
            case "GET /v1/models" -> json(modelList());
            case "POST /v1/chat/completions" -> modelCall(request, "messages", this::chat);
            case "POST /v1/embeddings" -> modelCall(request, "input", this::embeddings);
            case "POST /v1/responses" -> modelCall(request, "input", this::responses);
            case "GET /v1/responses" ->
                json("{\"data\":[],\"first_id\":null,\"has_more\":false,\"last_id\":null,\"object\":\"list\"}");
            default -> byPrefix(request, path);
        };
    }

    private Script byPrefix(ReceivedRequest request, String path) {
        if (request.method().equals("GET")) {
            if (path.startsWith("/models/load/")) {
                // Compared as it came: 2.2.1 does not decode what stands here.
                return byAlias(path.substring("/models/load/".length()), this::load);
            }
            if (path.startsWith("/models/unload/")) {
                return byAlias(path.substring("/models/unload/".length()), this::unload);
            }
            if (path.startsWith("/v1/models/")) {
                String id = ReceivedRequest.decoded(path.substring("/v1/models/".length()));
                return shelf.byId(id).map(model -> json(entry(model).encode())).orElseGet(() -> notFound(id));
            }
        }
        return Script.start()
                .sized(
                        404,
                        "server=oatpp/1.3.0\ncode=404\ndescription=Not Found\nmessage=No mapping for HTTP-method: '"
                                + request.method() + "', URL: '" + path + "'\n",
                        "Connection",
                        "close",
                        "Server",
                        "practice");
    }

    private String status() {
        return new JsonObject()
                .put("endpoints", JsonArray.of("http://127.0.0.1:" + port.getAsInt()))
                .put("modelCachePath", "practice")
                .put("pid", ProcessHandle.current().pid())
                .encode();
    }

    private String modelList() {
        JsonArray entries = new JsonArray();
        shelf.models().forEach(model -> entries.add(entry(model)));
        return new JsonObject().put("data", entries).put("object", "list").encode();
    }

    private static JsonObject entry(PracticeModel model) {
        return new JsonObject()
                .put("created", CREATED)
                .put("id", model.id())
                .put("object", "model")
                .put("owned_by", "practice");
    }

    static JsonArray ids(List<PracticeModel> models) {
        return new JsonArray(models.stream().map(PracticeModel::id).toList());
    }

    private Script byAlias(String alias, Function<PracticeModel, String> change) {
        Optional<PracticeModel> model = shelf.byAlias(alias);
        return model.map(found -> json("{\"status\":\"" + change.apply(found) + "\"}"))
                .orElseGet(() -> notFound(alias));
    }

    private String load(PracticeModel model) {
        return shelf.load(model) ? "loaded" : "already_loaded";
    }

    private String unload(PracticeModel model) {
        return shelf.unload(model) ? "unloaded" : "not_loaded";
    }

    /** The checks that all model calls share, in the order in which 2.2.1 makes them. */
    private Script modelCall(
            ReceivedRequest request, String input, BiFunction<JsonObject, PracticeModel, Script> answer) {
        if (request.text().isEmpty()) {
            return error(400, "Empty request body");
        }
        JsonObject body;
        try {
            body = request.json();
        } catch (DecodeException e) {
            return error(
                    400,
                    "Invalid JSON: [json.exception.parse_error.101] parse error: syntax error while parsing value");
        }
        for (String member : List.of("model", input)) {
            if (!body.containsKey(member)) {
                return error(400, "Invalid request: [json.exception.out_of_range.403] key '" + member + "' not found");
            }
        }
        if (body.getValue(input) instanceof JsonArray items && items.isEmpty()) {
            return error(400, "Missing required field: " + input);
        }
        String id = String.valueOf(body.getValue("model"));
        Optional<PracticeModel> model = shelf.byId(id);
        if (model.isEmpty()) {
            return notFound(id);
        }
        if (!shelf.isLoaded(model.get())) {
            return error(400, "Model not loaded: Model '" + id + "' must be loaded before inference");
        }
        return answer.apply(body, model.get());
    }

    private Script chat(JsonObject body, PracticeModel model) {
        ModelCall call = ModelCall.chat(body);
        return noOutputAllowed(call) ? tooFewTokens() : chat.answer(call, model);
    }

    private Script responses(JsonObject body, PracticeModel model) {
        ModelCall call = ModelCall.responses(body);
        return noOutputAllowed(call) ? tooFewTokens() : responses.answer(call, model);
    }

    private static boolean noOutputAllowed(ModelCall call) {
        return call.maxTokens().orElse(1) < 1;
    }

    private static Script tooFewTokens() {
        return error(
                400,
                "Invalid request: search_options.cc:55 int fl::ResolveMaxOutputTokens(const SearchOptions&, int)"
                        + " max_output_tokens must be >= 1");
    }

    private Script embeddings(JsonObject body, PracticeModel model) {
        return Script.start().delay(model.firstToken()).then(json(EmbeddingList.of(body, model)));
    }

    private static Script notFound(String name) {
        return error(404, "Model not found: No model matching '" + name + "'");
    }

    private static Script json(String body) {
        return Script.start().json(200, body, "Server", "practice");
    }

    private static Script error(int status, String message) {
        return Script.start().json(status, errorBody(message, "invalid_request_error"), "Server", "practice");
    }

    static String errorBody(String message, String type) {
        JsonObject error = new JsonObject()
                .putNull("code")
                .put("message", message)
                .putNull("param")
                .put("type", type);
        return new JsonObject().put("error", error).encode();
    }
}
