package dev.foundrygateway.upstream;

import dev.foundrygateway.openai.ErrorCode;
import dev.foundrygateway.openai.UpstreamError;
import dev.foundrygateway.openai.sse.EventScanner;
import dev.foundrygateway.openai.sse.Frame;
import dev.foundrygateway.openai.sse.StreamEvent;
import dev.foundrygateway.openai.sse.StreamEvent.Kind;
import dev.foundrygateway.upstream.repair.RepairedStream;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;

/**
 * The opening of a stream: held until its first token, or until an end shows that none will come. Comments and role chunks don't count: Foundry Local 2.x
 * sends its head, comments every 250 ms and a role chunk before the model has done anything, and an error event where others send a status.
 */
final class StreamOpening implements Opening {
    private static final int EVENT_LIMIT = 16 << 20;
    private static final Buffer BLANK_LINE = Buffer.buffer("\n\n");

    private final UpstreamCall call;
    private final RepairedStream repaired;
    private final EventScanner scanner = new EventScanner(EVENT_LIMIT);
    private Frame held = Frame.EMPTY;
    private boolean ready;
    private boolean token;
    private boolean concluded;
    private boolean handedOn;
    private Optional<PlainAnswer> refusal = Optional.empty();

    StreamOpening(UpstreamCall call) {
        this.call = call;
        this.repaired = new RepairedStream(call);
    }

    @Override
    public Frame read(Buffer bytes) {
        return take(scanner.feed(bytes));
    }

    private Frame take(Frame unrepaired) {
        if (unrepaired.events().isEmpty()) {
            return unrepaired;
        }
        return keep(repaired.repair(unrepaired));
    }

    private Frame keep(Frame came) {
        boolean usage = false;
        for (int i = 0; i < came.events().size(); i++) {
            StreamEvent event = came.events().get(i);
            usage |= event.usageOnly();
            concluded |= !event.finishReason().isEmpty() || event.kind() == Kind.DONE || event.kind() == Kind.ERROR;
            if (!ready) {
                open(came, event);
            }
        }
        Frame frame = usage && call.usageWithheld() ? came.withhold(StreamEvent::usageOnly) : came;
        if (!handedOn) {
            held = held.join(frame);
        }
        return frame;
    }

    private void open(Frame frame, StreamEvent event) {
        token |= event.token();
        if (event.kind() == Kind.ERROR && call.chunked()) {
            refusal = Optional.of(refusal(frame.bytes().slice(event.from(), event.to())));
            ready = true;
        } else if (event.kind() != Kind.COMMENT) {
            ready = token || concluded || !call.chunked() || event.kind() == Kind.OTHER;
        }
    }

    private static PlainAnswer refusal(Buffer event) {
        UpstreamError error = UpstreamError.read(event);
        return new PlainAnswer(error.status(), error.body().json());
    }

    @Override
    public Frame end() {
        Buffer rest = scanner.rest();
        Frame last = Frame.EMPTY;
        if (rest.length() > 0) {
            // The last event without its blank line: it counts, and leaves as it came.
            Frame seen = new EventScanner(EVENT_LIMIT)
                    .feed(Buffer.buffer(rest.length() + 2).appendBuffer(rest).appendBuffer(BLANK_LINE));
            last = take(seen.endingAt(rest));
        }
        Frame missing = repaired.end();
        if (!missing.events().isEmpty()) {
            last = last.join(keep(missing));
        }
        if (!ready) {
            ready = true;
            if (call.chunked() && !concluded) {
                refusal = Optional.of(PlainAnswer.error(
                        ErrorCode.UPSTREAM_ERROR, "the upstream ended its stream without a token or an error"));
            }
        }
        return last;
    }

    @Override
    public boolean ready() {
        return ready;
    }

    @Override
    public Frame held() {
        handedOn = true;
        return held;
    }

    @Override
    public boolean hasToken() {
        return token;
    }

    @Override
    public boolean stream() {
        return true;
    }

    @Override
    public Optional<PlainAnswer> instead() {
        return refusal;
    }

    @Override
    public boolean complete() {
        return repaired.complete();
    }

    @Override
    public boolean cutShort() {
        return call.chunked() && !concluded;
    }
}
