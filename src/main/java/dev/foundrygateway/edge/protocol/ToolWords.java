package dev.foundrygateway.edge.protocol;

import dev.foundrygateway.exchange.ChatReply;
import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.openai.ChatRequest;

/** A chat that speaks of tools in words that OpenAI's own servers alone know: asked in the words of function tools, and answered in its own. */
public sealed interface ToolWords permits CustomChat, LegacyChat {
    /** Whether a chat may be one: a look at the names of its members and at the text of its tools. */
    static boolean concerns(ChatRequest request) {
        return CustomChat.concerns(request) || LegacyChat.concerns(request);
    }

    /**
     * Reads a chat.
     *
     * @throws GatewayException when it can't be said in function tools; the error names the member
     */
    static ToolWords of(ChatRequest request) {
        return LegacyChat.concerns(request) ? LegacyChat.of(request) : CustomChat.of(request);
    }

    /** The chat in function tools. */
    ChatRequest request();

    /** Its reply in the words that it was asked in. */
    ChatReply reply(ChatReply reply);
}
