package dev.foundrygateway.exchange;

import dev.foundrygateway.openai.ErrorCode;
import dev.foundrygateway.openai.sse.Frame;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;

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
    private static final CharSequence JSON = HttpHeaders.createOptimized("application/json");
    private static final CharSequence EVENTS = HttpHeaders.createOptimized("text/event-stream");
    private static final int MOST_WHOLE = 64 << 20;

    /** An answer of JSON that is there already, status 200. */
    public static ChatReply json(Buffer body, Served served) {
        return new ChatReply(200, head(false), false, Multi.createFrom().item(Frame.plain(body)), served);
    }

    /** The head of an answer of the gateway's own making: its type, and for a stream of events that nobody may keep it. */
    public static MultiMap head(boolean stream) {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap().set(HttpHeaders.CONTENT_TYPE, stream ? EVENTS : JSON);
        return stream ? headers.set(HttpHeaders.CACHE_CONTROL, "no-cache") : headers;
    }

    /** The whole body, which nobody else then reads; a {@link GatewayException} where it is larger than 64 MiB. */
    public Uni<Buffer> whole() {
        return body.collect().in(Buffer::buffer, (all, frame) -> {
            if (all.length() + (long) frame.bytes().length() > MOST_WHOLE) {
                throw new GatewayException(
                        ErrorCode.UPSTREAM_ERROR,
                        "the reply of upstream " + served.upstream() + " is larger than " + MOST_WHOLE + " bytes");
            }
            all.appendBuffer(frame.bytes());
        });
    }

    /** The same reply with another body. */
    public ChatReply withBody(Multi<Frame> other) {
        return new ChatReply(status, headers, stream, other, served);
    }
}
