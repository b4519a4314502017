package dev.foundrygateway.upstream;

import dev.foundrygateway.openai.sse.EventScanner;
import dev.foundrygateway.openai.sse.Frame;
import dev.foundrygateway.openai.sse.StreamEvent;
import dev.foundrygateway.openai.sse.StreamEvent.Kind;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;

/**
 * What stands behind the last blank line of a stream that has ended: a whole event whose blank line its server left out, or one that was cut.
 *
 * @param frame the event, as the bytes that came; empty if there is none that counts
 * @param cut whether an event had begun and is not whole
 */
record LastEvent(Frame frame, boolean cut) {
    private static final Buffer BLANK_LINE = Buffer.buffer("\n\n");

    /** Reads the rest of a stream. */
    static LastEvent of(Buffer rest, int limit) {
        String text = rest.toString(StandardCharsets.UTF_8).strip();
        if (text.isEmpty() || (text.startsWith(":") && text.indexOf('\n') < 0)) {
            return new LastEvent(Frame.EMPTY, false);
        }
        Frame seen = new EventScanner(limit)
                .feed(Buffer.buffer(rest.length() + 2).appendBuffer(rest).appendBuffer(BLANK_LINE));
        boolean whole = false;
        for (StreamEvent event : seen.events()) {
            if (event.kind() == Kind.OTHER) {
                return new LastEvent(Frame.EMPTY, true);
            }
            whole |= event.kind() != Kind.COMMENT;
        }
        return whole ? new LastEvent(seen.endingAt(rest), false) : new LastEvent(Frame.EMPTY, true);
    }
}
