package dev.foundrygateway.openai.schema;

import dev.foundrygateway.openai.ChatRequest;
import dev.foundrygateway.openai.OfferedTools;
import dev.foundrygateway.openai.json.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a chat request demands of its answer's form.
 *
 * @param format what {@code response_format} asks for
 * @param name the schema's name; empty if none is asked for
 * @param schema the schema as JSON; empty if none is asked for
 * @param tools the functions that may be called by name, in order; other kinds of tools are not among them
 * @param choice what {@code tool_choice} asks for
 * @param named the function that has to be called; empty unless one is named
 */
public record Demand(Format format, String name, String schema, Map<String, Tool> tools, Choice choice, String named) {
    /** The values of {@code response_format.type}. */
    public enum Format {
        /** Text, or what the gateway doesn't know. */
        ANY,
        OBJECT,
        SCHEMA
    }

    /** The values of {@code tool_choice}. */
    public enum Choice {
        /** The model may call a tool, or may not. */
        FREE,
        REQUIRED,
        NAMED,
        /** There are tools, and none may be called. */
        NONE
    }

    /**
     * A function.
     *
     * @param strict whether its arguments must keep its schema
     * @param parameters the schema as JSON; empty if it has none
     */
    public record Tool(boolean strict, String parameters) {}

    private static final Set<String> LOOSE = Set.of("\"auto\"", "null");

    /** Whether there may be a demand at all: a look at the names of members, which every request pays. */
    public static boolean possible(ChatRequest request) {
        return request.has("response_format") || request.has("tools") || request.has("tool_choice");
    }

    /**
     * Reads it.
     *
     * @throws IllegalArgumentException when it contradicts itself; the message begins with the member's name
     */
    public static Demand of(ChatRequest request) {
        Json responseFormat = json(request, "response_format");
        Format format =
                switch (responseFormat.get("type").text()) {
                    case "json_object" -> Format.OBJECT;
                    case "json_schema" -> Format.SCHEMA;
                    default -> Format.ANY;
                };
        Json inner = responseFormat.get("json_schema");
        Json schema = inner.get("schema");
        if (format == Format.SCHEMA && !schema.isObject()) {
            throw new IllegalArgumentException("response_format.json_schema.schema is not an object");
        }
        Json choice = json(request, "tool_choice");
        List<Json> offered = json(request, "tools").elements();
        boolean none = choice.text().equals("none") && !offered.isEmpty();
        Map<String, Tool> tools = new LinkedHashMap<>();
        boolean others = false;
        for (Json tool : none ? List.<Json>of() : offered) {
            Json function = tool.get("function");
            others |= !function.isObject();
            if (function.isObject()) {
                Json parameters = function.get("parameters");
                tools.put(
                        function.get("name").text(),
                        new Tool(
                                function.get("strict").toString().equals("true"),
                                parameters.isObject() ? parameters.toString() : ""));
            }
        }
        String named = named(choice);
        boolean required = choice.text().equals("required");
        if (!named.isEmpty() && !tools.containsKey(named)) {
            throw new IllegalArgumentException("tool_choice.function.name is not the name of one of tools");
        }
        if (required && tools.isEmpty() && !others) {
            throw new IllegalArgumentException("tool_choice is required, and tools is empty");
        }
        boolean known = !others && !tools.isEmpty();
        return new Demand(
                format,
                inner.get("name").text(),
                format == Format.SCHEMA ? schema.toString() : "",
                tools,
                none
                        ? Choice.NONE
                        : !named.isEmpty() ? Choice.NAMED : required && known ? Choice.REQUIRED : Choice.FREE,
                named);
    }

    /** The function that an object names; empty where it names a tool of another type, and where it is no object. */
    private static String named(Json choice) {
        String type = choice.get("type").text();
        String named = choice.get("function").get("name").text();
        boolean other = !type.equals("function") && choice.get(type).isObject();
        if ((choice.isObject() || choice.isArray()) && named.isEmpty() && !other) {
            throw new IllegalArgumentException(
                    "tool_choice must be auto, none, required or an object that names a function: {\"type\":\"function\",\"function\":{\"name\":\"add\"}}");
        }
        return named;
    }

    /** Whether the choice names the tools that are left: few servers know that. */
    public static boolean allows(ChatRequest request) {
        return request.member("tool_choice")
                .filter(choice -> choice.contains("\"allowed_tools\""))
                .filter(choice -> Json.of(choice).get("allowed_tools").isObject())
                .isPresent();
    }

    /**
     * The same request with the allowed tools alone, and the choice among them.
     *
     * @throws IllegalArgumentException as {@link #of}
     */
    public static ChatRequest allowed(ChatRequest request) {
        Json choice = json(request, "tool_choice").get("allowed_tools");
        String mode = choice.has("mode") ? choice.get("mode").text() : "auto";
        if (!mode.equals("auto") && !mode.equals("required")) {
            throw new IllegalArgumentException("tool_choice.allowed_tools.mode must be auto or required");
        }
        Map<String, Json> offered = new LinkedHashMap<>();
        json(request, "tools").elements().forEach(tool -> offered.put(key(tool), tool));
        Json left = Json.array();
        for (Json tool : choice.get("tools").elements()) {
            Json one = offered.get(key(tool));
            if (one == null) {
                throw new IllegalArgumentException("tool_choice.allowed_tools.tools has one that is not among tools");
            }
            left.add(one.copy());
        }
        if (left.isEmpty()) {
            throw new IllegalArgumentException("tool_choice.allowed_tools.tools must have at least one tool");
        }
        return request.withMember("tools", left.toString()).withMember("tool_choice", "\"" + mode + "\"");
    }

    private static String key(Json tool) {
        String type = tool.get("type").text();
        return type + " " + tool.get(type).get("name").text();
    }

    /** The tools as a text's calls are read for. */
    public OfferedTools offered() {
        Map<String, String> parameters = new LinkedHashMap<>();
        tools.forEach((tool, demanded) -> parameters.put(tool, demanded.parameters()));
        return new OfferedTools(parameters);
    }

    private static Json json(ChatRequest request, String name) {
        return Json.of(request.member(name).orElse("null"));
    }

    /** Whether a tool has to be called. */
    public boolean mustCall() {
        return choice == Choice.REQUIRED || choice == Choice.NAMED;
    }

    /** Whether all that is demanded is that no tool is called. */
    public boolean noCallAlone() {
        return choice == Choice.NONE && format == Format.ANY;
    }

    /** Whether an answer may have to be taken back: more is asked for than that tools are called by objects. */
    public boolean binding() {
        return format != Format.ANY
                || choice != Choice.FREE
                || tools.values().stream().anyMatch(Tool::strict);
    }

    /** Whether the answer's form is asked for and no tool is offered, so that a tool may stand for the form. */
    public boolean formAlone(ChatRequest request) {
        return format == Format.SCHEMA
                && Optional.of(json(request, "tools")).filter(Json::isEmpty).isPresent()
                && Json.of(schema).get("type").text().equals("object");
    }

    /** Whether a request without strict tools leaves the choice to the model; for a request that is a stream this is all there is to know. */
    public static boolean looseTools(ChatRequest request) {
        return !request.has("response_format")
                && LOOSE.contains(request.member("tool_choice").orElse("null"))
                && !request.member("tools").orElse("").contains("\"strict\"");
    }
}
