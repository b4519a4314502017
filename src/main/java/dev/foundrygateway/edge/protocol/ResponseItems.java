package dev.foundrygateway.edge.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.foundrygateway.exchange.AttachedFiles;
import dev.foundrygateway.openai.json.Trees;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Reads the items of a Responses conversation, one by one, into a chat's messages. */
final class ResponseItems {
    private static final Set<String> MESSAGE = Set.of("type", "id", "status", "role", "content", "phase");
    private static final Set<String> CALL = Set.of("type", "id", "status", "call_id", "name", "arguments");
    private static final Set<String> CUSTOM_CALL = Set.of("type", "id", "status", "call_id", "name", "input");
    private static final Set<String> OUTPUTS = Set.of("function_call_output", "custom_tool_call_output");
    private static final Set<String> OUTPUT = Set.of("type", "id", "status", "call_id", "output");
    private static final Set<String> TEXT =
            Set.of("type", "text", "annotations", "logprobs", "prompt_cache_breakpoint");
    private static final Set<String> FILE =
            Set.of("type", "file_data", "file_id", "filename", "detail", "prompt_cache_breakpoint");
    private static final Set<String> AUDIO = Set.of("type", "input_audio", "prompt_cache_breakpoint");
    private static final Set<String> IMAGE = Set.of("type", "image_url", "detail", "prompt_cache_breakpoint");

    private final ArrayNode messages;
    private final AttachedFiles files;
    private final StringBuilder thought = new StringBuilder();
    /** Images of tools' results: a chat shows them behind the results. */
    private UserParts shown = new UserParts();

    /** Adds to these. */
    ResponseItems(ArrayNode messages, AttachedFiles files) {
        this.messages = messages;
        this.files = files;
    }

    void item(Place item) {
        item.object();
        String type = type(item);
        if (!OUTPUTS.contains(type)) {
            end();
        }
        switch (type) {
            case "message" -> message(item.only(MESSAGE));
            case "function_call" ->
                call(item.only(CALL), item.member("arguments").text());
            case "custom_tool_call" ->
                call(
                        item.only(CUSTOM_CALL),
                        CustomTools.arguments(item.member("input").text()));
            case "function_call_output", "custom_tool_call_output" -> output(item.only(OUTPUT));
            case "reasoning" -> {
                thought.setLength(0);
                texts(item.member("content"));
                if (thought.isEmpty()) {
                    texts(item.member("summary"));
                }
            }
            // What was found stands in the answer behind it, and is searched for anew.
            case "file_search_call" -> {}
            case "compaction" ->
                messages.addObject()
                        .put("role", "assistant")
                        .put("content", "Summary of the conversation so far:\n" + Compaction.summary(item));
            default -> throw item.member("type").untranslatable();
        }
    }

    /** An item's type, which a message may leave out. */
    static String type(Place item) {
        Place type = item.member("type");
        return type.given() ? type.text() : "message";
    }

    /** Shows what the last tools' results have held back. */
    void end() {
        if (shown.any()) {
            messages.addObject().put("role", "user").set("content", shown.content());
            shown = new UserParts();
        }
    }

    private void texts(Place parts) {
        parts.elements().forEach(part -> thought.append(part.member("text").text()));
    }

    private void message(Place item) {
        Place role = item.member("role");
        String name =
                switch (role.text()) {
                    case "user", "assistant", "system" -> role.text();
                    // Few models' templates know it.
                    case "developer" -> "system";
                    default -> throw role.wrong("must be user, assistant, system or developer");
                };
        if (!name.equals("assistant")) {
            thought.setLength(0);
        }
        Place content = item.member("content");
        UserParts parts = new UserParts();
        if (content.value().isTextual()) {
            parts.text(content.value().textValue());
        } else {
            if (!content.given()) {
                throw content.wrong("is missing");
            }
            content.elements().forEach(part -> part(part, parts));
        }
        ObjectNode calling = name.equals("assistant") && parts.content().isTextual() ? last() : Trees.object();
        if (calling.has("tool_calls")) {
            // Servers want a call's outputs right behind it, and so its text stands with it.
            JsonNode before = calling.path("content");
            String text = parts.content().textValue();
            calling.put("content", before.isTextual() ? before.textValue() + "\n" + text : text);
            return;
        }
        messages.addObject().put("role", name).set("content", parts.content());
    }

    private void part(Place part, UserParts parts) {
        Place type = part.member("type");
        switch (type.text()) {
            case "input_text", "output_text", "text" ->
                parts.text(part.only(TEXT).member("text").text());
            case "refusal" -> parts.text(part.member("refusal").text());
            case "input_image" -> detail(part, parts.image(image(part)));
            case "input_audio" -> {
                Place audio = part.only(AUDIO).member("input_audio").only(Set.of("data", "format"));
                audio.member("data").filledText();
                audio.member("format").filledText();
                parts.audio(audio.object());
            }
            case "input_file" -> parts.text(file(part));
            default -> throw type.untranslatable();
        }
    }

    /** A file's text, under its name. */
    private String file(Place part) {
        Place stored = part.only(FILE).member("file_id");
        if (stored.given()) {
            return files.stored(stored.filledText(), stored.path());
        }
        Place data = part.member("file_data");
        Place name = part.member("filename");
        String called = name.given() ? name.text() : "";
        String text = files.text(data.filledText(), called, "", data.path());
        return called.isEmpty() ? text : files.harmless(called) + "\n" + text;
    }

    private static String image(Place part) {
        return part.only(IMAGE).member("image_url").filledText();
    }

    private static void detail(Place part, ObjectNode image) {
        if (part.member("detail").given()) {
            image.put("detail", part.member("detail").text());
        }
    }

    /** The last message, where it is the assistant's; else one that is nowhere. */
    private ObjectNode last() {
        return messages.path(messages.size() - 1) instanceof ObjectNode last
                        && last.path("role").asText().equals("assistant")
                ? last
                : Trees.object();
    }

    /** Calls that follow each other, or an assistant's text, are one message of the chat. */
    private void call(Place item, String arguments) {
        ObjectNode last = last();
        ObjectNode message =
                last.isEmpty() ? messages.addObject().put("role", "assistant").putNull("content") : last;
        message.withArray("/tool_calls")
                .addObject()
                .put("id", item.member("call_id").filledText())
                .put("type", "function")
                .putObject("function")
                .put("name", item.member("name").filledText())
                .put("arguments", arguments);
        if (!thought.isEmpty()) {
            message.put("reasoning_content", thought.toString());
            thought.setLength(0);
        }
    }

    private void output(Place item) {
        String call = item.member("call_id").filledText();
        Place output = item.member("output");
        List<String> texts = new ArrayList<>();
        if (output.value().isTextual()) {
            texts.add(output.value().textValue());
        } else {
            if (!output.given()) {
                throw output.wrong("is missing");
            }
            for (Place part : output.elements()) {
                switch (part.member("type").text()) {
                    case "input_text" ->
                        texts.add(part.only(TEXT).member("text").text());
                    case "input_image" -> {
                        texts.add(UserParts.SHOWN_LATER);
                        detail(part, shown.imageOf(call, image(part)));
                    }
                    case "input_file" -> texts.add(file(part));
                    default -> throw part.member("type").untranslatable();
                }
            }
        }
        messages.addObject().put("role", "tool").put("tool_call_id", call).put("content", String.join("\n", texts));
    }
}
