package dev.foundrygateway.practice;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;

/** The reply to an embeddings request. */
final class EmbeddingList {
    private EmbeddingList() {}

    /** One vector for each input, in order. The usage is zero, which is how Foundry Local says "not reported". */
    static String of(JsonObject request, PracticeModel model) {
        JsonArray data = new JsonArray();
        List<String> inputs = ModelCall.strings(request.getValue("input"));
        for (int i = 0; i < inputs.size(); i++) {
            data.add(new JsonObject()
                    .put("embedding", vector(inputs.get(i)))
                    .put("index", i)
                    .put("object", "embedding"));
        }
        return new JsonObject()
                .put("data", data)
                .put("model", model.id())
                .put("object", "list")
                .put("usage", new JsonObject().put("prompt_tokens", 0).put("total_tokens", 0))
                .encode();
    }

    /** What the C# generations answer. */
    static Script answer(ReceivedRequest request, ModelShelf shelf) {
        JsonObject body;
        try {
            body = request.json();
        } catch (DecodeException e) {
            return Kestrel.error(request, 500, "server_error", "", "Invalid OpenAI JSON request: not JSON");
        }
        String name = String.valueOf(body.getValue("model"));
        return shelf.byAnyName(name)
                .filter(shelf::isLoaded)
                .map(model ->
                        Script.start().delay(model.firstToken()).then(Kestrel.json(request, 200, of(body, model))))
                .orElseGet(() -> Kestrel.error(
                        request, 400, "invalid_request_error", "", "Model '" + name + "' is not loaded."));
    }

    private static final int DIMENSIONS = 64;

    private static JsonArray vector(String text) {
        double[] vector = new double[DIMENSIONS];
        for (String word : text.toLowerCase(Locale.ROOT).split("[^\\p{L}\\p{N}]+", -1)) {
            if (!word.isEmpty()) {
                int hash = word.hashCode() * 0x9E3779B9;
                vector[hash >>> 26] += 1;
            }
        }
        return new JsonArray(DoubleStream.of(normalised(vector)).boxed().toList());
    }

    private static double[] normalised(double... vector) {
        double squares = 0;
        for (double value : vector) {
            squares += value * value;
        }
        if (squares == 0) {
            // A text without words still needs a direction, or its cosine to anything would be no number.
            vector[0] = 1;
            return vector;
        }
        double length = Math.sqrt(squares);
        for (int i = 0; i < vector.length; i++) {
            vector[i] = vector[i] / length;
        }
        return vector;
    }
}
