package dev.foundrygateway.openai.sse;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.foundrygateway.openai.json.ByteSearch;
import dev.foundrygateway.openai.json.HeapBytes;
import io.netty.buffer.ByteBuf;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
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

    /**
     * The lines of one event stream: finds where events end and which of their lines are data. Remembers where it is within an event that has not ended;
     * all its positions are relative to that event's first byte, so that the event may have moved in memory until the next call.
     */
    static final class EventLines {
        /** How llama.cpp began the line of an error up to the middle of 2025. */
        private static final byte[] ERROR = "error:".getBytes(UTF_8);

        private final ChunkReader reader = new ChunkReader();
        /** Whether the stream's first line is still to end. */
        private boolean firstLine = true;

        private int searched;
        private int line;
        private int dataLines;
        private boolean errorLine;
        private int dataFrom;
        private int dataTo;

        /** Forgets the event that has begun. */
        void reset() {
            searched = 0;
            line = 0;
            dataLines = 0;
            errorLine = false;
        }

        /**
         * Reads the events that end in these bytes.
         *
         * @param array holds, from {@code from} to {@code to}, the event that had begun at the last call, from its first byte, and what came since
         * @param limit how long one event may get
         * @return the events, places relative to {@code from}; empty if none has ended
         * @throws IllegalStateException when one is longer than the limit
         */
        List<StreamEvent> scan(byte[] array, int from, int to, int limit) {
            List<StreamEvent> events = List.of();
            int event = from;
            int p = from + searched;
            while (true) {
                int end = ByteSearch.lineEnd(array, p, to);
                int next = end + 1;
                if (end < to && array[end] == '\r') {
                    if (next == to) {
                        next = to + 1;
                    } else if (array[next] == '\n') {
                        next++;
                    }
                }
                if (next > to) {
                    searched = Math.min(end, to) - event;
                    checkLength(to - event, limit);
                    return events;
                }
                p = next;
                if (takeLine(array, event, end)) {
                    checkLength(next - event, limit);
                    events = append(events, read(array, event, event - from, next - from));
                    event = next;
                    reset();
                } else {
                    line = next - event;
                }
            }
        }

        /** Takes the line from {@link #line} to {@code end}; whether it is blank. */
        private boolean takeLine(byte[] array, int event, int end) {
            int from = event + line;
            if (firstLine) {
                firstLine = false;
                if (ByteSearch.startsWithBom(array, from, end)) {
                    from += ByteSearch.BOM_LENGTH;
                }
            }
            if (from == end) {
                return true;
            }
            int value = dataValue(array, from, end);
            if (value < 0) {
                errorLine |= array[from] == 'e'
                        && Arrays.equals(array, from, Math.min(end, from + ERROR.length), ERROR, 0, ERROR.length);
            } else if (dataLines++ == 0) {
                dataFrom = value - event;
                dataTo = end - event;
            }
            return false;
        }

        private StreamEvent read(byte[] array, int event, int from, int to) {
            if (dataLines == 0) {
                StreamEvent.Kind kind = errorLine ? StreamEvent.Kind.ERROR : StreamEvent.Kind.COMMENT;
                return new StreamEvent(kind, StreamEvent.Output.NONE, "", Usage.NONE, false, from, to);
            }
            if (dataLines == 1) {
                return reader.read(array, event + dataFrom, event + dataTo, from, to);
            }
            byte[] joined = join(array, event + dataFrom, event + (to - from));
            return reader.read(joined, 0, joined.length, from, to);
        }

        /** The values of the data lines with a line feed between them; {@code from} is where the first begins. */
        private static byte[] join(byte[] array, int from, int to) {
            byte[] joined = new byte[to - from];
            int length = 0;
            int value = from;
            int p = from;
            while (p < to) {
                int end = ByteSearch.lineEnd(array, p, to);
                if (value >= 0) {
                    System.arraycopy(array, value, joined, length, end - value);
                    length += end - value;
                    joined[length++] = '\n';
                }
                p = end + 1;
                if (p < to && array[end] == '\r' && array[p] == '\n') {
                    p++;
                }
                value = dataValue(array, p, ByteSearch.lineEnd(array, p, to));
            }
            return Arrays.copyOf(joined, length - 1);
        }

        /** Where the value of a data line begins; -1 if it is another line. */
        private static int dataValue(byte[] array, int from, int to) {
            if (to - from < 4
                    || array[from] != 'd'
                    || array[from + 1] != 'a'
                    || array[from + 2] != 't'
                    || array[from + 3] != 'a') {
                return -1;
            }
            int p = from + 4;
            if (p == to) {
                return p;
            }
            if (array[p] != ':') {
                return -1;
            }
            p++;
            return p < to && array[p] == ' ' ? p + 1 : p;
        }

        private static void checkLength(int length, int limit) {
            if (length > limit) {
                throw new IllegalStateException("an event of the stream is longer than " + limit + " bytes");
            }
        }

        private static List<StreamEvent> append(List<StreamEvent> events, StreamEvent event) {
            if (events.isEmpty()) {
                return List.of(event);
            }
            if (events.size() > 1) {
                events.add(event);
                return events;
            }
            List<StreamEvent> more = new ArrayList<>();
            more.add(events.get(0));
            more.add(event);
            return more;
        }
    }
}
