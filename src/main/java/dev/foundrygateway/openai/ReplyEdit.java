package dev.foundrygateway.openai;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.foundrygateway.openai.sse.Frame;
import dev.foundrygateway.openai.sse.StreamEvent;
import dev.foundrygateway.openai.sse.Usage;
import io.vertx.core.buffer.Buffer;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Adds what the gateway says to a reply: to a plain reply's body, or to the event of a stream that carries the finish reason. Everything else in the reply
 * stays as it came, and floats keep their digits.
 */
public final class ReplyEdit {
    private static final ObjectMapper MAPPER =
            new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

    private ReplyEdit() {}

    /** Whether the frame holds the place that the edits below look for. */
    public static boolean isPlace(Frame frame) {
        return place(frame) >= 0;
    }

    /**
     * Merges members into the reply's {@code gateway} object.
     *
     * @param frame a plain reply, or a frame of a stream
     * @param members a JSON object; its members replace those of the same names
     * @return the frame with it; the very frame if it is not the place
     */
    public static Frame withGateway(Frame frame, String members) {
        return edit(frame, root -> root.withObject("/gateway").setAll((ObjectNode) parse(members)));
    }

    /**
     * Adds annotations to the first choice's message, or delta.
     *
     * @param annotations a JSON array of OpenAI's annotation objects
     */
    public static Frame withAnnotations(Frame frame, String annotations) {
        return edit(frame, root -> {
            JsonNode choice = root.path("choices").path(0);
            JsonNode target = choice.path("message").isObject() ? choice.path("message") : choice.path("delta");
            if (target instanceof ObjectNode object) {
                object.set("annotations", parse(annotations));
            }
        });
    }

    /**
     * Adds text at the end of the first choice's answer: to a plain reply's content, or to the content of the event that carries the finish reason.
     *
     * @param more the text to add
     */
    public static Frame withText(Frame frame, String more) {
        return edit(frame, root -> {
            JsonNode choice = root.path("choices").path(0);
            JsonNode target = choice.path("message").isObject() ? choice.path("message") : choice.path("delta");
            if (target instanceof ObjectNode object) {
                object.put("content", object.path("content").asText("") + more);
            }
        });
    }

    /**
     * Sets the counts of the {@code usage} object that an event of the frame carries, and leaves its other members; events without one stay as they are.
     *
     * @param total what was spent in all
     */
    public static Frame withUsage(Frame frame, Usage total) {
        Frame edited = frame;
        for (int i = 0; i < frame.events().size(); i++) {
            StreamEvent event = frame.events().get(i);
            if (event.usage().known() && event.to() > event.from()) {
                edited = edit(
                        edited,
                        i,
                        root -> root.withObject("/usage")
                                .put("prompt_tokens", total.promptTokens())
                                .put("completion_tokens", total.completionTokens())
                                .put("total_tokens", total.promptTokens() + total.completionTokens()));
            }
        }
        return edited;
    }

    /** Takes out the {@code logprobs} that the gateway asked for and the client did not. */
    public static Frame withoutLogprobs(Frame frame) {
        Frame edited = frame;
        for (int i = 0; i < frame.events().size(); i++) {
            StreamEvent event = frame.events().get(i);
            if (event.kind() == StreamEvent.Kind.CHUNK && event.choices() && event.to() > event.from()) {
                edited = edit(
                        edited,
                        i,
                        root -> root.path("choices").forEach(choice -> {
                            if (choice instanceof ObjectNode object) {
                                object.remove("logprobs");
                            }
                        }));
            }
        }
        return edited;
    }

    private static int place(Frame frame) {
        for (int i = 0; i < frame.events().size(); i++) {
            StreamEvent event = frame.events().get(i);
            if (event.kind() == StreamEvent.Kind.CHUNK && !event.finishReason().isEmpty()) {
                return i;
            }
        }
        return -1;
    }

    private static Frame edit(Frame frame, Consumer<ObjectNode> change) {
        int place = place(frame);
        return place < 0 ? frame : edit(frame, place, change);
    }

    private static Frame edit(Frame frame, int place, Consumer<ObjectNode> change) {
        StreamEvent event = frame.events().get(place);
        String text = frame.bytes().getString(event.from(), event.to(), StandardCharsets.UTF_8.name());
        boolean plain = text.stripLeading().startsWith("{");
        int from = text.indexOf('{');
        if (!(parse(text.substring(from, text.lastIndexOf('}') + 1)) instanceof ObjectNode root)) {
            return frame;
        }
        change.accept(root);
        String json = root.toString();
        Buffer edited = Buffer.buffer(plain ? json : "data: " + json + "\n\n");
        int grown = edited.length() - (event.to() - event.from());
        Buffer bytes = Buffer.buffer(frame.bytes().length() + Math.max(0, grown))
                .appendBuffer(frame.bytes(), 0, event.from())
                .appendBuffer(edited)
                .appendBuffer(frame.bytes(), event.to(), frame.bytes().length() - event.to());
        List<StreamEvent> events = new ArrayList<>(frame.events());
        events.set(place, event.at(event.from(), event.to() + grown));
        for (int i = place + 1; i < events.size(); i++) {
            StreamEvent later = events.get(i);
            events.set(i, later.at(later.from() + grown, later.to() + grown));
        }
        return new Frame(bytes, events);
    }

    private static JsonNode parse(String json) {
        try {
            return MAPPER.readTree(json);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
