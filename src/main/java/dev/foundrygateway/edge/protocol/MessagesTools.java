package dev.foundrygateway.edge.protocol;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.foundrygateway.openai.json.Trees;
import java.util.Set;

/** Reads a Messages request's tools, and its choice among them. */
final class MessagesTools {
    private static final Set<String> TOOL =
            Set.of("type", "name", "description", "input_schema", "strict", "cache_control", "eager_input_streaming");

    private MessagesTools() {}

    static void tools(Place member, ObjectNode chat) {
        ArrayNode tools = Trees.array();
        for (Place tool : member.elements()) {
            Place type = tool.member("type");
            if (type.given() && !type.text().equals("custom")) {
                throw type.untranslatable();
            }
            tool.only(TOOL);
            ObjectNode function = tools.addObject().put("type", "function").putObject("function");
            function.put("name", tool.member("name").filledText());
            if (tool.member("description").given()) {
                function.put("description", tool.member("description").text());
            }
            function.set("parameters", tool.member("input_schema").object());
            if (tool.member("strict").given()) {
                function.put("strict", tool.member("strict").flag());
            }
        }
        if (!tools.isEmpty()) {
            chat.set("tools", tools);
        }
    }

    static void choice(Place member, ObjectNode chat) {
        Place type =
                member.only(Set.of("type", "name", "disable_parallel_tool_use")).member("type");
        switch (type.text()) {
            case "auto" -> chat.put("tool_choice", "auto");
            case "any" -> chat.put("tool_choice", "required");
            case "none" -> chat.put("tool_choice", "none");
            case "tool" ->
                chat.putObject("tool_choice")
                        .put("type", "function")
                        .putObject("function")
                        .put("name", member.member("name").filledText());
            default -> throw type.wrong("must be one of auto, any, tool, none");
        }
        if (member.member("disable_parallel_tool_use").flag()) {
            chat.put("parallel_tool_calls", false);
        }
    }
}
