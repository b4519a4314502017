package dev.foundrygateway.openai;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.foundrygateway.openai.sse.Frame;
import dev.foundrygateway.openai.sse.StreamEvent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What the model has written, as far as some frames of a reply show it. For drafts that are judged before they leave; a reply that nobody judges is never
 * read this way.
 *
 * @param text the first choice's content
 * @param toolArguments each tool call's arguments, as far as they have come
 * @param logprobs the log-probabilities of the tokens written, in order; empty where the upstream gives none
 */
public record ModelOutput(String text, List<String> toolArguments, List<Double> logprobs) {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** Reads the first choice's output out of whole events or a plain reply. What cannot be read counts as nothing. */
    public static ModelOutput read(List<Frame> frames) {
        StringBuilder text = new StringBuilder();
        List<StringBuilder> tools = new ArrayList<>();
        List<Double> logprobs = new ArrayList<>();
        for (Frame frame : frames) {
            for (StreamEvent event : frame.events()) {
                if (event.kind() == StreamEvent.Kind.CHUNK && event.to() > event.from()) {
                    read(frame, event, text, tools, logprobs);
                }
            }
        }
        return new ModelOutput(
                text.toString(), tools.stream().map(StringBuilder::toString).toList(), List.copyOf(logprobs));
    }

    /** Whether a text is one JSON object or array. */
    public static boolean isJsonDocument(String text) {
        JsonNode root = parse(text);
        return root.isObject() || root.isArray();
    }

    /** Whether a text is one JSON object, as a tool call's arguments must be. */
    public static boolean isJsonObject(String text) {
        return parse(text).isObject();
    }

    private static void read(
            Frame frame, StreamEvent event, StringBuilder text, List<StringBuilder> tools, List<Double> logprobs) {
        String json = frame.bytes().getString(event.from(), event.to(), StandardCharsets.UTF_8.name());
        JsonNode choice = parse(json.substring(Math.max(0, json.indexOf('{')), json.lastIndexOf('}') + 1))
                .path("choices")
                .path(0);
        JsonNode output = choice.path("delta") instanceof ObjectNode delta ? delta : choice.path("message");
        text.append(output.path("content").asText(""));
        int position = 0;
        for (JsonNode call : output.path("tool_calls")) {
            int index = Math.min(call.path("index").asInt(position), tools.size());
            if (index == tools.size()) {
                tools.add(new StringBuilder());
            }
            tools.get(Math.max(0, index))
                    .append(call.path("function").path("arguments").asText(""));
            position++;
        }
        for (JsonNode token : choice.path("logprobs").path("content")) {
            if (token.path("logprob").isNumber()) {
                logprobs.add(token.path("logprob").doubleValue());
            }
        }
    }

    private static JsonNode parse(String json) {
        try {
            JsonNode root = MAPPER.readTree(json);
            return root == null ? MAPPER.missingNode() : root;
        } catch (JsonProcessingException e) {
            return MAPPER.missingNode();
        }
    }
}
