package dev.foundrygateway.upstream;

import dev.foundrygateway.openai.ErrorCode;
import dev.foundrygateway.openai.UpstreamError;
import dev.foundrygateway.openai.json.HeapBytes;
import dev.foundrygateway.openai.json.Json;
import dev.foundrygateway.openai.json.JsonCursor;
import dev.foundrygateway.openai.sse.EventScanner;
import dev.foundrygateway.openai.sse.Frame;
import dev.foundrygateway.openai.sse.StreamEvent;
import dev.foundrygateway.openai.sse.StreamEvent.Kind;
import dev.foundrygateway.upstream.repair.AnswerShape;
import dev.foundrygateway.upstream.repair.RepairedStream;
import io.netty.buffer.ByteBuf;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * The opening of a stream: held until its first token, or until an end shows that none will come. Comments and role chunks don't count: Foundry Local 2.x
 * sends its head, comments every 250 ms and a role chunk before the model has done anything, and an error event where others send a status.
 */
final class StreamOpening implements Opening {
    private static final int EVENT_LIMIT = 16 << 20;
    private static final byte[] USAGE = "usage".getBytes(StandardCharsets.UTF_8);

    private final UpstreamCall call;
    private final RepairedStream repaired;
    /** Whether it is a stream of a Responses call, which ends with an event that says how. */
    private final boolean response;

    private final EventScanner scanner = new EventScanner(EVENT_LIMIT);
    private Frame held = Frame.EMPTY;
    private boolean ready;
    private boolean token;
    private boolean spoke;
    private boolean concluded;
    private boolean done;
    private boolean cut;
    private boolean handedOn;
    private Optional<PlainAnswer> refusal = Optional.empty();

    StreamOpening(UpstreamCall call) {
        this.call = call;
        this.repaired = new RepairedStream(call);
        this.response = call.repairs().shape() == AnswerShape.RESPONSE;
    }

    @Override
    public Frame read(Buffer bytes) {
        return take(scanner.feed(bytes));
    }

    private Frame take(Frame unrepaired) {
        if (done || unrepaired.events().isEmpty()) {
            return Frame.EMPTY;
        }
        return keep(repaired.repair(readable(unrepaired)));
    }

    /** The events up to {@code [DONE]} or an error, or up to one that is no JSON. */
    private Frame readable(Frame came) {
        List<StreamEvent> events = came.events();
        for (int i = 0; i < events.size(); i++) {
            Kind kind = events.get(i).kind();
            if (kind == Kind.DONE || (kind == Kind.ERROR && call.chunked())) {
                done = true;
                return i + 1 == events.size() ? came : came.first(i + 1);
            }
            if (kind == Kind.ERROR
                    && response
                    && ready
                    && type(came, events.get(i)).isEmpty()) {
                throw new IllegalStateException(
                        refusal(came, events.get(i)).body().message());
            }
            if (kind == Kind.OTHER && (response || call.chunked())) {
                if (ready) {
                    throw new IllegalStateException("an event of the stream is not JSON");
                }
                refuse("the model server sent an event that is not JSON");
                return came.first(i);
            }
        }
        return came;
    }

    private Frame keep(Frame came) {
        boolean usage = false;
        for (int i = 0; i < came.events().size(); i++) {
            StreamEvent event = came.events().get(i);
            usage |= isUsageChunk(came, event);
            concluded |= !event.finishReason().isEmpty() || event.kind() == Kind.DONE || event.kind() == Kind.ERROR;
            if (!ready) {
                open(came, event);
            }
        }
        Frame frame = usage && call.usageWithheld() ? came.withhold(event -> isUsageChunk(came, event)) : came;
        if (!handedOn) {
            held = held.join(frame);
        }
        return frame;
    }

    /** Also one whose counts are zero or {@code null}; a chunk without choices of another kind is the server's own. */
    private static boolean isUsageChunk(Frame frame, StreamEvent event) {
        return event.usageOnly()
                || (event.kind() == Kind.CHUNK
                        && !event.choices()
                        && !event.token()
                        && saysUsage(frame.bytes().slice(event.from(), event.to())));
    }

    /** Whether the object in these bytes of one event has the member at all, be it {@code null} or zero. */
    private static boolean saysUsage(Buffer event) {
        ByteBuf view = HeapBytes.of(event);
        byte[] array = view.array();
        int from = HeapBytes.start(view);
        int to = from + view.readableBytes();
        while (from < to && array[from] != '{') {
            from++;
        }
        JsonCursor json = new JsonCursor().reset(array, from, to);
        boolean found = false;
        if (json.enterObject()) {
            while (json.nextMember()) {
                found |= json.keyIs(USAGE);
                json.skipValue();
            }
        }
        return found;
    }

    private void open(Frame frame, StreamEvent event) {
        token |= event.token();
        spoke |= event.kind() == Kind.CHUNK && (event.choices() || !call.chunked());
        if (event.kind() == Kind.ERROR
                && (call.chunked() || (response && !type(frame, event).equals("response.failed")))) {
            UpstreamError error = refusal(frame, event);
            refusal = Optional.of(new PlainAnswer(error.status(), error.body().json()));
            ready = true;
        } else if (event.kind() == Kind.DONE && !spoke) {
            refuse("the model server ended its stream without an answer");
        } else if (event.kind() != Kind.COMMENT) {
            ready = token || concluded || !call.chunked();
        }
    }

    /** What an event of a response says that it is: one that failed is an answer, it is stored and tells why. Empty for an event of another kind. */
    private static String type(Frame frame, StreamEvent event) {
        String text = frame.bytes().slice(event.from(), event.to()).toString(StandardCharsets.UTF_8);
        return Json.parse(text.substring(Math.max(0, text.indexOf('{'))))
                .map(json -> json.get("type").text())
                .orElse("");
    }

    private void refuse(String message) {
        refusal = Optional.of(PlainAnswer.error(ErrorCode.UPSTREAM_ERROR, message));
        ready = true;
    }

    private static UpstreamError refusal(Frame frame, StreamEvent event) {
        return UpstreamError.read(frame.bytes().slice(event.from(), event.to()));
    }

    @Override
    public Frame end() {
        LastEvent rest = done ? new LastEvent(Frame.EMPTY, false) : LastEvent.of(scanner.rest(), EVENT_LIMIT);
        cut = rest.cut();
        Frame last = take(rest.frame());
        if (!cut) {
            Frame missing = repaired.end();
            if (!missing.events().isEmpty()) {
                last = last.join(keep(missing));
            }
        }
        if (!ready) {
            ready = true;
            if (cut || (!concluded && (response || call.chunked() || !spoke))) {
                refuse("the model server ended its stream without a token or an error");
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
    public boolean done() {
        return done;
    }

    @Override
    public boolean cutShort() {
        return cut || ((response || call.chunked()) && !concluded);
    }
}
