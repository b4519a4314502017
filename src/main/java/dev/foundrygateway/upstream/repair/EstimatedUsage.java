package dev.foundrygateway.upstream.repair;

import dev.foundrygateway.openai.ReplyDocument;
import dev.foundrygateway.openai.TokenEstimate;
import dev.foundrygateway.openai.sse.Usage;
import java.util.function.Consumer;

/**
 * Foundry Local 0.x reports no token counts: where the client asked for them they are estimated at four characters a token, as the workshop does, and
 * marked as an estimate.
 */
final class EstimatedUsage implements EventRepairs.Repair {
    private final long promptCharacters;
    private long characters;
    private boolean told;
    private boolean begun;
    private ReplyDocument like = ReplyDocument.empty();

    /**
     * For one answer.
     *
     * @param promptCharacters how long the prompt's text is
     */
    EstimatedUsage(long promptCharacters) {
        this.promptCharacters = promptCharacters;
    }

    @Override
    public void chunk(ReplyDocument chunk, Consumer<ReplyDocument> next) {
        told |= chunk.usage().known();
        if (chunk.hasChoice()) {
            begun = true;
            like = chunk;
            characters += chunk.text().length();
        }
        next.accept(chunk);
    }

    @Override
    public void end(Consumer<ReplyDocument> next) {
        if (begun && !told) {
            next.accept(like.estimatedUsageChunk(
                    new Usage(TokenEstimate.ofCharacters(promptCharacters), TokenEstimate.ofCharacters(characters))));
        }
    }
}
