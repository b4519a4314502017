package dev.foundrygateway.upstream;

import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.concurrent.FastThreadLocal;

/**
 * What connections read into: one buffer of each event loop, again and again while nothing of its last read is held any more, so that it stays in the
 * processor's cache. A pool gives out its buffers in turn, each of them cold. Everything else comes from the allocator that was there before. Thread-safe.
 */
final class ReadBuffers {
    private static final int BYTES = 65_536;

    private final FastThreadLocal<ByteBuf> own = new FastThreadLocal<>();

    /** An allocator that reads into the event loop's buffer. */
    ByteBufAllocator over(ByteBufAllocator others) {
        return new Allocator(others);
    }

    private final class Allocator extends AbstractByteBufAllocator {
        private final ByteBufAllocator others;

        Allocator(ByteBufAllocator others) {
            super(false);
            this.others = others;
        }

        /** What a read asks for; its size is a guess. */
        @Override
        public ByteBuf ioBuffer(int initialCapacity) {
            ByteBuf buffer = own.getIfExists();
            if (buffer == null) {
                buffer = others.directBuffer(BYTES, BYTES);
                own.set(buffer);
            }
            return buffer.refCnt() == 1 ? buffer.clear().retain() : others.ioBuffer(initialCapacity);
        }

        @Override
        protected ByteBuf newHeapBuffer(int initialCapacity, int maxCapacity) {
            return others.heapBuffer(initialCapacity, maxCapacity);
        }

        @Override
        protected ByteBuf newDirectBuffer(int initialCapacity, int maxCapacity) {
            return others.directBuffer(initialCapacity, maxCapacity);
        }

        @Override
        public boolean isDirectBufferPooled() {
            return others.isDirectBufferPooled();
        }
    }
}
