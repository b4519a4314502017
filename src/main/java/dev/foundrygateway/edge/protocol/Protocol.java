package dev.foundrygateway.edge.protocol;

import dev.foundrygateway.exchange.AttachedFiles;
import dev.foundrygateway.openai.ErrorBody;
import io.vertx.core.buffer.Buffer;

/** One way to ask for an answer: how its requests are read, and in which shape its replies and errors are written. Thread-safe. */
public interface Protocol {
    /**
     * Reads a request.
     *
     * @param files gives the text of what it brings along or names
     * @throws dev.foundrygateway.exchange.GatewayException when it is no JSON object, or has a member that has no counterpart in a chat request
     */
    Translation read(Buffer body, AttachedFiles files);

    /** Reads a request whose files don't matter. */
    default Translation read(Buffer body) {
        return read(body, AttachedFiles.UNREAD);
    }

    /** An error as the body of a reply with that status. */
    Buffer error(int status, ErrorBody error, String requestId);

    /** An error as an event of a stream whose head has left, and in which nothing else has come. */
    Buffer errorEvent(int status, ErrorBody error, String requestId);

    /** What a client is sent that waits for the first event, so that nobody takes the connection for dead. */
    Buffer keepAlive();
}
