package dev.foundrygateway.upstream.repair;

import dev.foundrygateway.openai.ReplyDocument;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;

/** Foundry Local 0.x and 1.x call every answer {@code chat.id.1}: each gets an id of its own, the same in all its chunks. */
final class AnswerId implements EventRepairs.Repair {
    private final String id = random("chatcmpl-");

    @Override
    public void chunk(ReplyDocument chunk, Consumer<ReplyDocument> next) {
        chunk.setId(id);
        next.accept(chunk);
    }

    /** A new id: 16 hexadecimal digits behind a prefix, unique enough to tell answers apart and no secret. */
    static String random(String prefix) {
        long digits = ThreadLocalRandom.current().nextLong();
        return prefix + String.format("%016x", digits);
    }
}
