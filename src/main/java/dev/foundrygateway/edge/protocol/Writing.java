package dev.foundrygateway.edge.protocol;

import dev.foundrygateway.openai.ErrorBody;
import io.vertx.core.buffer.Buffer;

/** Writes one chat answer in a protocol: whole, or piece by piece as events. Used once; confined to its exchange. */
interface Writing extends WholeWriting {
    /** The events that one chunk makes; may be empty. */
    String chunk(ChatDelta chunk);

    /** The events that end the stream. */
    String end();

    /** The events that break it off. */
    String failure(int status, ErrorBody error);

    /** What a comment of the gateway's becomes: it keeps the connection alive. */
    Buffer keepAlive();
}
