package dev.foundrygateway.access;

import dev.foundrygateway.exchange.Trust;
import dev.foundrygateway.openai.ErrorCode;

/** What becomes of one request. */
public sealed interface Decision {
    /** The answer for a request without an Origin, which may go on. */
    Allow WITHOUT_ORIGIN = new Allow("", Trust.PROGRAM);

    /**
     * It goes on.
     *
     * @param origin the page's origin, to be named in {@code Access-Control-Allow-Origin}; empty if none was sent
     * @param trust how far it is trusted
     */
    record Allow(String origin, Trust trust) implements Decision {}

    /**
     * A preflight, answered with 204.
     *
     * @param origin the page's origin
     * @param headers the value of {@code Access-Control-Allow-Headers}
     * @param privateNetwork whether the answer to the private network question is yes
     */
    record Preflight(String origin, String headers, boolean privateNetwork) implements Decision {}

    /**
     * It is refused.
     *
     * @param code the error
     * @param message what is wrong, naming the setting to change
     * @param origin the page's origin if it may read the refusal, else empty
     */
    record Refuse(ErrorCode code, String message, String origin) implements Decision {}
}
