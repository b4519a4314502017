package dev.foundrygateway.openai.sse;

import dev.foundrygateway.openai.json.HeapBytes;
import io.netty.buffer.ByteBuf;
import io.vertx.core.buffer.Buffer;
import java.util.Arrays;
import java.util.List;

/**
 * Incremental scanner of server-sent events: fed buffers cut anywhere, it gives back whole events as the bytes that came, never changed, and says
 * what each means. Not thread-safe; one per stream.
 *
 * <p>Lines end in LF, CRLF or CR; a blank line ends an event. A lone CR at the end of what has come waits for the next byte, since it may be half
 * of a CRLF. A byte order mark before the first line is no part of that line, but stays in the bytes.
 *
 * <p>An event that is not whole yet is kept, and what was searched of it is not searched again: the cost is linear in the bytes, however they are cut.
 *
 * @see <a href="https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation">WHATWG HTML, 9.2.6</a>
 */
public final class EventScanner {
    private static final byte[] NOTHING = new byte[0];

    private final int maxEventBytes;
    private final EventLines lines = new EventLines();
    private byte[] kept = NOTHING;
    private int keptLength;

    /**
     * A scanner.
     *
     * @param maxEventBytes how long one event may get
     */
    public EventScanner(int maxEventBytes) {
        this.maxEventBytes = maxEventBytes;
    }

    /**
     * Takes the next bytes and gives the events that are whole now.
     *
     * @return all events completed by these bytes as one frame, {@link Frame#EMPTY} if none; when nothing was kept from before and the buffer ends
     *     with an event, its bytes are the very buffer passed in
     * @throws IllegalStateException when an event grows beyond the limit; the scanner is of no use afterwards
     */
    public Frame feed(Buffer bytes) {
        ByteBuf view = HeapBytes.of(bytes);
        int from = HeapBytes.start(view);
        int length = view.readableBytes();
        if (keptLength == 0) {
            return scanFresh(bytes, view.array(), from, from + length);
        }
        keep(view.array(), from, length);
        return scanKept();
    }

    /** The bytes of an event that has begun and not ended; empty if none. For the end of the stream; the scanner is empty afterwards. */
    public Buffer rest() {
        Buffer rest = keptLength == 0 ? Buffer.buffer() : HeapBytes.buffer(kept, 0, keptLength);
        kept = NOTHING;
        keptLength = 0;
        lines.reset();
        return rest;
    }

    private Frame scanFresh(Buffer bytes, byte[] array, int from, int to) {
        List<StreamEvent> events = lines.scan(array, from, to, maxEventBytes);
        int end = events.isEmpty() ? from : from + events.get(events.size() - 1).to();
        if (end < to) {
            keep(array, end, to - end);
        }
        if (events.isEmpty()) {
            return Frame.EMPTY;
        }
        return new Frame(end == to ? bytes : HeapBytes.buffer(array, from, end), events);
    }

    private Frame scanKept() {
        List<StreamEvent> events = lines.scan(kept, 0, keptLength, maxEventBytes);
        if (events.isEmpty()) {
            return Frame.EMPTY;
        }
        byte[] whole = kept;
        int end = events.get(events.size() - 1).to();
        int left = keptLength - end;
        kept = NOTHING;
        keptLength = 0;
        if (left > 0) {
            keep(whole, end, left);
        }
        return new Frame(HeapBytes.buffer(whole, 0, end), events);
    }

    private void keep(byte[] array, int from, int length) {
        int needed = Math.addExact(keptLength, length);
        if (needed > kept.length) {
            kept = Arrays.copyOf(kept, (int) Math.max(needed, Math.min(2L * kept.length, Integer.MAX_VALUE - 8)));
        }
        System.arraycopy(array, from, kept, keptLength, length);
        keptLength = needed;
    }
}
