package dev.foundrygateway.practice;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A value that a JSON schema allows, always the same one: the first of an enum, the least number, a text that says what it is. It knows what structured outputs
 * and tools use of JSON Schema; a {@code pattern} is not followed.
 *
 * @see <a href="https://json-schema.org/draft/2020-12/json-schema-validation">JSON Schema: validation</a>
 */
final class SampleJson {
    private static final int DEEPEST = 20;
    private static final int LONGEST = 10_000;

    private final JsonObject root;
    private final String text;

    private SampleJson(JsonObject root, String text) {
        this.root = root;
        this.text = text;
    }

    /** An object of that schema; its free texts are {@code text}, cut or padded to the length that is asked for. */
    static JsonObject of(JsonObject schema, String text) {
        return new SampleJson(schema, text).value(schema, 0) instanceof JsonObject object ? object : new JsonObject();
    }

    private @Nullable Object value(JsonObject given, int depth) {
        JsonObject schema = resolved(given, depth);
        if (schema.containsKey("const")) {
            return schema.getValue("const");
        }
        if (schema.getValue("enum") instanceof JsonArray values && !values.isEmpty()) {
            return values.getValue(0);
        }
        if (depth > DEEPEST) {
            return null;
        }
        return switch (type(schema)) {
            case "object" -> object(schema, depth);
            case "array" -> array(schema, depth);
            case "integer" -> (long) Math.ceil(number(schema, 1));
            case "number" -> number(schema, 0.5);
            case "boolean" -> true;
            case "null" -> null;
            default -> string(schema);
        };
    }

    /** The schema itself, or the one that it refers to or combines. */
    private JsonObject resolved(JsonObject given, int depth) {
        JsonObject schema = given;
        for (int hops = 0; schema.getValue("$ref") instanceof String reference && hops <= DEEPEST; hops++) {
            schema = referred(reference);
        }
        for (String choice : List.of("anyOf", "oneOf")) {
            if (schema.getValue(choice) instanceof JsonArray options && !options.isEmpty()) {
                // Deep down the last one, which in a schema that contains itself is the way out.
                Object option = options.getValue(depth > DEEPEST / 2 ? options.size() - 1 : 0);
                return option instanceof JsonObject object && depth <= DEEPEST ? resolved(object, depth + 1) : schema;
            }
        }
        if (schema.getValue("allOf") instanceof JsonArray parts) {
            JsonObject all = schema.copy();
            all.remove("allOf");
            for (Object part : parts) {
                if (part instanceof JsonObject object && depth <= DEEPEST) {
                    all.mergeIn(resolved(object, depth + 1).copy(), true);
                }
            }
            return all;
        }
        return schema;
    }

    private JsonObject referred(String reference) {
        Object found = root;
        for (String step : reference.replaceFirst("^#/?", "").split("/", -1)) {
            String name = step.replace("~1", "/").replace("~0", "~");
            found = step.isEmpty() || !(found instanceof JsonObject object) ? found : object.getValue(name);
        }
        return found instanceof JsonObject object ? object : new JsonObject();
    }

    private static String type(JsonObject schema) {
        if (schema.getValue("type") instanceof JsonArray types && !types.isEmpty()) {
            return String.valueOf(types.getValue(0));
        }
        return schema.getValue("type") instanceof String type
                ? type
                : schema.containsKey("properties") ? "object" : schema.containsKey("items") ? "array" : "string";
    }

    private JsonObject object(JsonObject schema, int depth) {
        JsonObject object = new JsonObject();
        JsonArray required = schema.getValue("required") instanceof JsonArray names ? names : new JsonArray();
        if (schema.getValue("properties") instanceof JsonObject properties) {
            for (String name : properties.fieldNames()) {
                // What may be left out is, deep down: a schema can contain itself.
                if (properties.getValue(name) instanceof JsonObject property
                        && (depth < DEEPEST / 2 || required.contains(name))) {
                    object.put(name, value(property, depth + 1));
                }
            }
        }
        for (Object name : required) {
            if (name instanceof String text && !object.containsKey(text)) {
                object.put(text, this.text);
            }
        }
        return object;
    }

    private JsonArray array(JsonObject schema, int depth) {
        long least = Math.min(whole(schema, "minItems", depth < DEEPEST / 2 ? 1 : 0), LONGEST);
        long count = Math.min(Math.max(least, 0), whole(schema, "maxItems", LONGEST));
        List<@Nullable Object> items = new ArrayList<>();
        for (long i = 0; i < count; i++) {
            items.add(schema.getValue("items") instanceof JsonObject item ? value(item, depth + 1) : text);
        }
        return new JsonArray(items);
    }

    private static double number(JsonObject schema, double usual) {
        double step = decimal(schema, "multipleOf", 0);
        double between = step > 0 ? step : usual;
        double least = Math.max(
                decimal(schema, "minimum", Double.NEGATIVE_INFINITY),
                decimal(schema, "exclusiveMinimum", Double.NEGATIVE_INFINITY) + between);
        double most = Math.min(
                decimal(schema, "maximum", Double.POSITIVE_INFINITY),
                decimal(schema, "exclusiveMaximum", Double.POSITIVE_INFINITY) - between);
        double number = Math.min(Math.max(between, least), most);
        return step > 0 ? Math.ceil(number / step) * step : number;
    }

    private String string(JsonObject schema) {
        String sample =
                switch (String.valueOf(schema.getValue("format"))) {
                    case "date" -> "2026-01-31";
                    case "date-time" -> "2026-01-31T12:00:00Z";
                    case "time" -> "12:00:00Z";
                    case "duration" -> "PT1H";
                    case "email" -> "practice@example.com";
                    case "hostname" -> "example.com";
                    case "ipv4" -> "192.0.2.1";
                    case "ipv6" -> "2001:db8::1";
                    case "uri" -> "https://example.com/";
                    case "uuid" -> "00000000-0000-4000-8000-000000000000";
                    default -> text;
                };
        int least = (int) Math.min(Math.max(0, whole(schema, "minLength", 0)), LONGEST);
        int most = (int) Math.min(Math.max(0, whole(schema, "maxLength", LONGEST)), LONGEST);
        int[] points = sample.codePoints().limit(most).toArray();
        return new String(points, 0, points.length) + ".".repeat(Math.max(0, least - points.length));
    }

    private static long whole(JsonObject schema, String name, long otherwise) {
        return schema.getValue(name) instanceof Number number ? number.longValue() : otherwise;
    }

    private static double decimal(JsonObject schema, String name, double otherwise) {
        return schema.getValue(name) instanceof Number number ? number.doubleValue() : otherwise;
    }
}
