package dev.foundrygateway.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A plain chat answer taken apart into the chunks of a streamed one, so that one set of repairs serves both. */
public final class PlainChat {
    private PlainChat() {}

    /**
     * The chunks: for each choice one with all its output and one with its finish reason, then the counts if there are any.
     *
     * @return empty if the text is no chat answer
     */
    public static List<ChunkEdit> chunks(Buffer json) {
        List<ChunkEdit> chunks = new ArrayList<>();
        ChunkEdit.parse(json.toString(StandardCharsets.UTF_8))
                .filter(root -> root.path("choices").isArray())
                .ifPresent(root -> split(root, chunks));
        return chunks;
    }

    private static void split(ObjectNode root, List<ChunkEdit> chunks) {
        ObjectNode shared = root.deepCopy();
        shared.remove(List.of("choices", "usage"));
        shared.put("object", "chat.completion.chunk");
        for (JsonNode choice : root.path("choices")) {
            if (choice instanceof ObjectNode whole) {
                ObjectNode output = whole.deepCopy();
                // Foundry Local 0.x and 1.x say the same twice: as message and as delta.
                JsonNode message = output.remove("message");
                if (message != null) {
                    output.set("delta", numbered(message));
                }
                output.putNull("finish_reason");
                chunks.add(chunk(shared, output));
                JsonNode reason = whole.path("finish_reason");
                if (reason.isTextual()) {
                    ObjectNode end = ChunkEdit.MAPPER.createObjectNode();
                    end.set("index", whole.path("index").isInt() ? whole.path("index") : end.numberNode(0));
                    end.putObject("delta");
                    end.set("finish_reason", reason);
                    chunks.add(chunk(shared, end));
                }
            }
        }
        if (root.path("usage").isObject()) {
            ObjectNode counts = shared.deepCopy();
            counts.putArray("choices");
            counts.set("usage", root.path("usage"));
            chunks.add(new ChunkEdit(counts, true));
        }
    }

    private static ChunkEdit chunk(ObjectNode shared, ObjectNode choice) {
        ObjectNode chunk = shared.deepCopy();
        chunk.putArray("choices").add(choice);
        return new ChunkEdit(chunk, true);
    }

    /** In a stream tool calls have an index. */
    private static JsonNode numbered(JsonNode message) {
        if (message.path("tool_calls") instanceof ArrayNode calls) {
            for (int i = 0; i < calls.size(); i++) {
                if (calls.path(i) instanceof ObjectNode call && !call.has("index")) {
                    call.put("index", i);
                }
            }
        }
        return message;
    }
}
