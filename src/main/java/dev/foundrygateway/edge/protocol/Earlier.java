package dev.foundrygateway.edge.protocol;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.foundrygateway.openai.json.Trees;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/**
 * What stored responses a request may build on.
 *
 * @param records each response's record by its id, as {@link ResponseKeeping} was handed it
 */
public record Earlier(Map<String, Buffer> records) {
    /** None. */
    public static final Earlier NONE = new Earlier(Map.of());

    /** The record of a response; empty if there is none. */
    Optional<ObjectNode> find(String id) {
        Buffer record = records.get(id);
        return record == null ? Optional.empty() : Trees.object(record.toString(StandardCharsets.UTF_8));
    }
}
