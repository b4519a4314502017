package dev.foundrygateway.edge.protocol;

import io.vertx.core.buffer.Buffer;
import java.util.Optional;

/**
 * How one response is kept for later.
 *
 * @param id the response's id
 * @param sink takes its record, the response and its input as JSON, before the client learns of its end; empty where nothing is kept
 */
public record ResponseKeeping(String id, Optional<Sink> sink) {
    /** Takes a record. */
    @FunctionalInterface
    public interface Sink {
        void keep(Buffer record);
    }
}
