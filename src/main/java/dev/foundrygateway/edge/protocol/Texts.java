package dev.foundrygateway.edge.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import dev.foundrygateway.openai.TokenEstimate;

/** Counts the characters of a request that a model reads as text. */
final class Texts {
    private static final String DATA = "data:";

    private Texts() {}

    /** An estimate of what a chat's messages and tools are for a model. */
    static long tokens(JsonNode chat) {
        return TokenEstimate.ofCharacters(characters(chat.path("messages")) + characters(chat.path("tools")));
    }

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
