package dev.foundrygateway.openai;

import dev.foundrygateway.openai.json.HeapBytes;
import dev.foundrygateway.openai.sse.ChunkReader;
import dev.foundrygateway.openai.sse.Frame;
import io.netty.buffer.ByteBuf;
import io.vertx.core.buffer.Buffer;
import java.util.List;

/** Reads a plain JSON reply the way a stream's chunk is read: what it used, how it finished, whether it is an error. */
public final class PlainReply {
    private PlainReply() {}

    /** The reply as a frame with one event, which says what it means; the bytes are the very buffer given. */
    public static Frame frame(Buffer json) {
        ByteBuf view = HeapBytes.of(json);
        int from = HeapBytes.start(view);
        int length = json.length();
        return new Frame(json, List.of(new ChunkReader().read(view.array(), from, from + length, 0, length)));
    }
}
