package dev.foundrygateway.edge.protocol;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.foundrygateway.exchange.AttachedFiles;
import dev.foundrygateway.exchange.ChatReply;
import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.openai.ChatRequest;
import dev.foundrygateway.openai.ErrorBody;
import dev.foundrygateway.openai.json.Trees;
import dev.foundrygateway.responses.ResponseIds;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;

/** OpenAI's Responses, as its SDKs use them. */
public final class ResponsesProtocol implements Protocol {
    private static final String NO_ID = ResponseIds.of(0, "0".repeat(24));

    private final LongSupplier seconds;

    /**
     * With that clock.
     *
     * @param seconds the time now, since 1970
     */
    public ResponsesProtocol(LongSupplier seconds) {
        this.seconds = seconds;
    }

    /** Reads a request that goes on from nothing, and whose response isn't kept. */
    @Override
    public Translation read(Buffer body, AttachedFiles files) {
        return read(body, Earlier.NONE, files, new ResponseKeeping(NO_ID, Optional.empty(), Optional.empty()));
    }

    /**
     * Reads a request.
     *
     * @param earlier what {@link #references} names, as far as there is something
     * @param files gives the text of what it brings along or names
     * @throws dev.foundrygateway.exchange.GatewayException when it can't be translated
     */
    public Translation read(Buffer body, Earlier earlier, AttachedFiles files, ResponseKeeping keeping) {
        ObjectNode request = ChatProtocol.object(body);
        ResponsesRequest.InChat chat = ResponsesRequest.of(request, earlier, files, keeping.id());
        ChatRequest inChat = ChatRequest.parse(Trees.bytes(chat.chat()));
        return new Exchange(inChat, new ResponseEvents.Asked(request, chat, keeping), seconds);
    }

    /** The ids of what is kept here and a request builds on: its conversation, the response that it goes on from, those that it has items of. */
    public static Set<String> references(Buffer body) {
        return ResponseInput.references(ChatProtocol.object(body));
    }

    /**
     * The answer to {@code POST /v1/responses/input_tokens}: the estimate that Messages' count is, too. It needs no model.
     *
     * @param earlier what {@link #references} names, as far as there is something
     * @throws dev.foundrygateway.exchange.GatewayException as for {@link #read}
     */
    public static Buffer countTokens(Buffer body, Earlier earlier, AttachedFiles files) {
        ObjectNode request = ChatProtocol.object(body);
        if (!request.hasNonNull("model")) {
            request.put("model", "any");
        }
        long count =
                Texts.tokens(ResponsesRequest.of(request, earlier, files, NO_ID).chat());
        return Buffer.buffer("{\"object\":\"response.input_tokens\",\"input_tokens\":" + count + "}");
    }

    @Override
    public Buffer error(int status, ErrorBody error, String requestId) {
        return error.json();
    }

    @Override
    public Buffer errorEvent(int status, ErrorBody error, String requestId) {
        return ResponseEvents.error(error);
    }

    @Override
    public Buffer keepAlive() {
        return ChatProtocol.KEEP_ALIVE;
    }

    private record Exchange(ChatRequest request, ResponseEvents.Asked asked, LongSupplier seconds)
            implements Translation {
        @Override
        public ChatReply reply(ChatReply reply, String requestId) {
            return TranslatedReply.of(reply, new ResponseEvents(asked, reply.served(), seconds), MemberNames.RESPONSES);
        }

        @Override
        public GatewayException failure(GatewayException failure) {
            return MemberNames.RESPONSES.of(failure);
        }
    }
}
