package dev.foundrygateway.practice;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.concurrent.atomic.AtomicLong;

/** Chat replies in the shape of Foundry Local 2.x, plain and streamed. */
final class Foundry2xChat {
    private final Pace pace;
    private final AtomicLong answers = new AtomicLong();

    Foundry2xChat(PracticeSettings settings) {
        this.pace = new Pace(settings);
    }

    Script answer(ModelCall call, PracticeModel model) {
        PracticeAnswer answer = PracticeAnswer.to(call, model);
        Chunk chunk = new Chunk(String.format("chatcmpl-%016x", answers.incrementAndGet()), model.id());
        return call.streaming() ? stream(call, answer, model, chunk) : plain(answer, model, chunk);
    }

    private Script plain(PracticeAnswer answer, PracticeModel model, Chunk chunk) {
        JsonObject message = new JsonObject()
                .put("content", answer.tool().isPresent() ? null : answer.text())
                .putNull("refusal")
                .put("role", "assistant");
        if (answer.tool().isPresent()) {
            message.put("tool_calls", answer.toolCalls());
        }
        JsonObject choice = new JsonObject()
                .put("finish_reason", answer.finishReason())
                .put("index", 0)
                .putNull("logprobs")
                .put("message", message);
        String body = chunk.json("chat.completion", JsonArray.of(choice))
                .put("usage", usage(answer))
                .encode();
        return pace.whole(model, answer.tokens().size()).json(200, body, "Server", "practice");
    }

    private Script stream(ModelCall call, PracticeAnswer answer, PracticeModel model, Chunk chunk) {
        Script script = pace.untilFirstToken(model)
                .event(chunk.delta(new JsonObject().put("content", "").put("role", "assistant")));
        script = answer.tool().isPresent()
                ? script.event(chunk.delta(new JsonObject().put("tool_calls", answer.toolCalls())))
                : script.then(pace.tokens(
                        model,
                        answer.tokens().size(),
                        i -> Script.eventText(chunk.delta(
                                new JsonObject().put("content", answer.tokens().get(i))))));
        script = script.event(chunk.last(answer.finishReason()));
        if (call.includeUsage()) {
            script = script.event(chunk.json("chat.completion.chunk", new JsonArray())
                    .put("usage", usage(answer))
                    .encode());
        }
        return script.done().end();
    }

    private static JsonObject usage(PracticeAnswer answer) {
        return new JsonObject()
                .put("completion_tokens", answer.tokens().size())
                .put("completion_tokens_details", new JsonObject().put("reasoning_tokens", 0))
                .put("prompt_tokens", answer.promptTokens())
                .put("prompt_tokens_details", new JsonObject().put("cached_tokens", 0))
                .put("total_tokens", answer.totalTokens());
    }

    /** What all chunks of one answer share. */
    private record Chunk(String id, String model, long created) {
        Chunk(String id, String model) {
            this(id, model, System.currentTimeMillis() / 1000);
        }

        JsonObject json(String object, JsonArray choices) {
            return new JsonObject()
                    .put("choices", choices)
                    .put("created", created)
                    .put("id", id)
                    .put("model", model)
                    .put("object", object)
                    .put("system_fingerprint", "practice");
        }

        String delta(JsonObject delta) {
            return choice(new JsonObject().put("delta", delta).putNull("finish_reason"));
        }

        String last(String finishReason) {
            return choice(new JsonObject().put("delta", new JsonObject()).put("finish_reason", finishReason));
        }

        private String choice(JsonObject choice) {
            choice.put("index", 0).putNull("logprobs");
            return json("chat.completion.chunk", JsonArray.of(choice)).encode();
        }
    }
}
