package dev.foundrygateway.upstream.repair;

import dev.foundrygateway.openai.ClosingEdit;
import dev.foundrygateway.openai.ReplyDocument;
import java.util.List;
import java.util.function.Consumer;

/** Foundry Local 1.x ignores {@code stop}: the gateway cuts the text before the first stop string and ends the answer there. */
final class StopStrings implements EventRepairs.Repair {
    private final TextGate gate;
    private final List<String> stops;
    private boolean stopped;

    /**
     * For one answer.
     *
     * @param stops the request's stop strings, none of them empty
     */
    StopStrings(List<String> stops) {
        this.gate = new TextGate(stops);
        this.stops = stops;
    }

    @Override
    public void chunk(ReplyDocument chunk, Consumer<ReplyDocument> next) {
        if (!chunk.hasChoice()) {
            next.accept(chunk);
            return;
        }
        if (stopped) {
            return;
        }
        boolean spoke = !chunk.text().isEmpty();
        String text = gate.feed(chunk.text());
        if (gate.found()) {
            stopped = true;
            chunk.setText(text);
            String from = gate.rest();
            ClosingEdit.stopAt(
                    chunk, stops.stream().filter(from::startsWith).findFirst().orElse(""));
        } else if (!chunk.finishReason().isEmpty()) {
            chunk.setText(text + gate.rest());
        } else {
            chunk.setText(text);
        }
        // A chunk whose text waits is no chunk of its own any more.
        if (!spoke
                || !text.isEmpty()
                || chunk.hasOutput()
                || !chunk.finishReason().isEmpty()) {
            next.accept(chunk);
        }
    }

    @Override
    public boolean complete() {
        return stopped;
    }
}
