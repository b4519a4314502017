package dev.foundrygateway.schema;

import dev.foundrygateway.openai.sse.Frame;
import dev.foundrygateway.openai.sse.StreamEvent;
import java.util.Optional;

/** A stream that passes as it comes but for its end, from the frame with the finish reason on. Confined to the exchange's event loop. */
final class PassedStream {
    private final Gathering gathering;
    private Frame held = Frame.EMPTY;
    private boolean ending;

    PassedStream(Gathering gathering) {
        this.gathering = gathering;
    }

    /** The next frame: what may leave now. */
    Frame pass(Frame frame) {
        if (broke(frame)) {
            // The server's own error is the end.
            ending = false;
            Frame all = held.join(frame);
            held = Frame.EMPTY;
            return all;
        }
        gathering.add(frame);
        ending |= ends(frame);
        if (!ending) {
            return frame;
        }
        held = held.join(frame);
        return Frame.EMPTY;
    }

    private static boolean broke(Frame frame) {
        return frame.events().stream().anyMatch(event -> event.kind() == StreamEvent.Kind.ERROR);
    }

    private static boolean ends(Frame frame) {
        return frame.events().stream()
                .anyMatch(event -> !event.finishReason().isEmpty() || event.kind() == StreamEvent.Kind.DONE);
    }

    /** All of the answer, if the stream has come to its own end. */
    Optional<Gathering> whole() {
        return ending ? Optional.of(gathering) : Optional.empty();
    }

    /** What waited. */
    Frame held() {
        return held;
    }
}
