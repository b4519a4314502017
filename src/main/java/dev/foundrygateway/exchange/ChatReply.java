package dev.foundrygateway.exchange;

import dev.foundrygateway.openai.sse.Frame;
import io.smallrye.mutiny.Multi;
import io.vertx.core.MultiMap;

/**
 * One reply on its way outward.
 *
 * @param status the HTTP status
 * @param headers end-to-end headers; must not be changed
 * @param stream whether the body is a stream of server-sent events
 * @param body the body, subscribed to once: frames as they come, with back-pressure; a failure after the head is a {@link GatewayException};
 *     cancelling it resets the upstream call
 * @param served how it came about
 */
public record ChatReply(int status, MultiMap headers, boolean stream, Multi<Frame> body, Served served) {
    /** The same reply with another body. */
    public ChatReply withBody(Multi<Frame> other) {
        return new ChatReply(status, headers, stream, other, served);
    }
}
