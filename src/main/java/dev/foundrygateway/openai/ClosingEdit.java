package dev.foundrygateway.openai;

import dev.foundrygateway.openai.sse.Frame;
import dev.foundrygateway.openai.sse.StreamEvent;
import dev.foundrygateway.openai.sse.Usage;
import java.util.function.Supplier;

/**
 * Writes into the end of a reply what the gateway has to say of it. A stream's finish chunk comes before its usage chunk, so the former waits for the latter,
 * a matter of microseconds: only then are the counts known that stand in the former. Everything before passes as it came. Confined to one event loop.
 */
public final class ClosingEdit {
    private final Supplier<String> members;
    private final Supplier<Usage> total;
    private final boolean severalLegs;
    private final boolean stripLogprobs;

    private Frame waiting = Frame.EMPTY;
    private boolean closing;
    private boolean closed;

    /**
     * For one reply.
     *
     * @param members the {@code gateway} object's members, asked for at the end
     * @param total what was spent in all, asked for at the end
     * @param severalLegs whether that is more than the reply's own usage
     * @param stripLogprobs whether log-probabilities are to be taken out
     */
    public ClosingEdit(Supplier<String> members, Supplier<Usage> total, boolean severalLegs, boolean stripLogprobs) {
        this.members = members;
        this.total = total;
        this.severalLegs = severalLegs;
        this.stripLogprobs = stripLogprobs;
    }

    /** The next frame: what may leave now, {@link Frame#EMPTY} if nothing. */
    public Frame pass(Frame came) {
        Frame frame = stripLogprobs ? ReplyEdit.withoutLogprobs(came) : came;
        if (closed) {
            return severalLegs ? ReplyEdit.withUsage(frame, total.get()) : frame;
        }
        if (!closing && !ReplyEdit.isPlace(frame)) {
            return frame;
        }
        closing = true;
        waiting = waiting.join(frame);
        return complete(waiting) ? end() : Frame.EMPTY;
    }

    /** The reply has ended: what still waited. */
    public Frame end() {
        if (closed || !closing) {
            return Frame.EMPTY;
        }
        closed = true;
        Frame last = severalLegs ? ReplyEdit.withUsage(waiting, total.get()) : waiting;
        return ReplyEdit.withGateway(last, members.get());
    }

    private static boolean complete(Frame frame) {
        for (int i = 0; i < frame.events().size(); i++) {
            StreamEvent event = frame.events().get(i);
            if (event.usage().known() || event.kind() == StreamEvent.Kind.DONE) {
                return true;
            }
        }
        return false;
    }
}
