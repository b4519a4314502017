package dev.foundrygateway.openai;

import dev.foundrygateway.openai.json.Json;
import io.vertx.core.buffer.Buffer;

/** A chat answer that no model gave. Times are seconds since 1970. */
public final class LocalAnswer {
    private LocalAnswer() {}

    /** As a plain answer. */
    public static Buffer completion(String id, String model, String text, long created) {
        Json message = Json.object().set("role", "assistant").set("content", text);
        Json choice = Json.object().set("index", 0).set("message", message).set("finish_reason", "stop");
        Json usage =
                Json.object().set("prompt_tokens", 0).set("completion_tokens", 0).set("total_tokens", 0);
        return head(id, model, "chat.completion", created, choice).set("usage", usage).buffer();
    }

    /** The same as a stream: one chunk with the text, one with the finish reason, and {@code [DONE]}. */
    public static Buffer events(String id, String model, String text, long created) {
        Json delta = Json.object().set("role", "assistant").set("content", text);
        Json first = Json.object().set("index", 0).set("delta", delta).setNull("finish_reason");
        Json last = Json.object().set("index", 0).set("delta", Json.object()).set("finish_reason", "stop");
        String object = "chat.completion.chunk";
        return Buffer.buffer("data: " + head(id, model, object, created, first) + "\n\ndata: "
                + head(id, model, object, created, last) + "\n\ndata: [DONE]\n\n");
    }

    private static Json head(String id, String model, String object, long created, Json choice) {
        Json head = Json.object()
                .set("id", id)
                .set("object", object)
                .set("created", created)
                .set("model", model);
        head.array("choices").add(choice);
        return head;
    }
}
