package dev.foundrygateway.openai;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.foundrygateway.openai.sse.Frame;
import dev.foundrygateway.openai.sse.StreamEvent;
import dev.foundrygateway.openai.sse.Usage;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * One chunk of a chat answer while it is repaired. What concerns a choice concerns the first one: the servers whose chunks need repair give one choice.
 * Remembers whether anything was changed, so that an untouched chunk leaves as the bytes that came. Not thread-safe.
 */
public final class ChunkEdit {
    static final ObjectMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private static final List<String> EXTRAS = List.of("IsDelta", "Successful", "CreatedAt", "HttpStatusCode");

    private final ObjectNode root;
    private boolean changed;
    private boolean usageEstimated;

    ChunkEdit(ObjectNode root, boolean changed) {
        this.root = root;
        this.changed = changed;
    }

    /** Reads one event of a frame; empty if its data is no JSON object. */
    public static Optional<ChunkEdit> of(Frame frame, StreamEvent event) {
        String text = frame.bytes().getString(event.from(), event.to(), StandardCharsets.UTF_8.name());
        String data = text.lines()
                .filter(line -> line.startsWith("data:"))
                .map(line -> line.substring("data:".length()))
                .collect(Collectors.joining("\n"));
        return parse(data).map(root -> new ChunkEdit(root, false));
    }

    /** A chunk that says nothing. */
    public static ChunkEdit empty() {
        return new ChunkEdit(MAPPER.createObjectNode(), true);
    }

    static Optional<ObjectNode> parse(String json) {
        try {
            return MAPPER.readTree(json) instanceof ObjectNode object ? Optional.of(object) : Optional.empty();
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    /** Whether it differs from what came. */
    public boolean changed() {
        return changed;
    }

    /** Whether it has a choice. */
    public boolean hasChoice() {
        return root.path("choices").path(0).isObject();
    }

    /** The delta's text, empty if none. */
    public String text() {
        return delta().path("content").asText("");
    }

    /** Sets the delta's text. */
    public void setText(String text) {
        if (!text.equals(text())) {
            editedDelta().put("content", text);
        }
    }

    /** Whether the delta carries output: text, reasoning, a refusal or tool calls. */
    public boolean hasOutput() {
        JsonNode delta = delta();
        return hasToolCalls()
                || !text().isEmpty()
                || !delta.path("reasoning_content").asText("").isEmpty()
                || !delta.path("reasoning").asText("").isEmpty()
                || !delta.path("refusal").asText("").isEmpty();
    }

    /** The finish reason, empty if none. */
    public String finishReason() {
        return choice().path("finish_reason").asText("");
    }

    /** Sets the finish reason. */
    public void setFinishReason(String reason) {
        if (!reason.equals(finishReason()) && choice() instanceof ObjectNode choice) {
            choice.put("finish_reason", reason);
            changed = true;
        }
    }

    /** The answer's id, empty if none. */
    public String id() {
        return root.path("id").asText("");
    }

    /** Sets the answer's id. */
    public void setId(String id) {
        set("id", id, id());
    }

    /** The model's name, empty if none. */
    public String model() {
        return root.path("model").asText("");
    }

    /** Sets the model's name. */
    public void setModel(String model) {
        set("model", model, model());
    }

    private void set(String name, String value, String before) {
        if (!value.equals(before)) {
            root.put(name, value);
            changed = true;
        }
    }

    /** Drops what only Foundry Local 0.x and 1.x say, and the {@code message} that repeats the {@code delta}. */
    public void dropExtras() {
        changed |= root.size() != root.remove(EXTRAS).size();
        if (choice() instanceof ObjectNode choice && choice.has("delta")) {
            changed |= choice.remove("message") != null;
        }
        if (delta() instanceof ObjectNode delta) {
            changed |= delta.remove("tool_call_id") != null;
            if (delta.has("tool_calls") && delta.path("tool_calls").isEmpty()) {
                delta.remove("tool_calls");
                changed = true;
            }
        }
    }

    /** The counts it reports. */
    public Usage usage() {
        JsonNode usage = root.path("usage");
        return new Usage(
                usage.path("prompt_tokens").asLong(0),
                usage.path("completion_tokens").asLong(0));
    }

    /** Whether it tells counts and nothing else. */
    public boolean usageOnly() {
        return !hasChoice() && root.path("usage").isObject();
    }

    /** Drops the counts. */
    public void dropUsage() {
        changed |= root.remove("usage") != null;
    }

    /** A chunk of the same answer that tells these counts and nothing else. */
    public ChunkEdit usageChunk(Usage usage) {
        ChunkEdit chunk = bare();
        chunk.root.putArray("choices");
        chunk.root
                .putObject("usage")
                .put("prompt_tokens", usage.promptTokens())
                .put("completion_tokens", usage.completionTokens())
                .put("total_tokens", usage.promptTokens() + usage.completionTokens());
        return chunk;
    }

    /** The same as {@link #usageChunk}, marked as the gateway's own estimate; measures don't see its counts. */
    public ChunkEdit estimatedUsageChunk(Usage usage) {
        ChunkEdit chunk = usageChunk(usage);
        chunk.root.putObject("gateway").put("usage_estimated", true);
        chunk.usageEstimated = true;
        return chunk;
    }

    /** Whether its counts are the gateway's estimate. */
    public boolean usageEstimated() {
        return usageEstimated;
    }

    /** Whether the delta has tool calls. */
    public boolean hasToolCalls() {
        return !delta().path("tool_calls").isEmpty();
    }

    /** Sets the delta's tool calls, numbered from 0. */
    public void setToolCalls(List<ToolCall> calls) {
        ArrayNode array = editedDelta().putArray("tool_calls");
        for (ToolCall call : calls) {
            array.addObject()
                    .put("index", array.size() - 1)
                    .put("id", call.id())
                    .put("type", "function")
                    .putObject("function")
                    .put("name", call.name())
                    .put("arguments", call.arguments());
        }
    }

    /** A chunk of the same answer whose choice has an empty delta and no finish reason. */
    public ChunkEdit emptyChunk() {
        ChunkEdit chunk = bare();
        ObjectNode choice = chunk.root.putArray("choices").addObject();
        choice.put("index", choice().path("index").asInt(0)).putObject("delta");
        choice.putNull("finish_reason");
        return chunk;
    }

    private ChunkEdit bare() {
        ObjectNode copy = root.deepCopy();
        copy.remove(List.of("choices", "usage"));
        return new ChunkEdit(copy, true);
    }

    ObjectNode root() {
        return root;
    }

    private JsonNode choice() {
        return root.path("choices").path(0);
    }

    private JsonNode delta() {
        return choice().path("delta");
    }

    private ObjectNode editedDelta() {
        changed = true;
        return choice() instanceof ObjectNode choice ? choice.withObject("/delta") : MAPPER.createObjectNode();
    }

    /** As one server-sent event. */
    public Buffer event() {
        return Buffer.buffer("data: " + root + "\n\n");
    }
}
