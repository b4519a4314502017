package dev.foundrygateway.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** One choice of a {@link GatheredChat}. */
final class GatheredChoice {
    private static final Set<String> TEXTS = Set.of("content", "reasoning_content", "reasoning", "refusal");

    private final ObjectNode choice = ChunkEdit.MAPPER.createObjectNode();
    private final ObjectNode message = ChunkEdit.MAPPER.createObjectNode();
    private final Map<String, StringBuilder> texts = new LinkedHashMap<>();
    private final Map<Integer, ObjectNode> calls = new TreeMap<>();
    private final Map<Integer, StringBuilder> arguments = new TreeMap<>();

    /** Takes the choice as the next chunk has it. */
    void add(JsonNode chunk) {
        for (Map.Entry<String, JsonNode> member : chunk.properties()) {
            JsonNode value = member.getValue();
            switch (member.getKey()) {
                case "delta" -> addDelta(value);
                case "logprobs" -> addLogprobs(value);
                default -> setUnlessForgotten(choice, member.getKey(), value);
            }
        }
    }

    private void addDelta(JsonNode delta) {
        for (Map.Entry<String, JsonNode> member : delta.properties()) {
            String name = member.getKey();
            JsonNode value = member.getValue();
            if (name.equals("tool_calls")) {
                value.forEach(this::addCall);
            } else if (TEXTS.contains(name) && value.isTextual()) {
                texts.computeIfAbsent(name, ignored -> new StringBuilder()).append(value.textValue());
            } else {
                setUnlessForgotten(message, name, value);
            }
        }
    }

    private void addCall(JsonNode part) {
        int index = part.path("index").asInt(calls.size());
        ObjectNode call = calls.computeIfAbsent(index, ignored -> ChunkEdit.MAPPER.createObjectNode());
        for (Map.Entry<String, JsonNode> member : part.properties()) {
            if (member.getKey().equals("function")) {
                String name = member.getValue().path("name").asText("");
                ObjectNode function = call.withObject("/function");
                if (!name.isEmpty()) {
                    function.put("name", name);
                }
                arguments
                        .computeIfAbsent(index, ignored -> new StringBuilder())
                        .append(member.getValue().path("arguments").asText(""));
            } else if (!member.getKey().equals("index")) {
                setUnlessForgotten(call, member.getKey(), member.getValue());
            }
        }
    }

    private void addLogprobs(JsonNode logprobs) {
        if (!(choice.path("logprobs") instanceof ObjectNode gathered) || !logprobs.isObject()) {
            setUnlessForgotten(choice, "logprobs", logprobs.deepCopy());
            return;
        }
        for (String list : List.of("content", "refusal")) {
            if (gathered.path(list) instanceof ArrayNode all && logprobs.path(list) instanceof ArrayNode more) {
                all.addAll(more);
            } else if (logprobs.path(list).isArray()) {
                gathered.set(list, logprobs.path(list));
            }
        }
    }

    /** A null says nothing where a value was said before. */
    private static void setUnlessForgotten(ObjectNode target, String name, JsonNode value) {
        if (!value.isNull() || !target.has(name)) {
            target.set(name, value);
        }
    }

    boolean hasOutput() {
        return !calls.isEmpty() || texts.values().stream().anyMatch(text -> text.length() > 0);
    }

    /** The choice as a plain answer has it. */
    ObjectNode plain(boolean saysRefusal) {
        if (!message.has("role")) {
            message.put("role", "assistant");
        }
        texts.forEach((name, text) -> message.put(name, text.toString()));
        if (message.path("content").asText("").isEmpty()) {
            if (calls.isEmpty()) {
                message.put("content", "");
            } else {
                message.putNull("content");
            }
        }
        if (saysRefusal && !message.has("refusal")) {
            message.putNull("refusal");
        }
        if (!calls.isEmpty()) {
            ArrayNode array = message.putArray("tool_calls");
            calls.forEach((index, call) -> {
                call.withObject("/function")
                        .put(
                                "arguments",
                                arguments
                                        .getOrDefault(index, new StringBuilder())
                                        .toString());
                array.add(call);
            });
        }
        choice.set("message", message);
        return choice;
    }
}
