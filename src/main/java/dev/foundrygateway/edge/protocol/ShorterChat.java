package dev.foundrygateway.edge.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.foundrygateway.openai.ChatRequest;
import dev.foundrygateway.openai.json.Trees;
import java.util.Optional;

/** A chat without the older half of what may be left out: its system texts and what was asked last stay, and no tool's result without its call. Pure. */
public final class ShorterChat {
    private ShorterChat() {}

    /** The shorter chat; empty where there is nothing to leave out. */
    public static Optional<ChatRequest> of(ChatRequest request) {
        ObjectNode chat = ChatProtocol.object(request.bytes());
        JsonNode messages = chat.path("messages");
        int last = request.lastUserMessage().orElse(0);
        int first = 0;
        while (first < last && role(messages, first).equals("system")) {
            first++;
        }
        if (first >= last) {
            return Optional.empty();
        }
        int from = first + (last - first + 1) / 2;
        while (from < last && role(messages, from).equals("tool")) {
            from++;
        }
        ArrayNode kept = Trees.array();
        for (int i = 0; i < messages.size(); i++) {
            if (i < first || i >= from || role(messages, i).equals("system")) {
                kept.add(messages.path(i));
            }
        }
        if (kept.size() == messages.size()) {
            return Optional.empty();
        }
        chat.set("messages", kept);
        return Optional.of(ChatRequest.parse(Trees.bytes(chat)));
    }

    private static String role(JsonNode messages, int at) {
        return messages.path(at).path("role").asText("");
    }
}
