package dev.foundrygateway.upstream.repair;

import dev.foundrygateway.openai.ReplyDocument;
import dev.foundrygateway.openai.sse.Usage;
import java.util.function.Consumer;

/** Foundry Local 1.x puts a running total into every chunk: the last one counts, told once, at the end. */
final class UsageOnce implements EventRepairs.Repair {
    private Usage last = Usage.NONE;
    private ReplyDocument like = ReplyDocument.empty();

    @Override
    public void chunk(ReplyDocument chunk, Consumer<ReplyDocument> next) {
        if (chunk.usage().known()) {
            last = chunk.usage();
        }
        like = chunk;
        if (!chunk.usageOnly()) {
            chunk.dropUsage();
            next.accept(chunk);
        }
    }

    @Override
    public void end(Consumer<ReplyDocument> next) {
        if (last.known()) {
            next.accept(like.usageChunk(last));
        }
    }
}
