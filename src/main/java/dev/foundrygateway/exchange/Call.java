package dev.foundrygateway.exchange;

import dev.foundrygateway.openai.ChatRequest;
import io.vertx.core.MultiMap;
import java.util.Optional;

/**
 * One model call on its way inward: a value that a stage hands on, changed or not.
 *
 * @param operation which call it is
 * @param request the JSON request
 * @param headers the client's headers, names compared without case; must not be changed
 * @param requestId the request's id, the client's own or made here
 * @param arrivedNanos when the request's head had arrived, on {@link System#nanoTime}'s clock
 * @param retrievalNanos time spent on retrieval so far
 * @param retrieved what was found; empty if nothing was looked for
 */
public record Call(
        Operation operation,
        ChatRequest request,
        MultiMap headers,
        String requestId,
        long arrivedNanos,
        long retrievalNanos,
        Optional<Retrieved> retrieved) {
    /** A call for which no sources were looked for. */
    public Call(
            Operation operation,
            ChatRequest request,
            MultiMap headers,
            String requestId,
            long arrivedNanos,
            long retrievalNanos) {
        this(operation, request, headers, requestId, arrivedNanos, retrievalNanos, Optional.empty());
    }

    /** The same call with other headers. */
    public Call withHeaders(MultiMap other) {
        return new Call(operation, request, other, requestId, arrivedNanos, retrievalNanos, retrieved);
    }

    /** The same call with another request. */
    public Call with(ChatRequest other) {
        return new Call(operation, other, headers, requestId, arrivedNanos, retrievalNanos, retrieved);
    }

    /** The same call after retrieval: with the request that carries the sources, the time it took and what was found. */
    public Call retrieved(ChatRequest other, long nanos, Retrieved found) {
        return new Call(operation, other, headers, requestId, arrivedNanos, retrievalNanos + nanos, Optional.of(found));
    }
}
