package dev.foundrygateway.exchange;

import io.smallrye.mutiny.Uni;

/** One exchange with whatever answers. */
@FunctionalInterface
public interface ChatService {
    /**
     * Sends the call when subscribed to, once per subscription.
     *
     * @return the reply, as late as its first token where it streams; fails with {@link GatewayException}; cancelling it, before or after the reply,
     *     resets the upstream call
     */
    Uni<ChatReply> send(Call call);
}
