package dev.foundrygateway.access;

import dev.foundrygateway.openai.ErrorCode;

/** What becomes of a request at the gateway's door. */
public sealed interface Decision {
    /**
     * It may come in.
     *
     * @param origin the origin that may read the reply; empty if no page asked
     */
    record Allow(String origin) implements Decision {}

    /**
     * It asked what it may ask, and is answered.
     *
     * @param origin the origin that may send such a request
     * @param privateNetwork whether it may reach a private network
     */
    record Preflight(String origin, boolean privateNetwork) implements Decision {}

    /**
     * It may not.
     *
     * @param code why
     * @param message why, naming the setting to change
     * @param origin the origin that may read the refusal; empty for none
     */
    record Refuse(ErrorCode code, String message, String origin) implements Decision {}
}
