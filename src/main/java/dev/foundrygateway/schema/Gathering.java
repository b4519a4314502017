package dev.foundrygateway.schema;

import dev.foundrygateway.exchange.ChatReply;
import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.exchange.NanoClock;
import dev.foundrygateway.exchange.Tally;
import dev.foundrygateway.openai.ErrorCode;
import dev.foundrygateway.openai.GatheredChat;
import dev.foundrygateway.openai.ReplyDocument;
import dev.foundrygateway.openai.UpstreamError;
import dev.foundrygateway.openai.WholeAnswer;
import dev.foundrygateway.openai.sse.Frame;
import dev.foundrygateway.openai.sse.StreamEvent;
import dev.foundrygateway.openai.sse.StreamEvent.Kind;
import dev.foundrygateway.openai.sse.Usage;
import io.smallrye.mutiny.Uni;
import io.vertx.core.buffer.Buffer;

/** A reply put together into one answer, be it plain or a stream. Confined to the exchange's event loop. */
final class Gathering {
    private static final long MAX_BYTES = 64L << 20;

    private final ChatReply reply;
    private final Tally tally;
    private final Buffer plain = Buffer.buffer();
    private final GatheredChat chunks = new GatheredChat(false);
    private long bytes;

    Gathering(ChatReply reply, NanoClock clock) {
        this.reply = reply;
        this.tally = new Tally(clock);
    }

    /** Reads the reply to its end. */
    Uni<Gathering> all() {
        return reply.body().collect().in(() -> this, Gathering::add);
    }

    /** Takes the next frame. */
    void add(Frame frame) {
        tally.add(frame);
        bytes += frame.bytes().length();
        if (bytes > MAX_BYTES) {
            throw fault("the reply is larger than " + MAX_BYTES + " bytes");
        }
        if (!reply.stream()) {
            plain.appendBuffer(frame.bytes());
            return;
        }
        for (StreamEvent event : frame.events()) {
            if (event.kind() == Kind.ERROR) {
                throw fault(UpstreamError.read(frame.bytes().slice(event.from(), event.to())).body().message());
            }
            if (event.kind() == Kind.CHUNK && event.to() > event.from()) {
                ReplyDocument.of(frame, event).ifPresent(this::gather);
            }
        }
    }

    private void gather(ReplyDocument chunk) {
        try {
            chunks.add(chunk);
        } catch (IllegalStateException tooMany) {
            throw fault(String.valueOf(tooMany.getMessage()));
        }
    }

    private GatewayException fault(String message) {
        return new GatewayException(
                ErrorCode.UPSTREAM_ERROR, "upstream " + reply.served().upstream() + ": " + message);
    }

    /** The answer; to be asked for once, at the end. */
    WholeAnswer answer() {
        return answer(json());
    }

    /** The answer in these bytes, which are its {@link #json}. */
    WholeAnswer answer(Buffer json) {
        return WholeAnswer.of(json).orElseThrow(() -> fault("the answer has no choices"));
    }

    /** The answer's bytes, plain; of an error, what the server said. To be asked for once, at the end. */
    Buffer json() {
        return reply.stream() ? chunks.answer().bytes() : plain;
    }

    ChatReply reply() {
        return reply;
    }

    /** The tokens as the server counted them. */
    Usage usage() {
        return tally.usage();
    }

    /** When the first of it came, on the clock; the other if nothing has. */
    long firstNanos(long other) {
        return tally.firstFrame().orElse(other);
    }
}
