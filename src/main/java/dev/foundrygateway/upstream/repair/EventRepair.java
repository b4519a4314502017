package dev.foundrygateway.upstream.repair;

import dev.foundrygateway.openai.ReplyDocument;
import java.util.function.Consumer;

/** Repairs the chunks of one streamed answer, one after the other. Has state, so it serves one answer. Confined to the exchange's event loop. */
interface EventRepair {
    /**
     * Takes the next chunk and hands on none, it, or several.
     *
     * @param next takes what comes of it; called before this returns
     */
    void chunk(ReplyDocument chunk, Consumer<ReplyDocument> next);

    /** The upstream's answer is at its end: hands on what was held back or is missing. */
    default void end(Consumer<ReplyDocument> next) {}

    /** Whether the answer is whole now, whatever the upstream still has to say. */
    default boolean complete() {
        return false;
    }

    /** Whether what is still to come passes as it is. */
    default boolean idle() {
        return false;
    }
}
