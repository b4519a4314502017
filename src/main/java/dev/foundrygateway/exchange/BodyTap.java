package dev.foundrygateway.exchange;

import dev.foundrygateway.openai.sse.Frame;

/** Sees what passes through a {@link TappedBody}, and changes nothing. Never throws. */
public interface BodyTap {
    /** A frame is about to be handed on. */
    void passed(Frame frame);

    /** The body has ended; also told a second time where its reader leaves at that very moment, which is to be ignored. */
    void ended(StreamEnd end);
}
