package dev.foundrygateway.upstream.repair;

import dev.foundrygateway.openai.ChunkEdit;
import java.util.List;
import java.util.function.Consumer;

/** The repairs of one streamed answer in a row: what one hands on, the next takes. Confined to the exchange's event loop. */
public final class EventRepairs {
    /** None: every event passes as it came. Shared by all answers, so it must stay without state. */
    public static final EventRepairs NONE = new EventRepairs(List.of());

    private final List<EventRepair> row;
    private boolean ended;

    EventRepairs(List<EventRepair> row) {
        this.row = row;
    }

    boolean isEmpty() {
        return row.isEmpty();
    }

    /** Takes the next chunk; {@code out} gets what leaves. */
    public void chunk(ChunkEdit chunk, Consumer<ChunkEdit> out) {
        if (!ended) {
            from(0, out).accept(chunk);
        }
    }

    /** The answer ended, by {@code [DONE]}, with the body or because it is complete. A second time does nothing. */
    public void end(Consumer<ChunkEdit> out) {
        if (!ended && !row.isEmpty()) {
            ended = true;
            for (int i = 0; i < row.size(); i++) {
                row.get(i).end(from(i + 1, out));
            }
        }
    }

    /** Whether the answer is whole although the upstream goes on. */
    public boolean complete() {
        for (int i = 0; i < row.size(); i++) {
            if (row.get(i).complete()) {
                return true;
            }
        }
        return false;
    }

    private Consumer<ChunkEdit> from(int index, Consumer<ChunkEdit> out) {
        if (index == row.size()) {
            return out;
        }
        Consumer<ChunkEdit> next = from(index + 1, out);
        return chunk -> row.get(index).chunk(chunk, next);
    }
}
