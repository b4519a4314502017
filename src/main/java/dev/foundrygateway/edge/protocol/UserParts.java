package dev.foundrygateway.edge.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.foundrygateway.openai.ChatMessage;
import dev.foundrygateway.openai.json.Trees;
import java.util.ArrayList;
import java.util.List;

/** The parts of a chat's message: one string where they are all text, which every server takes. */
final class UserParts {
    /** What stands in a tool's result for an image, which a chat's tool message can't have. */
    static final String SHOWN_LATER = "(an image, shown in the next message)";

    private final ArrayNode parts = Trees.array();
    private final List<String> texts = new ArrayList<>();

    void text(String text) {
        texts.add(text);
        parts.addObject().put("type", "text").put("text", text);
    }

    /** An image, of which more may be said. */
    ObjectNode image(String url) {
        return parts.addObject().put("type", "image_url").putObject("image_url").put("url", url);
    }

    /** An image out of a tool's result, for the user message behind it. */
    ObjectNode imageOf(String call, String url) {
        text(ChatMessage.TOOL_IMAGE + call + ":");
        return image(url);
    }

    /** A recording, as Responses and chats both say it. */
    void audio(ObjectNode audio) {
        parts.addObject().put("type", "input_audio").set("input_audio", audio);
    }

    boolean any() {
        return !parts.isEmpty();
    }

    JsonNode content() {
        return parts.size() == texts.size() ? parts.textNode(String.join("\n", texts)) : parts;
    }
}
