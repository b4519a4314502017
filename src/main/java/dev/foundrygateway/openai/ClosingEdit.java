package dev.foundrygateway.openai;

import dev.foundrygateway.openai.sse.Frame;
import dev.foundrygateway.openai.sse.StreamEvent;
import dev.foundrygateway.openai.sse.Usage;
import java.util.Optional;
import java.util.function.Predicate;
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
    public Frame pass(Frame frame) {
        if (closed || (!closing && ReplyDocument.place(frame).isEmpty())) {
            return edit(frame, false);
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
        return edit(waiting, true);
    }

    /** Each event is read and printed at most once, whatever is to be changed in it. */
    private Frame edit(Frame frame, boolean close) {
        Optional<StreamEvent> place = close ? ReplyDocument.place(frame) : Optional.empty();
        Predicate<StreamEvent> which = event -> place.filter(event::equals).isPresent()
                || (severalLegs && closed && event.usage().known())
                || (stripLogprobs && event.kind() == StreamEvent.Kind.CHUNK && event.choices());
        return ReplyDocument.edit(frame, which, edited -> {
            if (stripLogprobs) {
                edited.document().dropLogprobs();
            }
            if (severalLegs && closed && edited.event().usage().known()) {
                edited.document().setUsage(total.get());
            }
            if (place.filter(edited.event()::equals).isPresent()) {
                edited.document().addGateway(members.get());
            }
        });
    }

    /** Ends an answer where the gateway cut it, and names the stop string by vLLM's member for that. */
    public static void stopAt(ReplyDocument chunk, String string) {
        chunk.setFinishReason("stop");
        chunk.root().get("choices").get(0).set("stop_reason", string);
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
