package dev.foundrygateway.openai;

import dev.foundrygateway.openai.json.Json;
import java.util.ArrayList;
import java.util.List;

/**
 * What a chat request says of where its answer ends and of what it may consist.
 *
 * @param stops the strings before which the answer ends, without empty ones; empty if none
 * @param tools whether the model is offered tools and may call one
 * @param oneCall whether it may call one at most
 */
public record Sampling(List<String> stops, boolean tools, boolean oneCall) {
    public static Sampling of(ChatRequest request) {
        List<String> stops = new ArrayList<>();
        Json stop = member(request, "stop");
        for (Json one : stop.isString() ? List.of(stop) : stop.elements()) {
            if (!one.text().isEmpty()) {
                stops.add(one.text());
            }
        }
        return new Sampling(List.copyOf(stops), offersTools(request), oneCall(request));
    }

    /** Whether the model is offered tools, and may call one. */
    public static boolean offersTools(ChatRequest request) {
        return request.has("tools")
                && !member(request, "tool_choice").text().equals("none")
                && !member(request, "tools").isEmpty();
    }

    /** Whether the model may call one tool at most. */
    public static boolean oneCall(ChatRequest request) {
        return request.member("parallel_tool_calls").orElse("").equals("false");
    }

    private static Json member(ChatRequest request, String name) {
        return Json.of(request.member(name).orElse("null"));
    }
}
