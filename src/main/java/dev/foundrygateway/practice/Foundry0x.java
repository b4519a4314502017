package dev.foundrygateway.practice;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Optional;
import java.util.function.IntSupplier;

/**
 * Routes of Foundry Local's CLI service, 0.x, after its documentation and the models its SDKs read; there is no recording of it. Models answer by id
 * alone. Downloads are not played.
 */
final class Foundry0x implements ModelServer {
    private final ModelShelf shelf;
    private final KestrelChat chat;
    private final IntSupplier port;

    Foundry0x(PracticeSettings settings, ModelShelf shelf, IntSupplier port) {
        this.shelf = shelf;
        this.chat = KestrelChat.of0x(settings);
        this.port = port;
    }

    @Override
    public Script answer(ReceivedRequest request) {
        if (Kestrel.isPreflight(request)) {
            return Kestrel.preflight(request);
        }
        return switch (request.method() + " " + request.path()) {
            case "GET /openai/status" -> Kestrel.json(request, 200, status());
            case "GET /foundry/list" -> Kestrel.json(request, 200, catalogue());
            case "GET /openai/models" ->
                Kestrel.json(request, 200, Foundry2x.ids(shelf.models()).encode());
            case "GET /openai/loadedmodels" ->
                Kestrel.json(request, 200, Foundry2x.ids(shelf.loadedModels()).encode());
            case "GET /openai/unloadall" -> unloadAll(request);
            case "GET /v1/models" -> Kestrel.json(request, 200, Kestrel.modelList(shelf.models()));
            case "POST /v1/chat/completions" -> chat(request);
            case "POST /v1/embeddings" -> EmbeddingList.answer(request, shelf);
            default -> byPrefix(request);
        };
    }

    private Script byPrefix(ReceivedRequest request) {
        String path = request.path();
        if (request.method().equals("GET") && path.startsWith("/openai/load/")) {
            String id = ReceivedRequest.decoded(path.substring("/openai/load/".length()));
            Optional<PracticeModel> model = shelf.byId(id);
            model.ifPresent(shelf::load);
            return model.isPresent() ? Kestrel.empty(request, 200) : noProvider(request, 500, id);
        }
        if (request.method().equals("GET") && path.startsWith("/openai/unload/")) {
            shelf.byId(ReceivedRequest.decoded(path.substring("/openai/unload/".length())))
                    .ifPresent(shelf::unload);
            return Kestrel.empty(request, 200);
        }
        return Kestrel.empty(request, 404);
    }

    private Script unloadAll(ReceivedRequest request) {
        shelf.loadedModels().forEach(shelf::unload);
        return Kestrel.empty(request, 200);
    }

    /** The names as the SDKs read them; the documentation prints them with capitals. */
    private String status() {
        return new JsonObject()
                .put("endpoints", JsonArray.of("http://127.0.0.1:" + port.getAsInt()))
                .put("modelDirPath", "practice")
                .put("pipeName", "practice")
                .encode();
    }

    private String catalogue() {
        JsonArray entries = new JsonArray();
        shelf.models().forEach(model -> entries.add(catalogueEntry(model)));
        return entries.encode();
    }

    /** All members that the SDKs require. */
    private static JsonObject catalogueEntry(PracticeModel model) {
        JsonObject runtime = new JsonObject().put("deviceType", "CPU").put("executionProvider", "CPUExecutionProvider");
        return new JsonObject()
                .put("name", model.id())
                .put("displayName", model.id())
                .put("modelType", "ONNX")
                .put("providerType", "AzureFoundry")
                .put("uri", "practice://" + model.alias())
                .put("version", "1")
                .putNull("promptTemplate")
                .put("publisher", "practice")
                .put("task", "chat-completion")
                .put("runtime", runtime)
                .put("fileSizeMb", 0)
                .put("modelSettings", new JsonObject().put("parameters", new JsonArray()))
                .put("alias", model.alias())
                .put("supportsToolCalling", false)
                .put("license", "none")
                .put("licenseDescription", "The practice upstream of Foundry Gateway: not a model.")
                .put("parentModelUri", "practice://" + model.alias())
                .put("maxOutputTokens", 2048)
                .put("minFLVersion", "0.0.0");
    }

    private Script chat(ReceivedRequest request) {
        JsonObject body;
        try {
            body = request.json();
        } catch (DecodeException e) {
            return Kestrel.error(request, 500, "server_error", "", "Invalid OpenAI JSON request: not JSON");
        }
        String id = String.valueOf(body.getValue("model"));
        return shelf.byId(id)
                .filter(shelf::isLoaded)
                .map(model -> chat.answer(request, body, model))
                .orElseGet(() -> noProvider(request, 400, id));
    }

    private static Script noProvider(ReceivedRequest request, int status, String id) {
        return Kestrel.error(
                request,
                status,
                status == 400 ? "invalid_request_error" : "server_error",
                "",
                "No OpenAIService provider found for modelName: " + id);
    }
}
