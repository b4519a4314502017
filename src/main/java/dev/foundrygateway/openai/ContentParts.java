package dev.foundrygateway.openai;

import dev.foundrygateway.openai.json.Json;
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
        Json messages = messages(request);
        for (Json message : messages.elements()) {
            if (message.get("content").isArray()) {
                text(message.get("content")).ifPresent(text -> message.set("content", text));
            }
        }
        return messages.isChanged() ? request.withMember("messages", messages.toString()) : request;
    }

    /** How many characters of text the messages hold, in either way of writing. */
    public static long characters(ChatRequest request) {
        long characters = 0;
        for (Json message : messages(request).elements()) {
            Json content = message.get("content");
            characters += content.text().length();
            for (Json part : content.elements()) {
                characters += part.get("text").text().length();
            }
        }
        return characters;
    }

    private static Json messages(ChatRequest request) {
        return Json.of(request.member("messages").orElse("null"));
    }

    private static Optional<String> text(Json parts) {
        List<String> texts = new ArrayList<>();
        for (Json part : parts.elements()) {
            if (!part.get("type").text().equals("text") || !part.get("text").isString()) {
                return Optional.empty();
            }
            texts.add(part.get("text").text());
        }
        return Optional.of(String.join("\n", texts));
    }
}
