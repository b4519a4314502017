package dev.foundrygateway.practice;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntSupplier;

/**
 * Routes and errors of Foundry Local 1.x as core 1.2.4 was recorded: models by any of their names, empty bodies from loading, any origin echoed, and
 * an error in a stream is a 200 that is cut before its first event. {@code /v1/responses} is not played. Embeddings are answered, though 1.2.4 died
 * of them.
 */
final class Foundry1x implements ModelServer {
    private static final Map<String, String> METHODS = Map.of(
            "/status", "GET",
            "/models/loaded", "GET",
            "/v1/models", "GET",
            "/v1/chat/completions", "POST",
            "/v1/embeddings", "POST");

    private final ModelShelf shelf;
    private final KestrelChat chat;
    private final IntSupplier port;

    Foundry1x(PracticeSettings settings, ModelShelf shelf, IntSupplier port) {
        this.shelf = shelf;
        this.chat = KestrelChat.of1x(settings);
        this.port = port;
    }

    @Override
    public Script answer(ReceivedRequest request) {
        if (Kestrel.isPreflight(request)) {
            return Kestrel.preflight(request);
        }
        String path = request.path();
        return switch (request.method() + " " + path) {
            case "GET /status" -> Kestrel.json(request, 200, status());
            case "GET /models/loaded" ->
                Kestrel.json(request, 200, Foundry2x.ids(shelf.loadedModels()).encode());
            case "GET /v1/models" -> Kestrel.json(request, 200, Kestrel.modelList(shelf.models()));
            case "POST /v1/chat/completions" -> chat(request);
            case "POST /v1/embeddings" -> EmbeddingList.answer(request, shelf);
            default -> byPrefix(request, path);
        };
    }

    private Script byPrefix(ReceivedRequest request, String path) {
        String allowed = METHODS.getOrDefault(path, "");
        if (!allowed.isEmpty()) {
            return Kestrel.empty(request, 405, "Allow", allowed);
        }
        if (request.method().equals("GET") && path.startsWith("/models/load/")) {
            Optional<PracticeModel> model =
                    shelf.byAnyName(ReceivedRequest.decoded(path.substring("/models/load/".length())));
            model.ifPresent(shelf::load);
            return Kestrel.empty(request, model.isPresent() ? 200 : 500);
        }
        if (request.method().equals("GET") && path.startsWith("/models/unload/")) {
            shelf.byAnyName(ReceivedRequest.decoded(path.substring("/models/unload/".length())))
                    .ifPresent(shelf::unload);
            return Kestrel.empty(request, 200);
        }
        if (request.method().equals("GET") && path.startsWith("/v1/models/")) {
            return model(request, ReceivedRequest.decoded(path.substring("/v1/models/".length())));
        }
        return Kestrel.empty(request, 404);
    }

    /** Only the name that the list gives is known here: the id without its version. */
    private Script model(ReceivedRequest request, String name) {
        return shelf.models().stream()
                .filter(model -> ModelShelf.unversioned(model.id()).equalsIgnoreCase(name))
                .findFirst()
                .map(model -> Kestrel.json(request, 200, Kestrel.written(Kestrel.modelEntry(model))))
                .orElseGet(() -> Kestrel.error(
                        request,
                        404,
                        "invalid_request_error",
                        "model_not_found",
                        "The model '" + name + "' does not exist"));
    }

    private String status() {
        return new JsonObject()
                .put("endpoints", JsonArray.of("http://127.0.0.1:" + port.getAsInt()))
                .put("modelDirPath", "practice")
                .putNull("pipeName")
                .put("isAutoRegistrationResolved", true)
                .put("autoRegistrationStatus", "No EP bootstrappers configured.")
                .encodePrettily();
    }

    private Script chat(ReceivedRequest request) {
        JsonObject body;
        try {
            body = request.json();
        } catch (DecodeException e) {
            return Kestrel.error(request, 500, "server_error", "", "Invalid OpenAI JSON request: not JSON");
        }
        if (!(body.getValue("model") instanceof String name)) {
            return refused(request, body, "Value cannot be null. (Parameter 'Model')");
        }
        if (!(body.getValue("messages") instanceof JsonArray messages) || messages.isEmpty()) {
            return refused(
                    request, body, "Request must contain at least one Chat request message (Parameter 'chatRequest')");
        }
        if (ModelCall.chat(body).maxTokens().orElse(1) < 1) {
            String why = "Invalid 'max_completion_tokens': integer below minimum value. Expected a value >= 1";
            return refused(request, body, why + " (Parameter 'chatRequest')");
        }
        return shelf.byAnyName(name)
                .filter(shelf::isLoaded)
                .map(model -> chat.answer(request, body, model))
                .orElseGet(() -> refused(
                        request,
                        body,
                        "Model '" + name + "' is not loaded. Please load the model before getting a ChatClient."));
    }

    private static Script refused(ReceivedRequest request, JsonObject body, String why) {
        if (Boolean.TRUE.equals(body.getValue("stream"))) {
            return Script.start().head(200, KestrelChat.streamHeaders(request)).endWithoutTerminator();
        }
        return Kestrel.error(request, 400, "invalid_request_error", "", "Failed to handle OpenAI completion: " + why);
    }
}
