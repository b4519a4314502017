package dev.foundrygateway.edge.protocol;

import dev.foundrygateway.openai.ChatRequest;
import dev.foundrygateway.openai.json.Json;
import java.util.List;
import java.util.Set;

/** Whether a Responses request asks for a form that its answer has to keep, in words that a chat has, too. Reads single members. */
public final class ResponseDemand {
    private static final Set<String> CHOICES = Set.of("function", "custom");

    private ResponseDemand() {}

    /** Whether it does. What goes on from the server's own responses, and what only its own tools can do, is never for a chat. */
    public static boolean isIn(ChatRequest request) {
        if (!request.has("text") && !request.has("tool_choice") && !request.has("tools")) {
            return false;
        }
        List<Json> tools = member(request, "tools").elements();
        Json choice = member(request, "tool_choice");
        boolean form = member(request, "text").get("format").get("type").text().startsWith("json_");
        boolean called = choice.text().equals("required")
                || (choice.text().equals("none") && !tools.isEmpty())
                || choice.get("mode").text().equals("required")
                || CHOICES.contains(choice.get("type").text());
        boolean strict =
                tools.stream().anyMatch(tool -> tool.get("strict").toString().equals("true"));
        return (form || called || strict)
                && tools.stream().allMatch(ResponseDemand::isFunction)
                && List.of("previous_response_id", "conversation", "prompt").stream()
                        .allMatch(name -> member(request, name).isNull())
                && !member(request, "background").toString().equals("true")
                && !request.member("input").orElse("").contains("\"item_reference\"");
    }

    /** A grammar can't be kept by the gateway. */
    private static boolean isFunction(Json tool) {
        return CHOICES.contains(tool.get("type").text())
                && !tool.get("format").get("syntax").text().equals("lark");
    }

    private static Json member(ChatRequest request, String name) {
        return Json.of(request.member(name).orElse("null"));
    }
}
