package dev.foundrygateway.edge.protocol;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.foundrygateway.exchange.AttachedFiles;
import dev.foundrygateway.exchange.ChatReply;
import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.openai.ChatRequest;
import dev.foundrygateway.openai.ErrorBody;
import dev.foundrygateway.openai.json.Trees;
import io.vertx.core.buffer.Buffer;
import java.util.Map;

/** Anthropic's Messages, as its SDKs use them. */
public final class MessagesProtocol implements Protocol {
    static final Buffer PING = Buffer.buffer("event: ping\ndata: {\"type\":\"ping\"}\n\n");

    private final Map<String, String> models;

    /**
     * With these names for our models.
     *
     * @param models fixed names of Messages' clients, and the model of ours that each stands for
     */
    public MessagesProtocol(Map<String, String> models) {
        this.models = Map.copyOf(models);
    }

    @Override
    public Translation read(Buffer body, AttachedFiles files) {
        MessagesRequest.InChat request = MessagesRequest.of(ChatProtocol.object(body), models, files);
        return new Exchange(
                ChatRequest.parse(Trees.bytes(request.chat())),
                request.chat().path("model").asText(),
                request.thinkingHidden());
    }

    /**
     * The chat that a request is, whether or not it sets the limit that an answer needs.
     *
     * @throws dev.foundrygateway.exchange.GatewayException as for {@link #read}
     */
    public ChatRequest chat(Buffer body, AttachedFiles files) {
        return ChatRequest.parse(Trees.bytes(MessagesRequest.counted(ChatProtocol.object(body), models, files)
                .chat()));
    }

    /** Whether a request has something that only Messages has, so that it is no chat: in its members, in its tools or in a message's blocks. */
    public static boolean isIn(Buffer body) {
        return MessagesRequest.isOne(ChatProtocol.object(body));
    }

    /**
     * The answer to {@code POST /v1/messages/count_tokens}: an estimate, since model servers count only what they answer.
     *
     * @throws dev.foundrygateway.exchange.GatewayException as for {@link #read}
     */
    public Buffer countTokens(Buffer body, AttachedFiles files) {
        ObjectNode chat = MessagesRequest.counted(ChatProtocol.object(body), models, files)
                .chat();
        return Buffer.buffer("{\"input_tokens\":" + Texts.tokens(chat) + "}");
    }

    @Override
    public Buffer error(int status, ErrorBody error, String requestId) {
        return Buffer.buffer(AnthropicError.json(status, error, requestId));
    }

    @Override
    public Buffer errorEvent(int status, ErrorBody error, String requestId) {
        return Buffer.buffer(AnthropicError.event(status, error, requestId));
    }

    @Override
    public Buffer keepAlive() {
        return PING;
    }

    private record Exchange(ChatRequest request, String model, boolean thinkingHidden) implements Translation {
        @Override
        public ChatReply reply(ChatReply reply, String requestId) {
            Writing writing = new MessagesWriting(
                    requestId, model, thinkingHidden, reply.served().sources());
            return TranslatedReply.of(reply, writing, MemberNames.MESSAGES);
        }

        @Override
        public GatewayException failure(GatewayException failure) {
            return MemberNames.MESSAGES.of(failure);
        }
    }
}
