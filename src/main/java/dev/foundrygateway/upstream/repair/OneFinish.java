package dev.foundrygateway.upstream.repair;

import dev.foundrygateway.openai.ReplyDocument;
import java.util.function.Consumer;

/** An answer finishes once: 1.x's second finish chunk behind tool calls is dropped, and where 0.x gives no finish reason at all one is supplied. */
final class OneFinish implements EventRepairs.Repair {
    private final boolean supplied;
    private boolean finished;
    private boolean calledTools;
    private boolean begun;
    private ReplyDocument like = ReplyDocument.empty();

    /**
     * For one answer.
     *
     * @param supplied whether a missing finish reason is supplied; where false, an answer without one is cut short
     */
    OneFinish(boolean supplied) {
        this.supplied = supplied;
    }

    @Override
    public void chunk(ReplyDocument chunk, Consumer<ReplyDocument> next) {
        if (chunk.hasChoice()) {
            if (finished && !chunk.hasOutput()) {
                return;
            }
            begun = true;
            like = chunk;
            calledTools |= chunk.hasToolCalls();
            finished |= !chunk.finishReason().isEmpty();
        }
        next.accept(chunk);
    }

    @Override
    public void end(Consumer<ReplyDocument> next) {
        if (supplied && begun && !finished) {
            finished = true;
            ReplyDocument finish = like.emptyChunk();
            finish.setFinishReason(calledTools ? "tool_calls" : "stop");
            next.accept(finish);
        }
    }
}
