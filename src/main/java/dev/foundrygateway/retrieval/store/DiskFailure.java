package dev.foundrygateway.retrieval.store;

import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.openai.ErrorCode;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NotDirectoryException;
import java.time.Duration;
import org.jboss.logging.Logger;

/** What a disk that fails means to a client. */
final class DiskFailure {
    private static final Logger LOG = Logger.getLogger(DiskFailure.class);
    private static final Duration AGAIN = Duration.ofSeconds(30);

    private DiskFailure() {}

    /**
     * What a failed write or read means to the client, its cause in the log: 507 where the disk is full, 503 where the gateway may not write, else 500.
     *
     * @param what a sentence's beginning, such as "the file was not stored"
     */
    static GatewayException of(String what, IOException cause) {
        LOG.errorf(cause, "%s", what);
        String message = String.valueOf(cause.getMessage());
        if (isFull(cause)) {
            return new GatewayException(
                    ErrorCode.INSUFFICIENT_STORAGE,
                    what
                            + ": no space is left in gateway.retrieval.directory; nothing that was acknowledged is lost. Delete files that are not needed");
        }
        if (cause instanceof AccessDeniedException
                || cause instanceof NotDirectoryException
                || message.contains("Not a directory")
                || message.contains("Read-only file system")
                || message.contains("Permission denied")) {
            return new GatewayException(
                    ErrorCode.RETRIEVAL_UNAVAILABLE,
                    what + ": gateway.retrieval.directory cannot be written; the gateway's log says why",
                    "",
                    AGAIN);
        }
        return new GatewayException(ErrorCode.INTERNAL_ERROR, what + ": the disk failed; the gateway's log says more");
    }

    static boolean isFull(IOException cause) {
        String message = String.valueOf(cause.getMessage());
        return message.contains("No space left")
                || message.contains("not enough space")
                || message.contains("quota exceeded");
    }
}
