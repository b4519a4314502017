package dev.foundrygateway.compare;

import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.openai.ErrorCode;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The body of {@code POST /v1/gateway/compare}.
 *
 * @param models whom to ask, two or three, each once
 * @param prompt the question as text; of the last user message where messages were given
 * @param messages what they are asked
 * @param parameters further members of a chat request, such as {@code max_tokens}, for each of them
 * @param parallel whether they are asked at the same time
 * @param judge the model that fills the rubric; empty for nobody
 */
public record CompareRequest(
        List<String> models, String prompt, JsonArray messages, JsonObject parameters, boolean parallel, String judge) {
    private static final int FEWEST = 2;
    private static final int MOST = 3;
    private static final Set<String> OURS = Set.of("models", "prompt", "messages", "mode", "judge");
    private static final Set<String> PARAMETERS = Set.of(
            "temperature",
            "top_p",
            "max_tokens",
            "max_completion_tokens",
            "seed",
            "stop",
            "response_format",
            "gateway");

    /**
     * Reads a body.
     *
     * @throws GatewayException naming the member that is not as described
     */
    public static CompareRequest read(Buffer body) {
        JsonObject json;
        try {
            json = body.toJsonObject();
        } catch (DecodeException | ClassCastException e) {
            throw new GatewayException(ErrorCode.INVALID_JSON, "the request body is not a JSON object");
        }
        JsonObject parameters = new JsonObject();
        for (String name : json.fieldNames()) {
            if (PARAMETERS.contains(name)) {
                parameters.put(name, json.getValue(name));
            } else if (!OURS.contains(name)) {
                throw wrong(name, "is unknown");
            }
        }
        String mode = text(json, "mode", "parallel");
        if (!mode.equals("parallel") && !mode.equals("sequential")) {
            throw wrong("mode", "must be \"parallel\" or \"sequential\"");
        }
        String prompt = text(json, "prompt", "");
        JsonArray messages = messages(json, prompt);
        return new CompareRequest(
                models(json),
                prompt.isEmpty() ? lastUserText(messages) : prompt,
                messages,
                parameters,
                mode.equals("parallel"),
                text(json, "judge", ""));
    }

    private static List<String> models(JsonObject json) {
        List<String> models = new ArrayList<>();
        if (json.getValue("models") instanceof JsonArray names) {
            for (Object name : names) {
                models.add(name instanceof String text ? text : "");
            }
        }
        if (models.size() < FEWEST
                || models.size() > MOST
                || models.contains("")
                || new HashSet<>(models).size() < models.size()) {
            throw wrong("models", "must be a list of two or three names, each once");
        }
        return List.copyOf(models);
    }

    private static JsonArray messages(JsonObject json, String prompt) {
        if (prompt.isEmpty() == !json.containsKey("messages")) {
            throw wrong("prompt", "or messages is needed, and one of them only");
        }
        if (!prompt.isEmpty()) {
            return new JsonArray().add(new JsonObject().put("role", "user").put("content", prompt));
        }
        if (json.getValue("messages") instanceof JsonArray messages
                && !messages.isEmpty()
                && messages.stream().allMatch(JsonObject.class::isInstance)) {
            return messages;
        }
        throw wrong("messages", "must be a list of messages");
    }

    private static String lastUserText(JsonArray messages) {
        for (int i = messages.size() - 1; i >= 0; i--) {
            JsonObject message = messages.getJsonObject(i);
            if ("user".equals(message.getValue("role")) && message.getValue("content") instanceof String text) {
                return text;
            }
        }
        return "";
    }

    private static String text(JsonObject json, String name, String otherwise) {
        Object value = json.getValue(name, otherwise);
        if (value instanceof String text) {
            return text;
        }
        throw wrong(name, "must be a string");
    }

    private static GatewayException wrong(String name, String problem) {
        return new GatewayException(ErrorCode.INVALID_REQUEST, name + " " + problem, name);
    }
}
