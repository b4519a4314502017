package dev.foundrygateway.upstream;

import dev.foundrygateway.exchange.ChatReply;
import dev.foundrygateway.exchange.Served;
import dev.foundrygateway.openai.ErrorBody;
import dev.foundrygateway.openai.ErrorCode;
import dev.foundrygateway.openai.sse.Frame;
import io.smallrye.mutiny.Multi;
import io.vertx.core.buffer.Buffer;

/**
 * An answer that is complete: JSON, or all events of a stream.
 *
 * @param status its HTTP status
 * @param frame its body
 * @param stream whether the body is a stream of events
 */
public record PlainAnswer(int status, Frame frame, boolean stream) {

    /** A JSON body of which nothing more needs to be known. */
    public PlainAnswer(int status, Buffer json) {
        this(status, Frame.plain(json), false);
    }

    /** One of the gateway's own errors. */
    public static PlainAnswer error(ErrorCode code, String message) {
        return new PlainAnswer(code.status(), ErrorBody.of(code, message, "").json());
    }

    ChatReply reply(Multi<Frame> frames, Served served) {
        return new ChatReply(status, ChatReply.head(stream), stream, frames, served);
    }
}
