package dev.foundrygateway.edge.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.foundrygateway.exchange.ChatReply;
import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.openai.ChatRequest;
import dev.foundrygateway.openai.CustomCalls;
import dev.foundrygateway.openai.ErrorCode;
import dev.foundrygateway.openai.json.Trees;
import dev.foundrygateway.openai.sse.Frame;
import java.util.HashSet;
import java.util.Set;

/**
 * A chat whose custom tools are functions for the model, see {@link CustomTools}.
 *
 * @param request the chat with functions
 * @param names those that stand for custom tools; empty if there are none
 */
public record CustomChat(ChatRequest request, Set<String> names) implements ToolWords {
    private static final String TYPE = "\"custom\"";
    private static final Set<String> TOOL = Set.of("type", "custom");
    private static final Set<String> MEMBERS = Set.of("name", "description", "format");

    /** Characters of all calls of a streamed answer that are kept until its end. */
    private static final int MAX_LENGTH = 4 << 20;

    static boolean concerns(ChatRequest request) {
        return request.member("tools").filter(tools -> tools.contains(TYPE)).isPresent();
    }

    /** Reads a chat. */
    static CustomChat of(ChatRequest request) {
        Set<String> names = new HashSet<>();
        ArrayNode tools = Trees.array();
        for (Place tool : Place.of(request, "tools").elements()) {
            if (tool.member("type").value().asText().equals("custom")) {
                Place custom = tool.only(TOOL).member("custom").only(MEMBERS);
                CustomTools.function(custom, custom.member("format").member("grammar"), tools);
                names.add(custom.member("name").text());
            } else {
                tools.add(tool.value());
            }
        }
        if (names.isEmpty()) {
            return new CustomChat(request, names);
        }
        ChatRequest chat = request.withMember("tools", tools.toString());
        JsonNode choice = Place.of(request, "tool_choice").value();
        if (choice.path("type").asText().equals("custom")) {
            ObjectNode function = Trees.object().put("type", "function");
            function.putObject("function").set("name", choice.path("custom").path("name"));
            chat = chat.withMember("tool_choice", function.toString());
        }
        JsonNode allowed = choice.path("allowed_tools").path("tools");
        if (allowed.findValuesAsText("type").contains("custom")) {
            allowed.forEach(CustomChat::named);
            chat = chat.withMember("tool_choice", choice.toString());
        }
        if (request.member("messages").orElse("").contains(TYPE)) {
            JsonNode messages = Place.of(request, "messages").value();
            for (JsonNode message : messages) {
                message.path("tool_calls").forEach(CustomChat::call);
            }
            chat = chat.withMember("messages", messages.toString());
        }
        return new CustomChat(chat, names);
    }

    /** A custom tool that a choice names as the function's. */
    private static void named(JsonNode tool) {
        if (tool instanceof ObjectNode custom && tool.path("type").asText().equals("custom")) {
            custom.put("type", "function").set("function", tool.path("custom"));
            custom.remove("custom");
        }
    }

    /** An earlier call as the function's. */
    private static void call(JsonNode call) {
        if (call instanceof ObjectNode custom && call.path("type").asText().equals("custom")) {
            JsonNode tool = custom.path("custom");
            custom.put("type", "function")
                    .putObject("function")
                    .put("name", tool.path("name").asText())
                    .put("arguments", CustomTools.arguments(tool.path("input").asText()));
            custom.remove("custom");
        }
    }

    @Override
    public ChatReply reply(ChatReply reply) {
        if (names.isEmpty() || reply.status() != 200) {
            return reply;
        }
        CustomCalls calls = new CustomCalls(names, CustomTools::input);
        return reply.withBody(reply.body().map(frame -> {
            Frame passed = calls.pass(frame);
            if (calls.length() > MAX_LENGTH) {
                throw new GatewayException(
                        ErrorCode.UPSTREAM_ERROR,
                        "the model server sent calls of custom tools that are too many or too long to be put together");
            }
            return passed;
        }));
    }
}
