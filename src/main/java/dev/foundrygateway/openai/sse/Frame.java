package dev.foundrygateway.openai.sse;

import dev.foundrygateway.openai.ErrorBody;
import dev.foundrygateway.openai.ReplyDocument;
import dev.foundrygateway.openai.json.HeapBytes;
import io.netty.buffer.ByteBuf;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * A piece of a reply's body: in a stream one or more whole server-sent events, as the bytes that came; in a plain reply any piece, without events.
 *
 * @param bytes the bytes; must not be changed; may be empty
 * @param events the events in them, in order, together covering all of {@code bytes}; empty for a plain reply
 */
public record Frame(Buffer bytes, List<StreamEvent> events) {
    public static final Frame EMPTY = new Frame(Buffer.buffer(), List.of());

    /** A piece of a plain reply. */
    public static Frame plain(Buffer bytes) {
        return new Frame(bytes, List.of());
    }

    /** A whole JSON reply, with one event that says what it means the way a stream's chunk does: what it used, how it finished, whether it is an error. */
    public static Frame answer(Buffer json) {
        ByteBuf view = HeapBytes.of(json);
        int from = HeapBytes.start(view);
        int length = json.length();
        return new Frame(json, List.of(new ChunkReader().read(view.array(), from, from + length, 0, length)));
    }

    /** Appends the bytes to that buffer; they stay as they are. */
    public void writeTo(ByteBuf out) {
        ByteBuf view = HeapBytes.of(bytes);
        out.writeBytes(view, view.readerIndex(), view.readableBytes());
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

    public Frame join(Frame next) {
        if (bytes.length() == 0 && events.isEmpty()) {
            return next;
        }
        int shift = bytes.length();
        List<StreamEvent> all = new ArrayList<>(events.size() + next.events.size());
        all.addAll(events);
        for (StreamEvent event : next.events) {
            all.add(event.at(event.from() + shift, event.to() + shift));
        }
        return new Frame(
                Buffer.buffer(shift + next.bytes.length()).appendBuffer(bytes).appendBuffer(next.bytes), all);
    }

    /** All of them as one, in order. */
    public static Frame join(List<Frame> frames) {
        Buffer bytes = Buffer.buffer();
        List<StreamEvent> events = new ArrayList<>();
        for (Frame frame : frames) {
            int shift = bytes.length();
            for (StreamEvent event : frame.events) {
                events.add(event.at(event.from() + shift, event.to() + shift));
            }
            bytes.appendBuffer(frame.bytes);
        }
        return new Frame(bytes, events);
    }

    /** The first events of this frame, so many of them. */
    public Frame first(int count) {
        return count == 0
                ? EMPTY
                : new Frame(bytes.slice(0, events.get(count - 1).to()), List.copyOf(events.subList(0, count)));
    }

    /** This frame without the bytes of some events. The events stay in the list, as empty ranges: they were seen, and are not sent. */
    public Frame withhold(Predicate<StreamEvent> withheld) {
        Buffer kept = Buffer.buffer(bytes.length());
        List<StreamEvent> all = new ArrayList<>(events.size());
        for (StreamEvent event : events) {
            int from = kept.length();
            if (!withheld.test(event)) {
                kept.appendBuffer(bytes.slice(event.from(), event.to()));
            }
            all.add(event.at(from, kept.length()));
        }
        return new Frame(kept, all);
    }

    /** The same events over bytes that end earlier than these: an end of stream that came without its blank line. */
    public Frame endingAt(Buffer shorter) {
        List<StreamEvent> all = new ArrayList<>(events.size());
        for (StreamEvent event : events) {
            all.add(event.at(Math.min(event.from(), shorter.length()), Math.min(event.to(), shorter.length())));
        }
        return new Frame(shorter, all);
    }

    /** Puts a stream's frame together from events that came and events that are made here. Used once; not thread-safe. */
    public static final class Builder {
        private final Buffer bytes = Buffer.buffer();
        private final List<StreamEvent> events = new ArrayList<>();

        public Builder add(Frame source, StreamEvent event) {
            return add(source.bytes().slice(event.from(), event.to()), event);
        }

        public Builder add(ReplyDocument chunk) {
            StreamEvent event = read(chunk.event());
            return add(chunk.event(), chunk.usageEstimated() ? event.withoutUsage() : event);
        }

        public Builder add(ErrorBody error) {
            return add(error.event(), read(error.event()));
        }

        /** The event that ends an answer. */
        public Builder done() {
            Buffer done = Buffer.buffer("data: [DONE]\n\n");
            return add(done, read(done));
        }

        /** What was put together. */
        public Frame frame() {
            return new Frame(bytes, events);
        }

        private Builder add(Buffer event, StreamEvent meaning) {
            int from = bytes.length();
            bytes.appendBuffer(event);
            events.add(meaning.at(from, bytes.length()));
            return this;
        }

        private static StreamEvent read(Buffer event) {
            ByteBuf view = HeapBytes.of(event);
            int start = HeapBytes.start(view);
            int length = event.length();
            return new ChunkReader().read(view.array(), start + "data: ".length(), start + length - 2, 0, length);
        }
    }
}
