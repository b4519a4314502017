package dev.foundrygateway.openai.json;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.buffer.impl.BufferImpl;

/** The way between Vert.x buffers and the arrays behind them, without a copy where there is an array. */
public final class HeapBytes {
    private HeapBytes() {}

    /** A view of the buffer that has an array: the buffer's own memory if that has one, else a copy. */
    public static ByteBuf of(Buffer buffer) {
        if (buffer instanceof BufferImpl vertx && vertx.byteBuf().hasArray()) {
            return vertx.byteBuf();
        }
        return Unpooled.wrappedBuffer(buffer.getBytes());
    }

    /** Where the readable bytes of such a view begin in its array. */
    public static int start(ByteBuf view) {
        return view.arrayOffset() + view.readerIndex();
    }

    /** A buffer over part of an array, which must not be changed afterwards. */
    public static Buffer buffer(byte[] array, int from, int to) {
        return BufferImpl.buffer(Unpooled.wrappedBuffer(array, from, to - from));
    }
}
