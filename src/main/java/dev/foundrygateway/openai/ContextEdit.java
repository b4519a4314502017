package dev.foundrygateway.openai;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * Puts reference text around the question of a chat request. The rules join the client's own system text, since many chat templates take one system message
 * only; the reference text joins the last user message, never the system's. All other messages and their members stay.
 */
final class ContextEdit {
    private static final ObjectMapper MAPPER =
            new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private ContextEdit() {}

    /**
     * The messages with the context.
     *
     * @param messages the member as it came
     * @param rules what the model is told about the context; empty for nothing
     * @param before what stands before the question
     * @param after what stands behind it; may be empty
     * @throws IllegalArgumentException when there is no user message
     */
    static String apply(String messages, String rules, String before, String after) {
        if (!(parse(messages) instanceof ArrayNode all)) {
            throw new IllegalArgumentException("messages must be a list");
        }
        int question = -1;
        for (int i = all.size() - 1; i >= 0 && question < 0; i--) {
            question = all.path(i).path("role").asText("").equals("user") ? i : -1;
        }
        if (question < 0 || !(all.get(question) instanceof ObjectNode user)) {
            throw new IllegalArgumentException(
                    "messages has no message of role user, so there is no question to search for");
        }
        surround(user, before, after);
        if (!rules.isEmpty()) {
            addRules(all, rules);
        }
        return all.toString();
    }

    private static void surround(ObjectNode message, String before, String after) {
        if (message.path("content") instanceof ArrayNode parts) {
            parts.insert(0, part(before));
            if (!after.isEmpty()) {
                parts.add(part(after));
            }
        } else {
            message.put("content", before + message.path("content").asText("") + after);
        }
    }

    private static void addRules(ArrayNode messages, String rules) {
        if (messages.path(0) instanceof ObjectNode first && isSystem(first)) {
            if (first.path("content") instanceof ArrayNode parts) {
                parts.add(part(rules));
            } else {
                String own = first.path("content").asText("");
                first.put("content", own.isBlank() ? rules : own + "\n\n" + rules);
            }
        } else {
            messages.insert(0, NODES.objectNode().put("role", "system").put("content", rules));
        }
    }

    private static boolean isSystem(ObjectNode message) {
        String role = message.path("role").asText("");
        return role.equals("system") || role.equals("developer");
    }

    private static ObjectNode part(String text) {
        return NODES.objectNode().put("type", "text").put("text", text);
    }

    private static JsonNode parse(String json) {
        try {
            return MAPPER.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("messages is no valid JSON", e);
        }
    }
}
