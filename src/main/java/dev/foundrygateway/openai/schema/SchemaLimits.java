package dev.foundrygateway.openai.schema;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Set;

/** What a client's schema may not be, looked for before it is compiled: too large, too deep, or pointing outside of itself. */
final class SchemaLimits {
    private static final int MAX_CHARACTERS = 256 << 10;
    private static final int MAX_DEPTH = 64;
    private static final int MAX_PATTERN = 1_000;
    /** More digits than any number of use: arithmetic with them takes time and memory by the exponent. */
    private static final int MAX_SCALE = 400;

    private static final Set<String> REFERENCES = Set.of("$ref", "$dynamicRef", "$recursiveRef");
    private static final Set<String> DRAFTS = Set.of(
            "json-schema.org/draft-07/schema",
            "json-schema.org/draft/2019-09/schema",
            "json-schema.org/draft/2020-12/schema");
    /** Below these stands what a client may call as it likes, or a value that is no schema. */
    private static final Set<String> NAMES = Set.of("properties", "$defs", "definitions", "patternProperties", "dependentSchemas");

    private static final Set<String> VALUES = Set.of("const", "enum", "default", "examples");

    private SchemaLimits() {}

    static void check(String text) throws InvalidSchemaException {
        if (text.length() > MAX_CHARACTERS) {
            throw new InvalidSchemaException("", "it is longer than " + MAX_CHARACTERS + " characters");
        }
    }

    static void check(JsonNode schema) throws InvalidSchemaException {
        if (!schema.isObject() && !schema.isBoolean()) {
            throw new InvalidSchemaException("", "it is not a JSON object");
        }
        walk(schema, "", 0, true);
    }

    /** Whether a number in a value is longer than any of use. */
    static boolean hasHugeNumber(JsonNode node) {
        if (node.isBigDecimal() || node.isBigInteger()) {
            return Math.abs((long) node.decimalValue().scale()) > MAX_SCALE || node.decimalValue().precision() > MAX_SCALE;
        }
        for (JsonNode child : node) {
            if (hasHugeNumber(child)) {
                return true;
            }
        }
        return false;
    }

    private static void walk(JsonNode node, String place, int depth, boolean schema) throws InvalidSchemaException {
        if (depth > MAX_DEPTH) {
            throw new InvalidSchemaException(place, "it is nested deeper than " + MAX_DEPTH + " levels");
        }
        if (!node.isContainerNode() && hasHugeNumber(node)) {
            throw new InvalidSchemaException(place, "the number has more than " + MAX_SCALE + " digits");
        }
        if (node.isArray()) {
            for (int i = 0; i < node.size(); i++) {
                walk(node.get(i), place + "/" + i, depth + 1, schema);
            }
            return;
        }
        for (Map.Entry<String, JsonNode> member : node.properties()) {
            String name = member.getKey();
            String below = place + "/" + name.replace("~", "~0").replace("/", "~1");
            if (schema) {
                keyword(name, member.getValue(), below);
            }
            boolean names = schema && NAMES.contains(name);
            boolean value = schema && VALUES.contains(name);
            if (names && member.getValue().isObject()) {
                names(name, member.getValue(), below, depth + 1);
            } else {
                walk(member.getValue(), below, depth + 1, schema && !value);
            }
        }
    }

    private static void names(String keyword, JsonNode named, String place, int depth) throws InvalidSchemaException {
        for (Map.Entry<String, JsonNode> member : named.properties()) {
            String below = place + "/" + member.getKey().replace("~", "~0").replace("/", "~1");
            if (keyword.equals("patternProperties")) {
                pattern(member.getKey(), below);
            }
            walk(member.getValue(), below, depth + 1, true);
        }
    }

    private static void keyword(String name, JsonNode value, String place) throws InvalidSchemaException {
        if (!value.isTextual()) {
            return;
        }
        String text = value.textValue();
        if (REFERENCES.contains(name) && !text.startsWith("#")) {
            throw new InvalidSchemaException(place, "it refers to another document; references must begin with #");
        }
        if (name.equals("$schema") && !DRAFTS.contains(text.replaceFirst("^https?://", "").replaceFirst("#$", ""))) {
            throw new InvalidSchemaException(place, "the draft is unknown; draft-07, 2019-09 and 2020-12 are known");
        }
        if (name.equals("pattern")) {
            pattern(text, place);
        }
    }

    private static void pattern(String text, String place) throws InvalidSchemaException {
        if (text.length() > MAX_PATTERN) {
            throw new InvalidSchemaException(place, "the pattern is longer than " + MAX_PATTERN + " characters");
        }
        String problem = Effort.problem(text);
        if (!problem.isEmpty()) {
            throw new InvalidSchemaException(place, "the pattern can't be read: " + problem);
        }
    }
}
