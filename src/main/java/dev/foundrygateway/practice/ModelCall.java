package dev.foundrygateway.practice;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * What a chat or responses request asks of a model. Members of a wrong type count as absent, as they do in Foundry Local 2.x. Read by a JSON reader of
 * its own rather than by the gateway's: what the gateway sends is to be judged, not repeated.
 *
 * @param streaming whether {@code stream} is the literal true
 * @param includeUsage whether {@code stream_options.include_usage} is
 * @param maxTokens the output limit, empty if none
 * @param stops the texts at which to stop
 * @param lastUserText what the user said last, empty if nothing
 * @param promptTokens about how many tokens its messages have
 */
record ModelCall(
        boolean streaming,
        boolean includeUsage,
        OptionalLong maxTokens,
        List<String> stops,
        String lastUserText,
        int promptTokens) {
    static ModelCall chat(JsonObject request) {
        boolean usage = request.getValue("stream_options") instanceof JsonObject options
                && Boolean.TRUE.equals(options.getValue("include_usage"));
        OptionalLong limit = whole(request, "max_completion_tokens");
        return call(
                request, usage, limit.isPresent() ? limit : whole(request, "max_tokens"), request.getValue("messages"));
    }

    static ModelCall responses(JsonObject request) {
        return call(request, false, whole(request, "max_output_tokens"), request.getValue("input"));
    }

    /** The same call by a server that ignores {@code stop}. */
    ModelCall withoutStops() {
        return new ModelCall(streaming, includeUsage, maxTokens, List.of(), lastUserText, promptTokens);
    }

    private static ModelCall call(JsonObject request, boolean includeUsage, OptionalLong maxTokens, Object input) {
        String user = "";
        int tokens = 0;
        for (Object item : input instanceof JsonArray items ? items : JsonArray.of(input)) {
            String text = text(item);
            tokens += Tokens.split(text).size();
            if (!(item instanceof JsonObject message) || "user".equals(message.getValue("role"))) {
                user = text;
            }
        }
        boolean streaming = Boolean.TRUE.equals(request.getValue("stream"));
        return new ModelCall(streaming, includeUsage, maxTokens, strings(request.getValue("stop")), user, tokens);
    }

    /** The text of a message: its content's string or its text parts joined; also of a bare string. */
    private static String text(Object item) {
        Object content = item instanceof JsonObject message ? message.getValue("content") : item;
        if (content instanceof JsonArray parts) {
            List<String> texts = new ArrayList<>();
            for (Object part : parts) {
                if (part instanceof JsonObject object && object.getValue("text") instanceof String text) {
                    texts.add(text);
                }
            }
            return String.join("\n", texts);
        }
        return content instanceof String text ? text : "";
    }

    private static OptionalLong whole(JsonObject request, String name) {
        return request.getValue(name) instanceof Number number && number.doubleValue() == number.longValue()
                ? OptionalLong.of(number.longValue())
                : OptionalLong.empty();
    }

    static List<String> strings(Object value) {
        List<String> strings = new ArrayList<>();
        for (Object item : value instanceof JsonArray items ? items : JsonArray.of(value)) {
            if (item instanceof String text) {
                strings.add(text);
            }
        }
        return strings;
    }
}
