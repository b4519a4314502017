package dev.foundrygateway.compare;

import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.openai.ChatRequest;
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
 * @param chat what each of them is asked, as it came: messages and further members such as {@code max_tokens}, without a model
 * @param parallel whether they are asked at the same time
 * @param judge the model that fills the rubric; empty for nobody
 */
public record CompareRequest(List<String> models, String prompt, ChatRequest chat, boolean parallel, String judge) {
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
        for (String name : json.fieldNames()) {
            if (!PARAMETERS.contains(name) && !OURS.contains(name)) {
                throw wrong(name, "is unknown");
            }
        }
        String mode = text(json, "mode", "parallel");
        if (!mode.equals("parallel") && !mode.equals("sequential")) {
            throw wrong("mode", "must be \"parallel\" or \"sequential\"");
        }
        String prompt = text(json, "prompt", "");
        checkMessages(json, prompt);
        // Numbers stay as they were written.
        ChatRequest chat = chat(body);
        for (String ours : List.of("models", "prompt", "mode", "judge")) {
            chat = chat.withoutMember(ours);
        }
        if (!prompt.isEmpty()) {
            chat = chat.withUserMessage(prompt);
        }
        return new CompareRequest(
                models(json), chat.lastUserText(), chat, mode.equals("parallel"), text(json, "judge", ""));
    }

    private static ChatRequest chat(Buffer body) {
        try {
            return ChatRequest.parse(body);
        } catch (IllegalArgumentException e) {
            throw new GatewayException(ErrorCode.INVALID_JSON, "the body cannot be read as JSON: " + e.getMessage());
        }
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

    private static void checkMessages(JsonObject json, String prompt) {
        Object messages = json.getValue("messages");
        if (prompt.isEmpty() == (messages == null)) {
            throw wrong("prompt", "or messages is needed, and one of them only");
        }
        boolean listed = messages instanceof JsonArray list
                && !list.isEmpty()
                && list.stream().allMatch(JsonObject.class::isInstance);
        if (messages != null && !listed) {
            throw wrong("messages", "must be a list of messages");
        }
    }

    private static String text(JsonObject json, String name, String otherwise) {
        Object value = json.getValue(name);
        if (value == null) {
            return otherwise;
        }
        if (value instanceof String text) {
            return text;
        }
        throw wrong(name, "must be a string");
    }

    private static GatewayException wrong(String name, String problem) {
        return new GatewayException(ErrorCode.INVALID_REQUEST, name + " " + problem, name);
    }
}
