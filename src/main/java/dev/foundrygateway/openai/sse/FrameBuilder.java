package dev.foundrygateway.openai.sse;

import dev.foundrygateway.openai.ErrorBody;
import dev.foundrygateway.openai.ReplyDocument;
import dev.foundrygateway.openai.json.HeapBytes;
import io.netty.buffer.ByteBuf;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;

/** Puts a stream's frame together from events that came and events that are made here. Used once; not thread-safe. */
public final class FrameBuilder {
    private final Buffer bytes = Buffer.buffer();
    private final List<StreamEvent> events = new ArrayList<>();

    public FrameBuilder add(Frame source, StreamEvent event) {
        return add(source.bytes().slice(event.from(), event.to()), event);
    }

    public FrameBuilder add(ReplyDocument chunk) {
        StreamEvent event = read(chunk.event());
        return add(chunk.event(), chunk.usageEstimated() ? event.withoutUsage() : event);
    }

    public FrameBuilder add(ErrorBody error) {
        return add(error.event(), read(error.event()));
    }

    /** The event that ends an answer. */
    public FrameBuilder done() {
        Buffer done = Buffer.buffer("data: [DONE]\n\n");
        return add(done, read(done));
    }

    /** What was put together. */
    public Frame frame() {
        return new Frame(bytes, events);
    }

    private FrameBuilder add(Buffer event, StreamEvent meaning) {
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
