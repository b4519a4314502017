package dev.foundrygateway.edge.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.foundrygateway.exchange.AttachedFiles;
import dev.foundrygateway.openai.json.Trees;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.StreamSupport;

/**
 * Reads a Messages request into a chat request. A member without a counterpart is refused by its name, but for those that change no answer: hints about
 * caches, tiers and billing.
 *
 * @see <a href="https://platform.claude.com/docs/en/api/messages">Anthropic, create a message</a>
 */
final class MessagesRequest {
    private static final Set<String> EFFORTS = Set.of("low", "medium", "high");
    /** Budgets of thought, in tokens, up to which an effort is low, and medium. */
    private static final int LOW_BUDGET = 4_096;

    private static final int MEDIUM_BUDGET = 16_384;

    /** Members that a chat has not. */
    private static final Set<String> OWN_MEMBERS = Set.of("system", "stop_sequences", "thinking", "output_config");
    /** Types of blocks that a chat's messages have not. */
    private static final Set<String> OWN_BLOCKS =
            Set.of("image", "document", "tool_use", "tool_result", "thinking", "redacted_thinking");

    private final Place root;
    private final Map<String, String> models;
    private final AttachedFiles files;
    private final ObjectNode chat = Trees.object();
    private boolean thinkingHidden;

    private MessagesRequest(Place root, Map<String, String> models, AttachedFiles files) {
        this.root = root;
        this.models = models;
        this.files = files;
    }

    /**
     * A request in chat's words.
     *
     * @param chat the chat request
     * @param streaming whether a stream is asked for
     * @param thinkingHidden whether the client wants no blocks of thought
     */
    record InChat(ObjectNode chat, boolean streaming, boolean thinkingHidden) {}

    /** Whether there is something in it that a chat has not. */
    static boolean isOne(ObjectNode request) {
        return OWN_MEMBERS.stream().anyMatch(request::has)
                || any(request.path("tools"), tool -> tool.has("input_schema"))
                || any(
                        request.path("messages"),
                        message -> any(
                                message.path("content"),
                                block -> OWN_BLOCKS.contains(block.path("type").asText())));
    }

    private static boolean any(JsonNode list, Predicate<JsonNode> which) {
        return StreamSupport.stream(list.spliterator(), false).anyMatch(which);
    }

    /** Translates a request for an answer. */
    static InChat of(ObjectNode request, Map<String, String> models, AttachedFiles files) {
        MessagesRequest reading = new MessagesRequest(new Place(request, ""), models, files);
        reading.root.member("max_tokens").positive();
        return reading.read();
    }

    /** Translates a request that only wants its tokens counted: it sets no limit. */
    static InChat counted(ObjectNode request, Map<String, String> models, AttachedFiles files) {
        return new MessagesRequest(new Place(request, ""), models, files).read();
    }

    private InChat read() {
        String model = root.member("model").filledText();
        chat.put("model", models.getOrDefault(model, model));
        ArrayNode messages = chat.putArray("messages");
        MessageBlocks blocks = new MessageBlocks(messages, files);
        if (root.member("system").given()) {
            String system = MessageBlocks.text(root.member("system"));
            if (!system.isEmpty()) {
                messages.addObject().put("role", "system").put("content", system);
            }
        }
        if (!root.member("messages").given()
                || root.member("messages").elements().isEmpty()) {
            throw root.member("messages").wrong("must have at least one message");
        }
        root.member("messages").elements().forEach(blocks::message);
        for (Place member : root.members()) {
            take(member);
        }
        boolean streaming = root.member("stream").flag();
        if (streaming) {
            chat.put("stream", true);
            chat.putObject("stream_options").put("include_usage", true);
        }
        return new InChat(chat, streaming, thinkingHidden);
    }

    private void take(Place member) {
        switch (member.name()) {
            case "model", "messages", "system", "stream" -> {}
            case "max_tokens" -> chat.set("max_tokens", member.positive());
            case "stop_sequences" -> stops(member);
            case "temperature", "top_p" -> chat.set(member.name(), member.number());
            // Not OpenAI's, but taken by llama.cpp, vLLM, LM Studio and Foundry Local; another server refuses it
            // itself.
            case "top_k" -> chat.set("top_k", member.number());
            case "metadata" -> {
                Place user = member.only(Set.of("user_id")).member("user_id");
                if (user.given()) {
                    chat.put("user", user.text());
                }
            }
            case "tools" -> MessagesTools.tools(member, chat);
            case "tool_choice" -> MessagesTools.choice(member, chat);
            case "thinking" -> thinking(member);
            case "output_config" -> outputConfig(member);
            case "output_format" -> format(member);
            case "gateway" -> chat.set("gateway", member.value());
            // Hints that change no answer: a local server keeps its own cache, and has one tier.
            case "cache_control", "service_tier", "speed" -> {}
            // Which message a coding agent compares its cache with.
            case "diagnostics" -> member.only(Set.of("previous_message_id"));
            case "betas" -> member.elements();
            case "context_management" -> contextManagement(member);
            case "mcp_servers" -> {
                if (!member.elements().isEmpty()) {
                    throw member.untranslatable();
                }
            }
            default -> throw member.untranslatable();
        }
    }

    private void stops(Place member) {
        ArrayNode stops = Trees.array();
        member.elements().forEach(stop -> stops.add(stop.filledText()));
        if (!stops.isEmpty()) {
            chat.set("stop", stops);
        }
    }

    private void thinking(Place member) {
        String type = member.only(Set.of("type", "budget_tokens", "display"))
                .member("type")
                .text();
        switch (type) {
            case "enabled" -> {
                long budget = member.member("budget_tokens").positive().asLong();
                effort(budget < LOW_BUDGET ? "low" : budget < MEDIUM_BUDGET ? "medium" : "high");
            }
            case "disabled" -> thinkingHidden = true;
            case "adaptive" -> {}
            default -> throw member.member("type").untranslatable();
        }
        if (member.member("display").given()) {
            thinkingHidden |= member.member("display").text().equals("omitted");
        }
    }

    /** A client's own word for it stands above what a budget means. */
    private void effort(String effort) {
        if (!chat.has("reasoning_effort")) {
            chat.put("reasoning_effort", effort);
        }
    }

    private void outputConfig(Place member) {
        member.only(Set.of("effort", "format"));
        Place effort = member.member("effort");
        if (effort.given()) {
            // xhigh and max are above what chat's servers know.
            String word = effort.text();
            if (!EFFORTS.contains(word) && !Set.of("xhigh", "max").contains(word)) {
                throw effort.wrong("must be one of low, medium, high, xhigh, max");
            }
            chat.put("reasoning_effort", EFFORTS.contains(word) ? word : "high");
        }
        if (member.member("format").given()) {
            format(member.member("format"));
        }
    }

    private void format(Place format) {
        String type = format.only(Set.of("type", "schema")).member("type").text();
        if (!type.equals("json_schema")) {
            throw format.member("type").untranslatable();
        }
        ObjectNode schema = format.member("schema").object();
        chat.putObject("response_format")
                .put("type", "json_schema")
                .putObject("json_schema")
                .put("name", "answer")
                .put("strict", true)
                .set("schema", schema);
    }

    /** Earlier thought is left out in any case; what would take out tool results isn't done here. */
    private static void contextManagement(Place member) {
        for (Place edit : member.only(Set.of("edits")).member("edits").elements()) {
            if (!edit.member("type").text().startsWith("clear_thinking_")) {
                throw edit.member("type").untranslatable();
            }
        }
    }
}
