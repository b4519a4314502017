package dev.foundrygateway.upstream.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.util.UncheckedBooleanSupplier;
import io.netty.util.concurrent.FastThreadLocal;

/**
 * What connections read into: one buffer of each event loop, again and again while nothing of its last read is held any more, so that it stays in the
 * processor's cache. A pool gives out its buffers in turn, each of them cold. While it is held, reads go into buffers as Netty sizes them by itself.
 * Takes effect where it is set before a connection's first read, so not with TLS, whose handshake is read before. Thread-safe.
 */
public final class ReadBuffers extends AdaptiveRecvByteBufAllocator {
    private static final int BYTES = 65_536;
    /** Reads of one connection before the next one's turn, as Netty has it for every connection. */
    private static final int READS_IN_TURN = 16;

    private final FastThreadLocal<ByteBuf> own = new FastThreadLocal<>();

    public ReadBuffers() {
        maxMessagesPerRead(READS_IN_TURN);
    }

    @Override
    // Deprecated is only what the interface names as the result, in favour of the extended handle that this is.
    @SuppressWarnings("deprecation")
    public Handle newHandle() {
        return new OwnFirst((ExtendedHandle) super.newHandle());
    }

    private final class OwnFirst extends DelegatingHandle implements ExtendedHandle {
        private final ExtendedHandle adaptive;

        OwnFirst(ExtendedHandle adaptive) {
            super(adaptive);
            this.adaptive = adaptive;
        }

        @Override
        public ByteBuf allocate(ByteBufAllocator allocator) {
            ByteBuf buffer = own.getIfExists();
            if (buffer == null) {
                buffer = allocator.directBuffer(BYTES, BYTES);
                own.set(buffer);
            }
            return buffer.refCnt() == 1 ? buffer.clear().retain() : adaptive.allocate(allocator);
        }

        @Override
        public boolean continueReading(UncheckedBooleanSupplier maybeMore) {
            return adaptive.continueReading(maybeMore);
        }
    }
}
