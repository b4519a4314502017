package dev.foundrygateway.practice;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What a chat or responses request asks of a model. Members of a wrong type count as absent, as they do in Foundry Local 2.x. Read by a JSON reader of
 * its own rather than by the gateway's: what the gateway sends is to be judged, not repeated.
 *
 * @param streaming whether {@code stream} is the literal true
 * @param includeUsage whether {@code stream_options.include_usage} is
 * @param maxTokens the output limit, empty if none
 * @param stops the texts at which to stop
 * @param systemText what the system's messages say, empty if nothing
 * @param lastUserText what the user said last, empty if nothing
 * @param schema the JSON schema of the answer, an empty one for any JSON object; empty if none was asked for
 * @param tool the tool to be called, as its object with {@code name} and {@code parameters}; empty if none is
 * @param promptTokens about how many tokens its messages have
 */
record ModelCall(
        boolean streaming,
        boolean includeUsage,
        OptionalLong maxTokens,
        List<String> stops,
        String systemText,
        String lastUserText,
        Optional<JsonObject> schema,
        Optional<JsonObject> tool,
        int promptTokens) {
    /** A JSON object of no special kind. */
    private static final JsonObject ANY = new JsonObject()
            .put("type", "object")
            .put("properties", new JsonObject().put("heard", new JsonObject().put("type", "string")));

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
        return new ModelCall(
                streaming, includeUsage, maxTokens, List.of(), systemText, lastUserText, schema, tool, promptTokens);
    }

    private static ModelCall call(JsonObject request, boolean includeUsage, OptionalLong maxTokens, Object input) {
        String user = "";
        String role = "user";
        List<String> system = new ArrayList<>(strings(request.getValue("instructions")));
        int tokens = 0;
        for (Object item : input instanceof JsonArray items ? items : JsonArray.of(input)) {
            String text = text(item);
            tokens += Tokens.split(text).size();
            role = item instanceof JsonObject message ? String.valueOf(message.getValue("role")) : "user";
            if (role.equals("user")) {
                user = text;
            } else if (role.equals("system") || role.equals("developer")) {
                system.add(text);
            }
        }
        boolean streaming = Boolean.TRUE.equals(request.getValue("stream"));
        return new ModelCall(
                streaming,
                includeUsage,
                maxTokens,
                strings(request.getValue("stop")),
                String.join("\n", system),
                user,
                schema(request),
                // A tool's result is answered in words.
                role.equals("user") ? tool(request) : Optional.empty(),
                tokens);
    }

    /** Of {@code response_format}, or of what the responses API has instead. */
    private static Optional<JsonObject> schema(JsonObject request) {
        Object format = request.getValue("text") instanceof JsonObject text
                ? text.getValue("format")
                : request.getValue("response_format");
        if (!(format instanceof JsonObject wanted)) {
            return Optional.empty();
        }
        return switch (String.valueOf(wanted.getValue("type"))) {
            case "json_object" -> Optional.of(ANY);
            case "json_schema" -> {
                JsonObject holder = wanted.getValue("json_schema") instanceof JsonObject inner ? inner : wanted;
                yield Optional.of(holder.getValue("schema") instanceof JsonObject schema ? schema : ANY);
            }
            default -> Optional.empty();
        };
    }

    /** The tool that {@code tool_choice} names, else the first function; none where that says none. */
    private static Optional<JsonObject> tool(JsonObject request) {
        Object choice = request.getValue("tool_choice");
        if ("none".equals(choice) || !(request.getValue("tools") instanceof JsonArray tools)) {
            return Optional.empty();
        }
        List<JsonObject> functions = new ArrayList<>();
        for (Object item : tools) {
            function(item).ifPresent(functions::add);
        }
        Optional<Object> named = function(choice).map(function -> function.getValue("name"));
        return functions.stream()
                .filter(function -> named.isEmpty() || named.get().equals(function.getValue("name")))
                .findFirst();
    }

    private static Optional<JsonObject> function(@Nullable Object item) {
        if (!(item instanceof JsonObject tool) || !"function".equals(tool.getValue("type"))) {
            return Optional.empty();
        }
        JsonObject function = tool.getValue("function") instanceof JsonObject inner ? inner : tool;
        return function.getValue("name") instanceof String ? Optional.of(function) : Optional.empty();
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
