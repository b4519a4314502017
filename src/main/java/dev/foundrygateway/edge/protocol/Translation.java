package dev.foundrygateway.edge.protocol;

import dev.foundrygateway.exchange.ChatReply;
import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.openai.ChatRequest;

/** One exchange in another language than the pipeline's. Used once. */
public interface Translation {
    /** The request as the pipeline takes it. */
    ChatRequest request();

    /**
     * The pipeline's reply as its client understands it: a plain answer, a stream or an error.
     *
     * @param requestId the request's id
     */
    ChatReply reply(ChatReply reply, String requestId);

    /** What failed in the pipeline, told with the names of the client's own request. */
    default GatewayException failure(GatewayException failure) {
        return failure;
    }
}
