package dev.foundrygateway.practice;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/** The reply to an embeddings request. */
final class EmbeddingList {
    private EmbeddingList() {}

    /** One vector for each input, in order. The usage is zero, which is how Foundry Local says "not reported". */
    static String of(JsonObject request, PracticeModel model) {
        JsonArray data = new JsonArray();
        List<String> inputs = ModelCall.strings(request.getValue("input"));
        for (int i = 0; i < inputs.size(); i++) {
            data.add(new JsonObject()
                    .put("embedding", Embedding.of(inputs.get(i)))
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
}
