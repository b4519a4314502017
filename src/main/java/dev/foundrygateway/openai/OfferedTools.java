package dev.foundrygateway.openai;

import dev.foundrygateway.openai.json.Json;
import dev.foundrygateway.openai.schema.FoundJson;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The functions that a model is offered. For one answer, read by one thread at a time. */
public final class OfferedTools {
    private static final int MOST_LEVELS = 8;
    /** How many references are followed for one argument, each of them once: the schema is the client's, and may refer to itself. */
    private static final int MOST_REFERENCES = 64;

    private final Map<String, String> parameters;
    /** Those that were needed, read once. */
    private final Map<String, Json> schemas = new HashMap<>();

    /**
     * Some functions.
     *
     * @param parameters each one's schema as JSON, by its name; empty where it has none
     */
    public OfferedTools(Map<String, String> parameters) {
        this.parameters = parameters;
    }

    /** Those of a chat request. */
    public static OfferedTools of(ChatRequest request) {
        Map<String, String> parameters = new LinkedHashMap<>();
        member(request, "tools").elements().stream()
                .map(tool -> tool.get("function"))
                .forEach(function -> parameters.put(
                        function.get("name").text(),
                        function.has("parameters") ? function.get("parameters").toString() : ""));
        return new OfferedTools(parameters);
    }

    /** Functions of which only the names are known. */
    public static OfferedTools named(Set<String> names) {
        return new OfferedTools(names.stream().collect(Collectors.toMap(name -> name, name -> "")));
    }

    private static Json member(ChatRequest request, String name) {
        return Json.of(request.member(name).orElse("null"));
    }

    public Set<String> names() {
        return parameters.keySet();
    }

    /** An argument that was written without JSON's quotes, as the JSON that the function's schema wants; what fits no type of it is a text. */
    String argument(ToolCall call, String name, String written) {
        Json schema = schemas.computeIfAbsent(
                call.name(),
                called -> call.meant(names())
                        .flatMap(tool -> Json.parse(parameters.getOrDefault(tool, "")))
                        .orElseGet(Json::object));
        Set<String> types = new HashSet<>();
        types(schema, schema.get("properties").get(name), 0, new HashSet<>(), types);
        if (!types.equals(Set.of("string"))) {
            Optional<Json> value = value(written.strip(), !types.isEmpty());
            if (value.isPresent() && (types.isEmpty() || types.contains(type(value.get())))) {
                return value.get().compact().toString();
            }
        }
        return Json.text(written).toString();
    }

    private static Optional<Json> value(String written, boolean typed) {
        Optional<Json> json = Json.parse(written);
        return json.isPresent() || !typed
                ? json
                : Json.parse(FoundJson.withCommas(written))
                        .or(() -> PythonicCalls.literal(written).flatMap(Json::parse));
    }

    /** Its type in a schema's words; a whole number is told as {@code integer}, which {@link #types} adds to {@code number}. */
    private static String type(Json value) {
        if (value.isNumber()) {
            return "integer";
        }
        return value.isObject()
                ? "object"
                : value.isArray() ? "array" : value.isString() ? "string" : value.isNull() ? "null" : "boolean";
    }

    /** Adds the types that a schema lets a value have; none where it doesn't say. */
    private static void types(Json root, Json schema, int level, Set<String> followed, Set<String> types) {
        if (level > MOST_LEVELS) {
            return;
        }
        Json reference = schema.get("$ref");
        if (reference.isString() && followed.size() < MOST_REFERENCES && followed.add(reference.text())) {
            types(root, pointed(root, reference.text()), level + 1, followed, types);
        }
        Json type = schema.get("type");
        for (Json one : type.isString() ? Set.of(type) : type.elements()) {
            types.add(one.text().equals("number") ? "integer" : one.text());
        }
        if (type.isMissing()) {
            schema.get("enum").elements().forEach(one -> types.add(type(one)));
            if (schema.has("const")) {
                types.add(type(schema.get("const")));
            }
        }
        for (String many : new String[] {"anyOf", "oneOf", "allOf"}) {
            schema.get(many).elements().forEach(one -> types(root, one, level + 1, followed, types));
        }
    }

    /** What a reference within the schema points to; missing if nothing. */
    private static Json pointed(Json root, String reference) {
        Json at = root;
        for (String name : reference.replaceFirst("^#/", "").split("/", MOST_LEVELS)) {
            at = at.get(name.replace("~1", "/").replace("~0", "~"));
        }
        return at;
    }
}
