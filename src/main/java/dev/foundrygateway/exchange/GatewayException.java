package dev.foundrygateway.exchange;

import dev.foundrygateway.openai.ErrorBody;
import dev.foundrygateway.openai.ErrorCode;
import dev.foundrygateway.openai.sse.Usage;
import java.time.Duration;

/** A failure that the gateway itself decides. An upstream's 4xx or 5xx is no exception but a {@link ChatReply}. Carries no stack trace. */
public final class GatewayException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ErrorCode code;
    private final String param;
    private final Duration retryAfter;
    private transient Usage spent = Usage.NONE;
    private transient volatile boolean accounted;

    /** A failure without a field at fault. */
    public GatewayException(ErrorCode code, String message) {
        this(code, message, "", Duration.ZERO);
    }

    /** A failure of one request field. */
    public GatewayException(ErrorCode code, String message, String param) {
        this(code, message, param, Duration.ZERO);
    }

    /**
     * A failure.
     *
     * @param code what it is
     * @param message what is wrong, naming the field or setting to change
     * @param param the request field at fault, empty if none
     * @param retryAfter when to try again, zero if nothing more is known than the code's own time
     */
    public GatewayException(ErrorCode code, String message, String param, Duration retryAfter) {
        super(message, null, false, false);
        this.code = code;
        this.param = param;
        this.retryAfter = retryAfter.isZero() ? Duration.ofSeconds(code.retrySeconds()) : retryAfter;
    }

    /** Something of the gateway's own broke: the client is told no more. */
    public static GatewayException internal() {
        return new GatewayException(ErrorCode.INTERNAL_ERROR, "internal error; see the gateway's log");
    }

    public ErrorCode code() {
        return code;
    }

    /** The same, after so much was spent in vain. */
    public GatewayException after(Usage usage) {
        GatewayException same = new GatewayException(code, String.valueOf(getMessage()), param, retryAfter);
        same.spent = usage;
        return same;
    }

    /** The same in other words: for a client of another protocol. */
    public GatewayException told(String message, String otherParam) {
        GatewayException same = new GatewayException(code, message, otherParam, retryAfter);
        same.spent = spent;
        same.accounted = accounted;
        return same;
    }

    /** The tokens of answers that were thrown away for it; {@link Usage#NONE} for all but an answer that was asked for again. */
    public Usage spent() {
        return spent;
    }

    /** An exchange has ended by it, and so is counted as one that failed. */
    void account() {
        accounted = true;
    }

    public boolean accounted() {
        return accounted;
    }

    /** When to try again; zero if waiting doesn't help. */
    public Duration retryAfter() {
        return retryAfter;
    }

    /** As OpenAI's error. */
    public ErrorBody body() {
        return ErrorBody.of(code, String.valueOf(getMessage()), param);
    }
}
