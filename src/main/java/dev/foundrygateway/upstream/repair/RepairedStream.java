package dev.foundrygateway.upstream.repair;

import dev.foundrygateway.openai.ReplyDocument;
import dev.foundrygateway.openai.sse.Frame;
import dev.foundrygateway.openai.sse.StreamEvent;
import dev.foundrygateway.openai.sse.StreamEvent.Kind;
import dev.foundrygateway.upstream.UpstreamCall;
import java.util.List;
import java.util.Optional;

/**
 * The frames of a stream after the repairs: events that need none leave as the bytes that came, errors in OpenAI's shape, and the end is supplied where it
 * is missing. Where the dialect repairs no chunks, the very frame leaves unless there is an error in it. Confined to the exchange's event loop.
 */
public final class RepairedStream {
    private final UpstreamCall call;
    private EventRepairs repairs;
    /** Whether the answer's text has not begun yet: it may begin with gpt-oss' marks. */
    private boolean opening;

    private boolean finished;
    private boolean done;

    public RepairedStream(UpstreamCall call) {
        this.call = call;
        this.repairs = call.repairs().events().get();
        this.opening = repairs.isEmpty();
    }

    public Frame repair(Frame came) {
        if (opening) {
            open(came);
        }
        // A response says in events of its own that it has failed.
        if (repairs.isEmpty() && (call.repairs().shape() == AnswerShape.RESPONSE || !hasError(came.events()))) {
            return came;
        }
        Frame.Builder frame = new Frame.Builder();
        for (StreamEvent event : came.events()) {
            if (!done) {
                add(frame, came, event);
            }
        }
        if (!repairs.isEmpty() && repairs.idle()) {
            repairs = EventRepairs.NONE;
        }
        return frame.frame();
    }

    /** One look at the byte with which the text begins. */
    private void open(Frame came) {
        for (int i = 0; i < came.events().size() && opening; i++) {
            StreamEvent event = came.events().get(i);
            if (event.output() == StreamEvent.Output.MARKED) {
                repairs = EventRepairs.of(new HarmonyMarkers());
            }
            opening = !event.answer();
        }
    }

    private void add(Frame.Builder frame, Frame came, StreamEvent event) {
        Optional<ReplyDocument> chunk =
                event.kind() == Kind.CHUNK && !repairs.isEmpty() ? ReplyDocument.of(came, event) : Optional.empty();
        if (chunk.isPresent()) {
            ReplyDocument original = chunk.get();
            repairs.chunk(original, out -> add(frame, came, event, original, out));
            if (repairs.complete()) {
                end(frame);
            }
        } else if (event.kind() == Kind.DONE) {
            repairs.end(frame::add);
            done = true;
            frame.add(came, event);
        } else if (event.kind() == Kind.ERROR) {
            frame.add(ErrorRepairs.ofEvent(came.bytes().slice(event.from(), event.to()), call)
                    .body());
        } else {
            frame.add(came, event);
        }
    }

    private void add(Frame.Builder frame, Frame came, StreamEvent event, ReplyDocument original, ReplyDocument out) {
        finished |= !out.finishReason().isEmpty();
        if (out.equals(original) && !out.changed()) {
            frame.add(came, event);
        } else {
            frame.add(out);
        }
    }

    /** What is missing once the upstream's body has ended properly: what was held back, the finish reason, the counts, {@code [DONE]}. */
    public Frame end() {
        Frame.Builder frame = new Frame.Builder();
        if (!repairs.isEmpty() && !done) {
            end(frame);
        }
        return frame.frame();
    }

    private void end(Frame.Builder frame) {
        repairs.end(chunk -> {
            finished |= !chunk.finishReason().isEmpty();
            frame.add(chunk);
        });
        // An answer that has not finished was cut short, and must not look as if it ended well.
        if (finished) {
            done = true;
            frame.done();
        }
    }

    /** Whether the answer is whole although the upstream goes on. */
    public boolean complete() {
        return repairs.complete();
    }

    private static boolean hasError(List<StreamEvent> events) {
        for (int i = 0; i < events.size(); i++) {
            if (events.get(i).kind() == Kind.ERROR) {
                return true;
            }
        }
        return false;
    }
}
