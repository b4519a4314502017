package dev.foundrygateway.retrieval.read;

/** A file that gives no text: of a kind that is not read, damaged, or unfolding beyond the limit. The message is for the client. */
public final class UnreadableFileException extends Exception {
    private static final long serialVersionUID = 1L;

    /** A file that cannot be read; the message says why, for the client. */
    public UnreadableFileException(String message) {
        super(message);
    }
}
