package dev.foundrygateway.practice;

/** How the practice upstream lets a request fail, as real runtimes do. */
public enum Fault {
    /** It does not. */
    NONE,
    /** A stream begins, then carries {@code data: {"error":…}} and ends without {@code [DONE]}; a plain reply is a 500. */
    ERROR_EVENT,
    /** The connection is reset: of a stream after its first token, of a plain reply before its head. */
    RESET,
    /** Nothing comes any more: of a stream after its role chunk, of a plain reply before its head. */
    STALL,
    /** Status 500 and an error body. */
    STATUS_500
}
