package dev.foundrygateway.access;

import dev.foundrygateway.exchange.Call;
import dev.foundrygateway.exchange.ChatFilter;
import dev.foundrygateway.exchange.ChatReply;
import dev.foundrygateway.exchange.ChatService;
import dev.foundrygateway.exchange.NanoClock;
import dev.foundrygateway.exchange.Payload;
import dev.foundrygateway.openai.sse.Frame;
import dev.foundrygateway.openai.sse.StreamEvent;
import dev.foundrygateway.openai.sse.Usage;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.Optional;

/**
 * Charges an answer's tokens to the key that asked for it, when the answer ends: before, nobody knows how many they are. A key that has used more than its
 * minute's worth waits until that is made good. Only in the pipeline where a key's tokens are limited.
 */
@Singleton
public class TokenCharge implements ChatFilter {
    /** Of English text, for a prompt whose tokens nobody has counted since the client left. */
    private static final int CHARACTERS_PER_TOKEN = 4;

    private final ApiKeys keys;
    private final NanoClock clock;

    TokenCharge(ApiKeys keys, NanoClock clock) {
        this.keys = keys;
        this.clock = clock;
    }

    @Override
    public Uni<ChatReply> apply(Call call, ChatService next) {
        Optional<KeyAccount> account =
                keys.named(call.caller().key()).filter(one -> one.tokens().limited());
        if (account.isEmpty()) {
            return next.send(call);
        }
        Rate tokens = account.get().tokens();
        return next.send(call).onItem().transform(reply -> {
            Count count = new Count();
            return reply.withBody(reply.body()
                    .onItem()
                    .invoke(count::add)
                    .onTermination()
                    .invoke(() -> {
                        if (reply.status() < 400) {
                            tokens.charge(count.total(call), clock.nanos());
                        }
                    }));
        });
    }

    /** What one answer has told of its tokens so far. Confined to its event loop. */
    private static final class Count {
        private Usage usage = Usage.NONE;
        private long pieces;

        void add(Frame frame) {
            for (StreamEvent event : frame.events()) {
                if (event.usage().known()) {
                    usage = event.usage();
                }
                if (event.token()) {
                    pieces++;
                }
            }
        }

        long total(Call call) {
            return usage.known()
                    ? usage.promptTokens() + usage.completionTokens()
                    : pieces + prompt(call).length() / CHARACTERS_PER_TOKEN;
        }

        private static String prompt(Call call) {
            return call.payload() instanceof Payload.Json json ? json.request().lastUserText() : "";
        }
    }
}
