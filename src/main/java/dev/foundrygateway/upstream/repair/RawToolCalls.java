package dev.foundrygateway.upstream.repair;

import dev.foundrygateway.openai.ReplyDocument;
import dev.foundrygateway.openai.ToolCallText;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Foundry Local hands out tool calls as the model's raw text, in 1.x sometimes beside the proper ones: the text is held from the marker on, and becomes
 * {@code tool_calls} unless the upstream's own come. Text that can't be read as calls leaves as it came.
 */
final class RawToolCalls implements EventRepairs.Repair {
    private final TextGate gate = new TextGate(ToolCallText.MARKERS);
    private final StringBuilder held = new StringBuilder();
    private boolean own;
    private boolean finished;
    private ReplyDocument like = ReplyDocument.empty();

    @Override
    public void chunk(ReplyDocument chunk, Consumer<ReplyDocument> next) {
        if (!chunk.hasChoice()) {
            next.accept(chunk);
            return;
        }
        like = chunk;
        boolean spoke = !chunk.text().isEmpty();
        String text = pass(chunk.text());
        if (chunk.hasToolCalls()) {
            own = true;
        }
        boolean last = !chunk.finishReason().isEmpty();
        chunk.setText(last ? text + gate.rest() : text);
        if (last) {
            finished = true;
            release(chunk);
        }
        if (!spoke || last || chunk.hasOutput()) {
            next.accept(chunk);
        }
    }

    /** What of the text goes out now. */
    private String pass(String text) {
        if (gate.found()) {
            held.append(text);
            return "";
        }
        String open = gate.feed(text);
        if (gate.found()) {
            held.append(gate.rest());
        }
        return open;
    }

    /** Puts what was held into the answer's last chunk. */
    private void release(ReplyDocument chunk) {
        if (held.length() == 0 || own) {
            return;
        }
        Optional<ToolCallText> read = ToolCallText.read(held.toString(), () -> EventRepairs.newId("call_"));
        if (read.isPresent()) {
            chunk.setText(chunk.text() + read.get().rest());
            chunk.setToolCalls(read.get().calls());
            chunk.setFinishReason("tool_calls");
        } else {
            chunk.setText(chunk.text() + held);
        }
    }

    @Override
    public void end(Consumer<ReplyDocument> next) {
        String waiting = gate.rest();
        if (!finished && (held.length() > 0 || !waiting.isEmpty())) {
            ReplyDocument chunk = like.emptyChunk();
            chunk.setText(waiting);
            release(chunk);
            next.accept(chunk);
        }
    }
}
