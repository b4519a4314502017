package dev.foundrygateway.openai;

import dev.foundrygateway.openai.json.Json;
import dev.foundrygateway.openai.sse.Frame;
import dev.foundrygateway.openai.sse.StreamEvent.Kind;

/** An answer's tool call told as the older {@code function_call}, whose finish reason has that name, too. Of several calls the first is told: there was room for one. */
public final class LegacyCalls {
    private static final String CALLS = "tool_calls";
    private static final String CALL = "function_call";

    private LegacyCalls() {}

    /** A frame in the older words: a plain answer, or chunks of a stream. */
    public static Frame pass(Frame frame) {
        return ReplyDocument.edit(
                frame,
                event -> event.kind() == Kind.CHUNK,
                edited -> edited.document().root().get("choices").elements().forEach(LegacyCalls::choice));
    }

    private static void choice(Json choice) {
        Json output = choice.get("message").isObject() ? choice.get("message") : choice.get("delta");
        if (output.has(CALLS)) {
            Json told = Json.object();
            for (Json call : output.get(CALLS).elements()) {
                if (call.get("index").count(0) == 0 && (told.isEmpty() || call.has("index"))) {
                    add(told, call.get("function"));
                }
            }
            output.remove(CALLS);
            if (!told.isEmpty()) {
                output.set(CALL, told);
            }
        }
        if (choice.get("finish_reason").text().equals(CALLS)) {
            choice.set("finish_reason", CALL);
        }
    }

    private static void add(Json told, Json function) {
        if (function.has("name")) {
            told.set("name", function.get("name").text());
        }
        told.set(
                "arguments",
                told.get("arguments").text() + function.get("arguments").text());
    }
}
