package dev.foundrygateway.upstream.repair;

import dev.foundrygateway.openai.ReplyDocument;
import dev.foundrygateway.openai.sse.Usage;
import java.util.function.Consumer;

/**
 * Cuts an answer's further tool calls off where the request says {@code "parallel_tool_calls":false}: the first one is made, and the model may ask for the next when it has its result.
 * Stands behind {@link ProperCalls}, which numbers them.
 */
final class OneCall implements EventRepairs.Repair {
    @Override
    public void chunk(ReplyDocument chunk, Consumer<ReplyDocument> next) {
        if (!chunk.hasToolCalls()
                || !chunk.keepFirstCall()
                || chunk.hasOutput()
                || chunk.hasRole()
                || !chunk.finishReason().isEmpty()
                || !chunk.usage().equals(Usage.NONE)) {
            next.accept(chunk);
        }
    }
}
