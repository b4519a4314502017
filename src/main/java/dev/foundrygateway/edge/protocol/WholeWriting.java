package dev.foundrygateway.edge.protocol;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.foundrygateway.openai.ErrorBody;
import io.vertx.core.buffer.Buffer;

/** Writes one chat answer that is no stream in a protocol. Used once; confined to its exchange. */
interface WholeWriting {
    /** A whole answer. */
    ObjectNode whole(ChatDelta answer);

    /** An error as a body. */
    Buffer error(int status, ErrorBody error);
}
