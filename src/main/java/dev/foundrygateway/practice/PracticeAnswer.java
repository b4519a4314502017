package dev.foundrygateway.practice;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;

/**
 * What a practice model answers: always the same to the same request, and plainly no model's words.
 *
 * @param tokens its tokens; joined they are the text, or the arguments of its tool call
 * @param tool the tool that it calls instead of saying something, by name; empty if none
 * @param finishReason {@code stop}, {@code tool_calls}, or {@code length} where the request's limit cut it
 * @param promptTokens about how many tokens the request had
 */
record PracticeAnswer(List<String> tokens, Optional<String> tool, String finishReason, int promptTokens) {
    static PracticeAnswer to(ModelCall call, PracticeModel model) {
        Optional<JsonObject> tool = call.tool();
        Optional<JsonObject> schema = tool.isPresent() ? tool.map(PracticeAnswer::parameters) : call.schema();
        String text = schema.map(wanted -> SampleJson.of(wanted, PracticeText.heard(call.lastUserText()))
                        .encodePrettily())
                .orElseGet(() -> PracticeText.of(call, model));
        List<String> tokens = Tokens.split(tool.isPresent() ? text : stopped(text, call.stops()));
        long limit = call.maxTokens().orElse(Long.MAX_VALUE);
        boolean cut = tokens.size() > limit;
        return new PracticeAnswer(
                List.copyOf(cut ? tokens.subList(0, (int) limit) : tokens),
                tool.map(called -> called.getString("name")),
                cut ? "length" : tool.isPresent() ? "tool_calls" : "stop",
                call.promptTokens());
    }

    String text() {
        return String.join("", tokens);
    }

    /** The call of the tool as a message carries it; in a stream a delta carries {@code index} too. */
    JsonArray toolCalls() {
        JsonObject function = new JsonObject().put("arguments", text()).put("name", tool.orElse(""));
        return JsonArray.of(new JsonObject()
                .put("function", function)
                .put("id", callId())
                .put("index", 0)
                .put("type", "function"));
    }

    /** The same call always has the same id. */
    String callId() {
        return String.format("call_%08x", text().hashCode());
    }

    boolean cut() {
        return finishReason.equals("length");
    }

    int totalTokens() {
        return promptTokens + tokens.size();
    }

    private static JsonObject parameters(JsonObject tool) {
        return tool.getValue("parameters") instanceof JsonObject parameters ? parameters : new JsonObject();
    }

    private static String stopped(String text, List<String> stops) {
        int end = text.length();
        for (String stop : stops) {
            int at = stop.isEmpty() ? -1 : text.indexOf(stop);
            end = at < 0 ? end : Math.min(end, at);
        }
        return text.substring(0, end);
    }
}
