package dev.foundrygateway.openai;

import io.vertx.core.buffer.Buffer;
import java.util.List;

/**
 * A piece of a reply's body: in a stream one or more whole server-sent events, as the bytes that came; in a plain reply any piece, without events.
 *
 * @param bytes the bytes; must not be changed; may be empty
 * @param events the events in them, in order, together covering all of {@code bytes}; empty for a plain reply
 */
public record Frame(Buffer bytes, List<StreamEvent> events) {
    /** A frame with nothing in it. */
    public static final Frame EMPTY = new Frame(Buffer.buffer(), List.of());

    /** A piece of a plain reply. */
    public static Frame plain(Buffer bytes) {
        return new Frame(bytes, List.of());
    }

    /** Whether one of its events carries output. */
    public boolean hasToken() {
        for (int i = 0; i < events.size(); i++) {
            if (events.get(i).token()) {
                return true;
            }
        }
        return false;
    }
}
