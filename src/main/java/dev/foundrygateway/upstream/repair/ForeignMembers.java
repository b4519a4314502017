package dev.foundrygateway.upstream.repair;

import dev.foundrygateway.openai.ReplyDocument;
import java.util.function.Consumer;

/**
 * Foundry Local 0.x and 1.x say everything twice and more than OpenAI's shape holds: such members are dropped, and a missing model name is filled in. They
 * call every answer {@code chat.id.1}: each gets an id of its own, the same in all its chunks.
 */
final class ForeignMembers implements EventRepairs.Repair {
    private final String model;
    private final String id = EventRepairs.newId("chatcmpl-");

    /**
     * For one answer.
     *
     * @param model the model that was asked; empty if the call named none
     */
    ForeignMembers(String model) {
        this.model = model;
    }

    @Override
    public void chunk(ReplyDocument chunk, Consumer<ReplyDocument> next) {
        chunk.dropExtras();
        chunk.setId(id);
        if (chunk.model().isEmpty() && !model.isEmpty()) {
            chunk.setModel(model);
        }
        next.accept(chunk);
    }
}
