package dev.foundrygateway.practice;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Replies of {@code /v1/responses} in the shape of Foundry Local 2.x, plain and streamed. Nothing is stored. */
final class Foundry2xResponses {
    private final Pace pace;
    private final AtomicLong answers = new AtomicLong();

    Foundry2xResponses(PracticeSettings settings) {
        this.pace = new Pace(settings);
    }

    Script answer(ModelCall call, PracticeModel model) {
        PracticeAnswer answer = PracticeAnswer.to(call, model);
        String number = String.format("%032x", answers.incrementAndGet());
        Reply reply = new Reply(number, model.id(), call.maxTokens(), answer, System.currentTimeMillis() / 1000);
        if (call.streaming()) {
            return stream(reply, model);
        }
        String body = reply.response(reply.status(), true).encode();
        return pace.whole(model, answer.tokens().size()).json(200, body, "Server", "practice");
    }

    private Script stream(Reply reply, PracticeModel model) {
        Events events = new Events(reply);
        Script script = pace.untilFirstToken(model)
                .bytes(events.response("response.created", "in_progress"))
                .bytes(events.response("response.in_progress", "in_progress"))
                .bytes(events.item("response.output_item.added", "in_progress"));
        if (reply.answer.tool().isPresent()) {
            return script.bytes(events.arguments("response.function_call_arguments.delta", "delta"))
                    .bytes(events.arguments("response.function_call_arguments.done", "arguments"))
                    .bytes(events.item("response.output_item.done", reply.status()))
                    .bytes(events.response("response." + reply.status(), reply.status()))
                    .done()
                    .end();
        }
        script = script.bytes(events.part("response.content_part.added", ""));
        script = script.then(pace.tokens(
                model,
                reply.answer.tokens().size(),
                i -> events.delta(reply.answer.tokens().get(i))));
        return script.bytes(events.textDone())
                .bytes(events.part("response.content_part.done", reply.answer.text()))
                .bytes(events.item("response.output_item.done", reply.status()))
                .bytes(events.response("response." + reply.status(), reply.status()))
                .done()
                .end();
    }

    private record Reply(String number, String model, OptionalLong limit, PracticeAnswer answer, long created) {
        String status() {
            return answer.cut() ? "incomplete" : "completed";
        }

        String itemId() {
            return (answer.tool().isPresent() ? "fc_" : "msg_") + number;
        }

        JsonObject part(String text) {
            return new JsonObject().put("text", text).put("type", "output_text");
        }

        JsonObject item(String status) {
            if (answer.tool().isPresent()) {
                return new JsonObject()
                        .put("arguments", status.equals("in_progress") ? "" : answer.text())
                        .put("call_id", answer.callId())
                        .put("id", itemId())
                        .put("name", answer.tool().get())
                        .put("status", status)
                        .put("type", "function_call");
            }
            JsonArray content = status.equals("in_progress") ? new JsonArray() : JsonArray.of(part(answer.text()));
            return new JsonObject()
                    .put("content", content)
                    .put("id", itemId())
                    .put("role", "assistant")
                    .put("status", status)
                    .put("type", "message");
        }

        JsonObject response(String status, boolean ended) {
            Object details = ended && answer.cut() ? new JsonObject().put("reason", "max_output_tokens") : null;
            return new JsonObject()
                    .put("background", false)
                    .putNull("cancelled_at")
                    .putNull("completed_at")
                    .put("created_at", created)
                    .putNull("error")
                    .putNull("failed_at")
                    .put("frequency_penalty", 0.0)
                    .put("id", "resp_" + number)
                    .put("incomplete_details", details)
                    .putNull("instructions")
                    .put("max_output_tokens", limit.isPresent() ? (Object) limit.getAsLong() : null)
                    .put("metadata", new JsonObject())
                    .put("model", model)
                    .put("object", "response")
                    .put("output", ended ? JsonArray.of(item(status)) : new JsonArray())
                    .put("output_text", ended && answer.tool().isEmpty() ? answer.text() : "")
                    .put("parallel_tool_calls", true)
                    .put("presence_penalty", 0.0)
                    .putNull("previous_response_id")
                    .putNull("reasoning")
                    .put("service_tier", "default")
                    .put("status", status)
                    .put("store", false)
                    .put("temperature", 1.0)
                    .put("text", new JsonObject().put("format", new JsonObject().put("type", "text")))
                    .put("tool_choice", "auto")
                    .put("tools", new JsonArray())
                    .put("top_logprobs", 0)
                    .put("top_p", 1.0)
                    .put("truncation", "disabled")
                    .put("usage", usage(ended))
                    .putNull("user");
        }

        private JsonObject usage(boolean ended) {
            return new JsonObject()
                    .put("input_tokens", ended ? answer.promptTokens() : 0)
                    .put("input_tokens_details", new JsonObject().put("cached_tokens", 0))
                    .put("output_tokens", ended ? answer.tokens().size() : 0)
                    .put("output_tokens_details", new JsonObject().put("reasoning_tokens", 0))
                    .put("total_tokens", ended ? answer.totalTokens() : 0);
        }
    }

    /** The events of one answer, numbered as they are made. */
    private static final class Events {
        private final Reply reply;
        private final AtomicInteger sequence = new AtomicInteger();

        Events(Reply reply) {
            this.reply = reply;
        }

        String response(String type, String status) {
            boolean ended = !status.equals("in_progress");
            return event(type, new JsonObject().put("response", reply.response(status, ended)));
        }

        String item(String type, String status) {
            return event(type, new JsonObject().put("item", reply.item(status)).put("output_index", 0));
        }

        String part(String type, String text) {
            return event(type, inContent(new JsonObject()).put("part", reply.part(text)));
        }

        String delta(String token) {
            JsonObject event = new JsonObject().put("content_index", 0).put("delta", token);
            return event(
                    "response.output_text.delta",
                    event.put("item_id", reply.itemId()).put("output_index", 0));
        }

        String arguments(String type, String member) {
            JsonObject event = new JsonObject().put(member, reply.answer.text());
            return event(type, event.put("item_id", reply.itemId()).put("output_index", 0));
        }

        String textDone() {
            String type = "response.output_text.done";
            JsonObject event = inContent(new JsonObject()).put("sequence_number", sequence.getAndIncrement());
            return written(type, event.put("text", reply.answer.text()).put("type", type));
        }

        private JsonObject inContent(JsonObject event) {
            return event.put("content_index", 0).put("item_id", reply.itemId()).put("output_index", 0);
        }

        private String event(String type, JsonObject event) {
            return written(
                    type,
                    event.put("sequence_number", sequence.getAndIncrement()).put("type", type));
        }

        private static String written(String type, JsonObject event) {
            return "event: " + type + "\ndata: " + event.encode() + "\n\n";
        }
    }
}
