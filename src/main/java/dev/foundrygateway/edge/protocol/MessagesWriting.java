package dev.foundrygateway.edge.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.openai.ErrorBody;
import dev.foundrygateway.openai.ErrorCode;
import dev.foundrygateway.openai.json.Trees;
import io.vertx.core.buffer.Buffer;
import java.util.Locale;

/** Writes an answer as one message. */
final class MessagesWriting implements Writing {
    private final String requestId;
    private final String model;
    private final boolean thinkingHidden;
    private final MessageEvents events;

    /**
     * For one answer.
     *
     * @param model what stands for the model where the answer doesn't name it
     */
    MessagesWriting(String requestId, String model, boolean thinkingHidden) {
        this.requestId = requestId;
        this.model = model;
        this.thinkingHidden = thinkingHidden;
        this.events = new MessageEvents(requestId, model, thinkingHidden);
    }

    @Override
    public ObjectNode whole(ChatDelta answer) {
        ObjectNode message = head(answer, requestId, model);
        ArrayNode content = message.putArray("content");
        if (!answer.reasoning().isEmpty() && !thinkingHidden) {
            content.addObject()
                    .put("type", "thinking")
                    .put("thinking", answer.reasoning())
                    .put("signature", "");
        }
        String text = answer.text() + answer.refusal();
        if (!text.isEmpty()) {
            ObjectNode block = content.addObject().put("type", "text").put("text", text);
            ArrayNode citations = MessageCitations.of(answer.annotations(), text);
            if (!citations.isEmpty()) {
                block.set("citations", citations);
            }
        }
        int number = 0;
        for (ToolDelta tool : answer.tools()) {
            content.addObject()
                    .put("type", "tool_use")
                    .put("id", tool.id().isEmpty() ? toolId(requestId, number) : tool.id())
                    .put("name", tool.name())
                    .set("input", input(tool, answer.finishReason().equals("length")));
            number++;
        }
        stop(
                message,
                answer.finishReason(),
                answer.stopString(),
                !answer.tools().isEmpty(),
                !answer.refusal().isEmpty());
        message.set("usage", usage(answer.usage()));
        if (answer.gateway().isObject()) {
            message.set("gateway", answer.gateway());
        }
        return message;
    }

    /** What cut arguments hold can't be said as an object; the stop reason tells that they were cut. */
    private static ObjectNode input(ToolDelta tool, boolean cut) {
        if (tool.arguments().isBlank()) {
            return Trees.object();
        }
        return Trees.object(tool.arguments()).orElseGet(() -> {
            if (cut) {
                return Trees.object();
            }
            throw new GatewayException(
                    ErrorCode.UPSTREAM_ERROR,
                    "the model called " + tool.name() + " with arguments that are not a JSON object");
        });
    }

    /** The members of a message that has no content yet. */
    static ObjectNode head(ChatDelta answer, String requestId, String model) {
        String id = answer.id().startsWith("chatcmpl-") ? answer.id().substring("chatcmpl-".length()) : answer.id();
        return Trees.object()
                .put("id", "msg_" + (id.isEmpty() ? requestId : id))
                .put("type", "message")
                .put("role", "assistant")
                .put("model", answer.model().isEmpty() ? model : answer.model());
    }

    /** The id of a call that came without one. */
    static String toolId(String requestId, int number) {
        return "toolu_" + Integer.toHexString(requestId.hashCode()).toLowerCase(Locale.ROOT) + "_" + number;
    }

    /** Sets why the answer ended. Foundry Local says stop where it means that tools are called. */
    static void stop(ObjectNode target, String finishReason, String stopString, boolean tools, boolean refused) {
        boolean atString = finishReason.equals("stop") && !stopString.isEmpty();
        String reason =
                switch (finishReason) {
                    case "length" -> "max_tokens";
                    case "content_filter" -> "refusal";
                    default -> tools ? "tool_use" : refused ? "refusal" : atString ? "stop_sequence" : "end_turn";
                };
        target.put("stop_reason", reason);
        if (reason.equals("stop_sequence")) {
            target.put("stop_sequence", stopString);
        } else {
            target.putNull("stop_sequence");
        }
    }

    /** The counts, zero where the server told none. Messages counts what was read from a cache apart from the input. */
    static ObjectNode usage(JsonNode chat) {
        long prompt = chat.path("prompt_tokens").asLong(0);
        long cached = Math.min(
                prompt, chat.path("prompt_tokens_details").path("cached_tokens").asLong(0));
        return Trees.object()
                .put("input_tokens", prompt - cached)
                .put("cache_creation_input_tokens", 0)
                .put("cache_read_input_tokens", cached)
                .put("output_tokens", chat.path("completion_tokens").asLong(0));
    }

    @Override
    public String chunk(ChatDelta chunk) {
        return events.chunk(chunk);
    }

    @Override
    public String end() {
        return events.end();
    }

    @Override
    public String failure(int status, ErrorBody error) {
        return AnthropicError.event(status, error, requestId);
    }

    @Override
    public Buffer keepAlive() {
        return MessagesProtocol.PING;
    }

    @Override
    public Buffer error(int status, ErrorBody error) {
        return Buffer.buffer(AnthropicError.json(status, error, requestId));
    }
}
