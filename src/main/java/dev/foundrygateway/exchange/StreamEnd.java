package dev.foundrygateway.exchange;

import dev.foundrygateway.openai.ErrorCode;

/** How a reply's body ended: one of these, once, for every body. */
public sealed interface StreamEnd {
    /** It came whole. */
    StreamEnd COMPLETED = new Completed();

    /** Nobody wanted the rest. */
    StreamEnd CANCELLED = new Cancelled();

    /** Its source says that it came whole; an error event may stand in it all the same. */
    record Completed() implements StreamEnd {}

    /** It broke off, or never began. */
    record Failed(ErrorCode code) implements StreamEnd {}

    /** Its reader left. */
    record Cancelled() implements StreamEnd {}

    /** The end that this failure makes. */
    static StreamEnd failed(Throwable cause) {
        if (cause instanceof GatewayException known) {
            known.account();
            return new Failed(known.code());
        }
        return new Failed(ErrorCode.INTERNAL_ERROR);
    }
}
