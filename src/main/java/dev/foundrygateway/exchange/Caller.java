package dev.foundrygateway.exchange;

import java.util.function.Supplier;

/**
 * Who asks: what authority is judged by where something is opened. Filled where the request enters; a stage that makes calls of its own hands its caller's on.
 *
 * @param requestId the request's id, the client's own or made here
 * @param key the configured name of the API key that was shown; empty if none was asked for
 * @param grant what that key reaches
 * @param trust how far its origin is trusted
 * @param stop ends its request from outside, from any thread: its client gets an error; of no effect where nothing waits for an answer
 * @param address where its connection comes from; empty where that is not known
 */
public record Caller(String requestId, String key, Grant grant, Trust trust, Runnable stop, Supplier<String> address) {
    /** The header that names a request, its client's and its reply's. */
    public static final String ID_HEADER = "x-request-id";

    /** One whose request can't be ended from outside. */
    public Caller(String requestId, String key, Trust trust) {
        this(requestId, key, Grant.ALL, trust, Caller::nothing, () -> "");
    }

    private static void nothing() {}

    /** A program without an API key. */
    public static Caller program(String requestId) {
        return new Caller(requestId, "", Trust.PROGRAM);
    }

    /** The same caller under another id: for the parts of a request that are calls of their own. */
    public Caller as(String otherId) {
        return new Caller(otherId, key, grant, trust, stop, address);
    }

    /** Who asks, for routes that the framework calls with nothing but their parameters. */
    @FunctionalInterface
    public interface Current {
        /** The caller of the request that is being served on this thread. */
        Caller get();
    }
}
