package dev.foundrygateway.openai;

import io.vertx.core.buffer.Buffer;

/**
 * Incremental scanner of server-sent events: fed buffers cut anywhere, it gives back whole events as the bytes that came, never changed, and says
 * what each means. Not thread-safe; one per stream.
 *
 * <p>Lines end in LF, CRLF or CR; a blank line ends an event. A lone CR at the end of what has come waits for the next byte, since it may be half
 * of a CRLF.
 *
 * @see <a href="https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation">WHATWG HTML, 9.2.6</a>
 */
public final class EventScanner {
    /**
     * A scanner.
     *
     * @param maxEventBytes how long one event may get
     */
    public EventScanner(int maxEventBytes) {
        throw new UnsupportedOperationException();
    }

    /**
     * Takes the next bytes and gives the events that are whole now.
     *
     * @return all events completed by these bytes as one frame, {@link Frame#EMPTY} if none; when nothing was kept from before and the buffer ends
     *     with an event, its bytes are the very buffer passed in
     * @throws IllegalStateException when an event grows beyond the limit
     */
    public Frame feed(Buffer bytes) {
        throw new UnsupportedOperationException();
    }

    /** The bytes of an event that has begun and not ended; empty if none. For the end of the stream; the scanner is empty afterwards. */
    public Buffer rest() {
        throw new UnsupportedOperationException();
    }
}
