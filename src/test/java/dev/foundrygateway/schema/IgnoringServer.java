package dev.foundrygateway.schema;

import dev.foundrygateway.practice.PracticeUpstream;
import dev.foundrygateway.practice.ReceivedRequest;
import dev.foundrygateway.practice.Script;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A server that ignores schemas and tool choices, as Foundry Local does: it says what the test has it say, plain or as a stream as it is asked. */
final class IgnoringServer {
    private IgnoringServer() {}

    /** Answers chats with these texts, one after the other; the last one again and again. */
    static void says(PracticeUpstream upstream, String... texts) {
        Queue<String> left = new ArrayDeque<>(List.of(texts));
        answers(upstream, request -> {
            String next = left.size() > 1 ? left.remove() : left.element();
            return reply(request, new JsonObject().put("role", "assistant").put("content", next), "stop");
        });
    }

    static void answers(PracticeUpstream upstream, Function<ReceivedRequest, Script> answer) {
        upstream.script(request ->
                request.path().endsWith("/chat/completions") ? Optional.of(answer.apply(request)) : Optional.empty());
    }

    /** A message that calls one tool. */
    static JsonObject call(String name, String arguments) {
        JsonObject function = new JsonObject().put("name", name).put("arguments", arguments);
        JsonObject call = new JsonObject()
                .put("index", 0)
                .put("id", "call_1")
                .put("type", "function")
                .put("function", function);
        return new JsonObject()
                .put("role", "assistant")
                .putNull("content")
                .put("tool_calls", new JsonArray().add(call));
    }

    /** The message as a plain answer or as a stream, with 10 tokens read and 5 written. */
    static Script reply(ReceivedRequest request, JsonObject message, String finish) {
        JsonObject asked = request.json();
        JsonObject usage = new JsonObject()
                .put("prompt_tokens", 10)
                .put("completion_tokens", 5)
                .put("total_tokens", 15);
        if (!asked.getBoolean("stream", false)) {
            return Script.start()
                    .json(
                            200,
                            root(asked, "chat.completion", choice("message", message, finish))
                                    .put("usage", usage)
                                    .encode());
        }
        String chunk = "chat.completion.chunk";
        Script script = Script.start().stream()
                .event(root(asked, chunk, choice("delta", message, null)).encode())
                .event(root(asked, chunk, choice("delta", new JsonObject(), finish))
                        .encode());
        boolean counts = asked.getJsonObject("stream_options", new JsonObject()).getBoolean("include_usage", false);
        JsonObject last = root(asked, chunk, new JsonArray()).put("usage", usage);
        return (counts ? script.event(last.encode()) : script).done();
    }

    private static JsonObject root(JsonObject asked, String object, JsonArray choices) {
        return new JsonObject()
                .put("id", "chatcmpl-1")
                .put("object", object)
                .put("created", 7)
                .put("model", asked.getString("model"))
                .put("choices", choices);
    }

    private static JsonArray choice(String name, JsonObject output, @Nullable String finish) {
        return new JsonArray()
                .add(new JsonObject().put("index", 0).put(name, output).put("finish_reason", finish));
    }
}
