package dev.foundrygateway.edge.protocol;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.foundrygateway.openai.json.Trees;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/**
 * What a request may build on.
 *
 * @param records by the id of the response or the conversation, as {@link ResponseKeeping} and {@link StoredConversation} have made them
 */
public record Earlier(Map<String, Buffer> records) {
    /** None. */
    public static final Earlier NONE = new Earlier(Map.of());

    /** How large they are together. */
    public long bytes() {
        return records.values().stream().mapToLong(Buffer::length).sum();
    }

    /** The record of that id; empty if there is none. */
    Optional<ObjectNode> find(String id) {
        Buffer record = records.get(id);
        return record == null ? Optional.empty() : Trees.object(record.toString(StandardCharsets.UTF_8));
    }
}
