package dev.foundrygateway.openai;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.foundrygateway.openai.sse.Frame;
import dev.foundrygateway.openai.sse.StreamEvent;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;

/** The text of the first choice: read out of a reply's frames, and written as an answer that no model gave. */
public final class AnswerText {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private AnswerText() {}

    /** What the frame adds to the first choice's content; empty for nothing, and for what cannot be read. */
    public static String of(Frame frame) {
        StringBuilder text = new StringBuilder();
        for (StreamEvent event : frame.events()) {
            if (event.kind() == StreamEvent.Kind.CHUNK
                    && (event.token() || !event.finishReason().isEmpty())
                    && event.to() > event.from()) {
                text.append(read(frame.bytes().getString(event.from(), event.to(), StandardCharsets.UTF_8.name())));
            }
        }
        return text.toString();
    }

    private static String read(String event) {
        try {
            JsonNode choice = MAPPER.readTree(event.substring(event.indexOf('{'), event.lastIndexOf('}') + 1))
                    .path("choices")
                    .path(0);
            JsonNode output = choice.path("message").isObject() ? choice.path("message") : choice.path("delta");
            return output.path("content").asText("");
        } catch (JsonProcessingException e) {
            return "";
        }
    }

    /**
     * A whole chat completion of the gateway's own.
     *
     * @param created seconds since 1970
     */
    public static Buffer completion(String id, String model, String text, long created) {
        ObjectNode root = head(id, model, "chat.completion", created);
        ObjectNode choice = root.putArray("choices").addObject().put("index", 0);
        choice.putObject("message").put("role", "assistant").put("content", text);
        choice.put("finish_reason", "stop");
        root.putObject("usage")
                .put("prompt_tokens", 0)
                .put("completion_tokens", 0)
                .put("total_tokens", 0);
        return Buffer.buffer(root.toString());
    }

    /** The same as a stream: one chunk with the text, one with the finish reason, and {@code [DONE]}. */
    public static Buffer events(String id, String model, String text, long created) {
        ObjectNode first = head(id, model, "chat.completion.chunk", created);
        ObjectNode choice = first.putArray("choices").addObject().put("index", 0);
        choice.putObject("delta").put("role", "assistant").put("content", text);
        choice.putNull("finish_reason");
        ObjectNode last = head(id, model, "chat.completion.chunk", created);
        ObjectNode end = last.putArray("choices").addObject().put("index", 0);
        end.putObject("delta");
        end.put("finish_reason", "stop");
        return Buffer.buffer("data: " + first + "\n\ndata: " + last + "\n\ndata: [DONE]\n\n");
    }

    private static ObjectNode head(String id, String model, String object, long created) {
        return MAPPER.createObjectNode()
                .put("id", id)
                .put("object", object)
                .put("created", created)
                .put("model", model);
    }
}
