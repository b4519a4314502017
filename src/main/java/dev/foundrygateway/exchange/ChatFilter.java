package dev.foundrygateway.exchange;

import io.smallrye.mutiny.Uni;

/** One stage around a {@link ChatService}. */
@FunctionalInterface
public interface ChatFilter {
    /** Answers the call, as a rule by way of {@code next}. */
    Uni<ChatReply> apply(Call call, ChatService next);

    /** The service that this filter makes of another. */
    default ChatService around(ChatService next) {
        return call -> apply(call, next);
    }
}
