package dev.foundrygateway.openai;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The two ways to write a message's content: as one string, or as a list of parts. */
public final class ContentParts {
    private ContentParts() {}

    /**
     * The same request with each list of text parts written as one string, parts joined by line breaks. A list with another part in it stays: only the
     * model server can say what it thinks of an image.
     *
     * @return this very request if no message has such a list
     */
    public static ChatRequest flattened(ChatRequest request) {
        Optional<JsonNode> messages = messages(request);
        boolean changed = false;
        for (JsonNode message : messages.orElse(ChunkEdit.MAPPER.missingNode())) {
            Optional<String> text =
                    message.path("content").isArray() ? text(message.path("content")) : Optional.empty();
            if (text.isPresent() && message instanceof ObjectNode object) {
                object.put("content", text.get());
                changed = true;
            }
        }
        return changed ? request.withMember("messages", messages.orElseThrow().toString()) : request;
    }

    /** How many characters of text the messages hold, in either way of writing. */
    public static long characters(ChatRequest request) {
        long characters = 0;
        for (JsonNode message : messages(request).orElse(ChunkEdit.MAPPER.missingNode())) {
            JsonNode content = message.path("content");
            characters += content.asText("").length();
            for (JsonNode part : content) {
                characters += part.path("text").asText("").length();
            }
        }
        return characters;
    }

    private static Optional<JsonNode> messages(ChatRequest request) {
        return request.member("messages").flatMap(json -> {
            try {
                return Optional.of(ChunkEdit.MAPPER.readTree(json));
            } catch (JsonProcessingException e) {
                return Optional.empty();
            }
        });
    }

    private static Optional<String> text(JsonNode parts) {
        List<String> texts = new ArrayList<>();
        for (JsonNode part : parts) {
            if (!part.path("type").asText("").equals("text")
                    || !part.path("text").isTextual()) {
                return Optional.empty();
            }
            texts.add(part.path("text").textValue());
        }
        return Optional.of(String.join("\n", texts));
    }
}
