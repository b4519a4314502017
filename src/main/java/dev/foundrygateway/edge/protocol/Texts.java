package dev.foundrygateway.edge.protocol;

import com.fasterxml.jackson.databind.JsonNode;

/** Counts the characters of a request that a model reads as text. */
final class Texts {
    private static final String DATA = "data:";

    private Texts() {}

    /** Of all strings below this node, member names of schemas included; what an image weighs is known to its server alone. */
    static long characters(JsonNode node) {
        if (node.isTextual()) {
            return node.textValue().startsWith(DATA) ? 0 : node.textValue().length();
        }
        long characters = 0;
        for (JsonNode below : node) {
            characters += characters(below);
        }
        return characters;
    }
}
