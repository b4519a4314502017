package dev.foundrygateway.edge.protocol;

import io.vertx.core.buffer.Buffer;
import java.util.Optional;

/**
 * How one response is kept for later.
 *
 * @param id the response's id
 * @param conversation takes the items that it adds to its conversation, a JSON list, before the client learns of its end; empty where it belongs to none
 * @param sink takes its record, the response and its input as JSON, before the client learns of its end; empty where nothing is kept
 */
public record ResponseKeeping(String id, Optional<Sink> sink, Optional<Sink> conversation) {
    /** Takes what is kept. */
    @FunctionalInterface
    public interface Sink {
        void keep(Buffer record);
    }
}
