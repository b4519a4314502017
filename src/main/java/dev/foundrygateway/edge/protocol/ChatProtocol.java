package dev.foundrygateway.edge.protocol;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.foundrygateway.exchange.AttachedFiles;
import dev.foundrygateway.exchange.ChatReply;
import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.openai.ChatRequest;
import dev.foundrygateway.openai.ErrorBody;
import dev.foundrygateway.openai.ErrorCode;
import dev.foundrygateway.openai.json.Trees;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;

/** The pipeline's own language: bytes pass as they are. */
public final class ChatProtocol implements Protocol {
    /** The only one: it has no state. */
    public static final ChatProtocol INSTANCE = new ChatProtocol();

    static final Buffer KEEP_ALIVE = Buffer.buffer(": keep-alive\n\n");

    private ChatProtocol() {}

    @Override
    public Translation read(Buffer body, AttachedFiles files) {
        return new AsItIs(parse(body));
    }

    /** The request's top level, which every protocol needs. */
    static ChatRequest parse(Buffer body) {
        try {
            return ChatRequest.parse(body);
        } catch (IllegalArgumentException invalid) {
            throw invalid(String.valueOf(invalid.getMessage()));
        }
    }

    /** The whole request as a tree, for what is translated. */
    static ObjectNode object(Buffer body) {
        ChatRequest valid = parse(body);
        return Trees.object(valid.bytes().toString(StandardCharsets.UTF_8))
                .orElseThrow(() -> invalid("it can't be read as JSON"));
    }

    static GatewayException invalid(String why) {
        return new GatewayException(ErrorCode.INVALID_JSON, "the request body is not a JSON object: " + why);
    }

    @Override
    public Buffer error(int status, ErrorBody error, String requestId) {
        return error.json();
    }

    @Override
    public Buffer errorEvent(int status, ErrorBody error, String requestId) {
        return error.event();
    }

    @Override
    public Buffer keepAlive() {
        return KEEP_ALIVE;
    }

    private record AsItIs(ChatRequest request) implements Translation {
        @Override
        public ChatReply reply(ChatReply reply, String requestId) {
            return reply;
        }
    }
}
