package dev.foundrygateway.exchange;

import dev.foundrygateway.openai.sse.Frame;
import dev.foundrygateway.openai.sse.StreamEvent;
import dev.foundrygateway.openai.sse.StreamEvent.Kind;
import dev.foundrygateway.openai.sse.Usage;
import java.util.OptionalLong;

/** What has passed of one body: counted once, for all that want to know. Confined to the exchange's event loop. */
public final class Tally {
    private final NanoClock clock;
    private boolean begun;
    private long firstFrame;
    private long firstToken;
    private long pieces;
    private boolean erred;
    private String finishReason = "";
    private Usage usage = Usage.NONE;

    /** Of a body of which nothing has passed. */
    public Tally(NanoClock clock) {
        this.clock = clock;
    }

    /**
     * Counts a frame.
     *
     * @return whether it brought the first token
     */
    public boolean add(Frame frame) {
        if (!begun) {
            begun = true;
            firstFrame = clock.nanos();
        }
        long before = pieces;
        for (int i = 0; i < frame.events().size(); i++) {
            StreamEvent event = frame.events().get(i);
            if (event.token() && pieces++ == 0) {
                firstToken = clock.nanos();
            }
            // The last one counts: Foundry Local 1.x sends a running total in every chunk.
            if (event.usage().known()) {
                usage = event.usage();
            }
            if (!event.finishReason().isEmpty()) {
                finishReason = event.finishReason();
            }
            erred |= event.kind() == Kind.ERROR;
        }
        return before == 0 && pieces > 0;
    }

    /** Counts answers of which no frame came here. */
    void spent(Usage more) {
        if (more.known()) {
            usage = usage.plus(more);
        }
    }

    /** When the first frame passed, on the clock. */
    public OptionalLong firstFrame() {
        return begun ? OptionalLong.of(firstFrame) : OptionalLong.empty();
    }

    /** When the first token passed, on the clock. */
    public OptionalLong firstToken() {
        return pieces > 0 ? OptionalLong.of(firstToken) : OptionalLong.empty();
    }

    /** How many events with output passed: about as many as tokens. */
    public long pieces() {
        return pieces;
    }

    /** The tokens as the model server counted them; {@link Usage#NONE} if it has not told. */
    public Usage usage() {
        return usage;
    }

    /** Why the model ended; empty if it has not told. */
    public String finishReason() {
        return finishReason;
    }

    /** Whether an error event passed. */
    public boolean erred() {
        return erred;
    }
}
