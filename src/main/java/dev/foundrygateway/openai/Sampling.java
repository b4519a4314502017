package dev.foundrygateway.openai;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/**
 * What a chat request says of where its answer ends and how many it wants.
 *
 * @param stops the strings before which the answer ends, without empty ones; empty if none
 * @param choices how many answers, 1 if unset or no whole number
 * @param tools whether the model is offered tools
 */
public record Sampling(List<String> stops, int choices, boolean tools) {
    /** Reads a request. */
    public static Sampling of(ChatRequest request) {
        List<String> stops = new ArrayList<>();
        JsonNode stop = member(request, "stop");
        for (JsonNode one : stop.isTextual() ? List.of(stop) : stop) {
            if (!one.asText("").isEmpty()) {
                stops.add(one.asText());
            }
        }
        JsonNode n = member(request, "n");
        boolean tools = !member(request, "tools").isEmpty()
                || !member(request, "functions").isEmpty();
        return new Sampling(List.copyOf(stops), n.isIntegralNumber() ? n.asInt(1) : 1, tools);
    }

    private static JsonNode member(ChatRequest request, String name) {
        String json = request.member(name).orElse("null");
        try {
            return ChunkEdit.MAPPER.readTree(json);
        } catch (JsonProcessingException e) {
            return ChunkEdit.MAPPER.missingNode();
        }
    }
}
