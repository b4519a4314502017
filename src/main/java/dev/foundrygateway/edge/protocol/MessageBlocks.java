package dev.foundrygateway.edge.protocol;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.foundrygateway.exchange.AttachedFiles;
import dev.foundrygateway.openai.json.Trees;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Reads the messages of a Messages request, block by block, into a chat's. */
final class MessageBlocks {
    private static final Set<String> TEXT = Set.of("type", "text", "cache_control", "citations");
    private static final Set<String> IMAGE = Set.of("type", "source", "cache_control");
    private static final Set<String> DOCUMENT =
            Set.of("type", "source", "title", "context", "citations", "cache_control");
    private static final Set<String> TOOL_USE = Set.of("type", "id", "name", "input", "cache_control", "caller");
    private static final Set<String> TOOL_RESULT =
            Set.of("type", "tool_use_id", "content", "is_error", "cache_control");

    private final ArrayNode messages;
    private final AttachedFiles files;

    /** Adds to these. */
    MessageBlocks(ArrayNode messages, AttachedFiles files) {
        this.messages = messages;
        this.files = files;
    }

    /** A string, or the texts of a list of text blocks joined by line breaks. */
    static String text(Place content) {
        if (content.value().isTextual()) {
            return content.value().textValue();
        }
        List<String> texts = new ArrayList<>();
        for (Place block : content.elements()) {
            if (!block.member("type").text().equals("text")) {
                throw block.member("type").untranslatable();
            }
            texts.add(blockText(block));
        }
        return String.join("\n", texts);
    }

    void message(Place message) {
        message.only(Set.of("role", "content"));
        Place role = message.member("role");
        Place content = message.member("content");
        if (!content.given()) {
            throw content.wrong("is missing");
        }
        switch (role.text()) {
            case "user" -> user(content);
            case "assistant" -> assistant(content);
            case "system" -> messages.addObject().put("role", "system").put("content", text(content));
            default -> throw role.wrong("must be user or assistant");
        }
    }

    private void user(Place content) {
        UserParts parts = new UserParts();
        if (content.value().isTextual()) {
            parts.text(content.value().textValue());
        } else {
            // A chat wants a call's results right behind the call.
            for (Place block : content.elements()) {
                if (block.member("type").text().equals("tool_result")) {
                    toolResult(block, parts);
                }
            }
            for (Place block : content.elements()) {
                switch (block.member("type").text()) {
                    case "tool_result" -> {}
                    case "text" -> parts.text(blockText(block));
                    case "image" -> parts.image(image(block));
                    case "document" -> parts.text(document(block));
                    default -> throw block.member("type").untranslatable();
                }
            }
        }
        if (parts.any()) {
            messages.addObject().put("role", "user").set("content", parts.content());
        }
    }

    /** An image in a result, which a chat's tool message can't have, is shown in the user message behind it. */
    private void toolResult(Place block, UserParts behind) {
        block.only(TOOL_RESULT);
        String id = block.member("tool_use_id").filledText();
        Place content = block.member("content");
        List<String> texts = new ArrayList<>();
        if (content.value().isTextual()) {
            texts.add(content.value().textValue());
        } else {
            for (Place part : content.elements()) {
                switch (part.member("type").text()) {
                    case "text" -> texts.add(blockText(part));
                    case "image" -> {
                        texts.add(UserParts.SHOWN_LATER);
                        behind.imageOf(id, image(part));
                    }
                    case "document" -> texts.add(document(part));
                    default -> throw part.member("type").untranslatable();
                }
            }
        }
        String text = String.join("\n", texts);
        boolean failed = block.member("is_error").flag();
        messages.addObject()
                .put("role", "tool")
                .put("tool_call_id", id)
                .put("content", failed ? text.isEmpty() ? "Error" : "Error: " + text : text);
    }

    private void assistant(Place content) {
        List<String> texts = new ArrayList<>();
        StringBuilder thoughts = new StringBuilder();
        ArrayNode calls = Trees.array();
        if (content.value().isTextual()) {
            texts.add(content.value().textValue());
        } else {
            for (Place block : content.elements()) {
                switch (block.member("type").text()) {
                    case "text" -> texts.add(blockText(block));
                    case "thinking" -> thoughts.append(block.member("thinking").text());
                    // Sealed by another provider: nobody here can read it.
                    case "redacted_thinking" -> {}
                    case "tool_use" -> toolUse(block, calls);
                    default -> throw block.member("type").untranslatable();
                }
            }
        }
        ObjectNode message = messages.addObject().put("role", "assistant");
        String text = String.join("\n", texts);
        if (text.isEmpty() && !calls.isEmpty()) {
            message.putNull("content");
        } else {
            message.put("content", text);
        }
        if (!calls.isEmpty()) {
            message.set("tool_calls", calls);
            // As in Messages itself, a thought counts until its calls are answered, and not in later turns.
            if (!thoughts.isEmpty()) {
                message.put("reasoning_content", thoughts.toString());
            }
        }
    }

    private static void toolUse(Place block, ArrayNode calls) {
        block.only(TOOL_USE);
        Place input = block.member("input");
        calls.addObject()
                .put("id", block.member("id").filledText())
                .put("type", "function")
                .putObject("function")
                .put("name", block.member("name").filledText())
                .put("arguments", input.given() ? input.object().toString() : "{}");
    }

    private static String blockText(Place block) {
        return block.only(TEXT).member("text").text();
    }

    /** A document is its text, with its title and what is said of it before it. */
    private String document(Place block) {
        Place source = block.only(DOCUMENT).member("source");
        Place cited = block.member("citations").member("enabled");
        if (cited.flag()) {
            throw cited.untranslatable();
        }
        List<String> texts = new ArrayList<>();
        for (String name : List.of("title", "context")) {
            if (block.member(name).given()) {
                texts.add(files.harmless(block.member(name).text()));
            }
        }
        Place type = source.member("type");
        texts.add(
                switch (type.text()) {
                    case "text" ->
                        files.harmless(source.only(Set.of("type", "media_type", "data"))
                                .member("data")
                                .text());
                    case "content" ->
                        files.harmless(
                                text(source.only(Set.of("type", "content")).member("content")));
                    case "base64" -> {
                        Place data = source.only(Set.of("type", "media_type", "data"))
                                .member("data");
                        yield files.text(
                                data.filledText(),
                                "",
                                source.member("media_type").filledText(),
                                source.path());
                    }
                    case "file" -> {
                        Place id = source.only(Set.of("type", "file_id")).member("file_id");
                        yield files.stored(id.filledText(), id.path());
                    }
                    default -> throw type.untranslatable();
                });
        return String.join("\n", texts);
    }

    private static String image(Place block) {
        Place source = block.only(IMAGE).member("source");
        Place type = source.member("type");
        return switch (type.text()) {
            case "url" -> source.only(Set.of("type", "url")).member("url").filledText();
            case "base64" ->
                "data:"
                        + source.only(Set.of("type", "media_type", "data"))
                                .member("media_type")
                                .filledText()
                        + ";base64," + source.member("data").filledText();
            default -> throw type.untranslatable();
        };
    }
}
