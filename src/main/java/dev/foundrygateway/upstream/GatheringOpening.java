package dev.foundrygateway.upstream;

import dev.foundrygateway.openai.ErrorCode;
import dev.foundrygateway.openai.GatheredChat;
import dev.foundrygateway.openai.ReplyDocument;
import dev.foundrygateway.openai.UpstreamError;
import dev.foundrygateway.openai.sse.EventScanner;
import dev.foundrygateway.openai.sse.Frame;
import dev.foundrygateway.openai.sse.StreamEvent;
import dev.foundrygateway.openai.sse.StreamEvent.Kind;
import dev.foundrygateway.upstream.repair.ErrorRepairs;
import dev.foundrygateway.upstream.repair.EventRepairs;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;

/**
 * A stream that the client did not ask for: gathered into the plain answer. So the first token is known for every answer, and a client that leaves stops
 * the generation, which Foundry Local 2.x finishes where no stream was asked for.
 */
public final class GatheringOpening implements Opening {
    private static final int EVENT_LIMIT = 16 << 20;

    private final UpstreamCall call;
    private final EventScanner scanner = new EventScanner(EVENT_LIMIT);
    private final EventRepairs repairs;
    private final GatheredChat chat;
    private boolean token;
    private boolean concluded;
    private boolean done;
    private boolean spoke;
    private boolean ready;
    private long length;
    private Optional<PlainAnswer> answer = Optional.empty();

    public GatheringOpening(UpstreamCall call) {
        this.call = call;
        this.repairs = call.repairs().events().get().orMarkers();
        this.chat = new GatheredChat(call.repairs().saysRefusal());
    }

    @Override
    public Frame read(Buffer bytes) {
        length += bytes.length();
        if (length > 4L * EVENT_LIMIT) {
            throw new IllegalStateException("an answer is too long to be gathered");
        }
        take(scanner.feed(bytes));
        return Frame.EMPTY;
    }

    private void take(Frame frame) {
        for (StreamEvent event : frame.events()) {
            if (ready) {
                return;
            }
            token |= event.token();
            if (event.kind() == Kind.CHUNK) {
                ReplyDocument.of(frame, event).ifPresent(chunk -> repairs.chunk(chunk, this::gather));
                if (repairs.complete()) {
                    conclude();
                }
            } else if (event.kind() == Kind.DONE) {
                concluded |= spoke;
                done = true;
                conclude();
            } else if (event.kind() == Kind.OTHER) {
                fail("the model server sent an event that is not JSON");
            } else if (event.kind() == Kind.ERROR) {
                UpstreamError error = ErrorRepairs.ofEvent(frame.bytes().slice(event.from(), event.to()), call);
                answer =
                        Optional.of(new PlainAnswer(error.status(), error.body().json()));
                ready = true;
            }
        }
    }

    private void gather(ReplyDocument chunk) {
        spoke |= chunk.hasChoice();
        concluded |= !chunk.finishReason().isEmpty();
        chat.add(chunk);
    }

    private void conclude() {
        repairs.end(this::gather);
        ready = true;
        if (concluded) {
            answer = Optional.of(new PlainAnswer(200, chat.answer(), false));
        } else {
            fail("the model server ended its stream before the answer");
        }
    }

    private void fail(String message) {
        ready = true;
        answer = Optional.of(PlainAnswer.error(ErrorCode.UPSTREAM_ERROR, message));
    }

    @Override
    public Frame end() {
        if (!ready) {
            LastEvent rest = LastEvent.of(scanner.rest(), EVENT_LIMIT);
            take(rest.frame());
            if (rest.cut()) {
                fail("the model server ended its stream in the middle of an event");
            }
        }
        if (!ready) {
            conclude();
        }
        return Frame.EMPTY;
    }

    @Override
    public boolean ready() {
        return ready;
    }

    @Override
    public Frame held() {
        return Frame.EMPTY;
    }

    @Override
    public boolean hasToken() {
        return token;
    }

    @Override
    public boolean stream() {
        return false;
    }

    @Override
    public Optional<PlainAnswer> instead() {
        return answer;
    }

    @Override
    public boolean complete() {
        return ready;
    }

    @Override
    public boolean done() {
        return done;
    }

    @Override
    public boolean cutShort() {
        return false;
    }
}
