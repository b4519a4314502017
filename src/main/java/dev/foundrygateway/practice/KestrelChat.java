package dev.foundrygateway.practice;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/**
 * Chat replies of the C# generations: text both in {@code delta} and in {@code message}, the same id for all answers, the model named as asked.
 * The two differ: 1.x puts a running usage into every chunk and sends a last one without choices; 0.x has no usage at all, and no finish reason in
 * streams. Both ignore {@code stop}.
 */
final class KestrelChat {
    private final boolean modern;
    private final Pace pace;

    private KestrelChat(PracticeSettings settings, boolean modern) {
        this.modern = modern;
        this.pace = new Pace(settings);
    }

    static KestrelChat of0x(PracticeSettings settings) {
        return new KestrelChat(settings, false);
    }

    static KestrelChat of1x(PracticeSettings settings) {
        return new KestrelChat(settings, true);
    }

    Script answer(ReceivedRequest request, JsonObject body, PracticeModel model) {
        ModelCall call = ModelCall.chat(body).withoutStops();
        PracticeAnswer answer = PracticeAnswer.to(call, model);
        String finishReason = body.containsKey("max_completion_tokens") ? "stop" : answer.finishReason();
        Reply reply = new Reply(
                String.valueOf(body.getValue("model")), answer, finishReason, System.currentTimeMillis() / 1000);
        return call.streaming() ? stream(request, reply, model) : plain(request, reply, model);
    }

    private Script plain(ReceivedRequest request, Reply reply, PracticeModel model) {
        int tokens = reply.answer.tokens().size();
        JsonObject choice = whole(reply).put("finish_reason", reply.finishReason);
        String body = Kestrel.written(object(reply, "chat.completion", JsonArray.of(choice), tokens));
        return pace.whole(model, tokens).then(Kestrel.json(request, 200, body));
    }

    private Script stream(ReceivedRequest request, Reply reply, PracticeModel model) {
        // Unlike 2.x, the head comes with the first token.
        Script script = Script.start().delay(model.firstToken()).head(200, streamHeaders(request));
        int tokens = reply.answer.tokens().size();
        script = reply.answer.tool().isPresent()
                ? script.event(
                        chunk(reply, JsonArray.of(whole(reply).put("finish_reason", reply.finishReason)), tokens))
                : script.then(pace.tokens(model, tokens, i -> Script.eventText(chunk(reply, i))));
        if (modern) {
            script = script.event(chunk(reply, new JsonArray(), tokens));
        }
        return script.done().end();
    }

    private String chunk(Reply reply, int index) {
        List<String> tokens = reply.answer.tokens();
        JsonObject choice = choice(tokens.get(index));
        if (modern && index == tokens.size() - 1) {
            choice.put("finish_reason", reply.finishReason);
        }
        return chunk(reply, JsonArray.of(choice), index + 1);
    }

    /** The whole answer as one choice. */
    private static JsonObject whole(Reply reply) {
        if (reply.answer.tool().isEmpty()) {
            return choice(reply.answer.text());
        }
        JsonObject choice = choice("");
        choice.getJsonObject("message").put("tool_calls", reply.answer.toolCalls());
        choice.getJsonObject("delta").put("tool_calls", reply.answer.toolCalls());
        return choice;
    }

    static String[] streamHeaders(ReceivedRequest request) {
        return Script.joined(new String[] {"Content-Type", "text/event-stream"}, Kestrel.headers(request));
    }

    private static JsonObject choice(String text) {
        return new JsonObject()
                .put("delta", message(text))
                .put("message", message(text))
                .put("index", 0);
    }

    private static JsonObject message(String text) {
        return new JsonObject().put("role", "assistant").put("content", text).put("tool_calls", new JsonArray());
    }

    private String chunk(Reply reply, JsonArray choices, int tokens) {
        return Kestrel.written(object(reply, "chat.completion.chunk", choices, tokens));
    }

    private JsonObject object(Reply reply, String object, JsonArray choices, int tokens) {
        JsonObject json = new JsonObject().put("model", reply.model).put("choices", choices);
        if (modern) {
            int prompt = reply.answer.promptTokens();
            json.put(
                    "usage",
                    new JsonObject()
                            .put("prompt_tokens", prompt)
                            .put("completion_tokens", tokens)
                            .put("total_tokens", prompt + tokens));
        }
        json.put("created", reply.created)
                .put("CreatedAt", Kestrel.time(reply.created))
                .put("id", "chat.id.1");
        return Kestrel.extras(json).put("object", object);
    }

    private record Reply(String model, PracticeAnswer answer, String finishReason, long created) {}
}
