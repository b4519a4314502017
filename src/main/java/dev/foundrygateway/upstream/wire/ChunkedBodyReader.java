package dev.foundrygateway.upstream.wire;

import dev.foundrygateway.openai.json.HeapBytes;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.handler.codec.CorruptedFrameException;
import io.netty.handler.codec.http.HttpClientCodec;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.ConnectionBase;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the chunks of a model server's stream before the HTTP client's own decoder: what one read brings is one piece, by the shortest way, where the
 * decoder makes an object of every chunk and hands each through a dozen layers. The head, the trailers and the end stay the decoder's, and so does a stream
 * whose head came in several reads. One for a connection, confined to its event loop.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9112#section-7.1">RFC 9112, 7.1</a>
 */
public final class ChunkedBodyReader extends ChannelInboundHandlerAdapter {
    private static final int HEAD_END = '\r' << 24 | '\n' << 16 | '\r' << 8 | '\n';
    private static final int SYSTEM_BYTES = 262_144;
    private static final byte[] LAST_CHUNK = "0\r\n".getBytes(StandardCharsets.US_ASCII);

    private final ReadBuffers buffers;
    private int reads;
    private int exchange;
    /** Whether a reply is awaited or coming; what comes at another time is nobody's. */
    private boolean open = true;

    /** Whether the decoder has kept a part of what it got: it reads that with what comes next, out of a buffer that is not seen here. */
    private boolean kept;
    /** Whether it has done so since the exchange began: then nobody can tell what stands behind its reply. */
    private boolean blind;

    private boolean passed;
    private @Nullable Channel channel;
    /** What the decoder is at. */
    private @Nullable ByteBuf passing;
    /** What came with the head. */
    private @Nullable ByteBuf first;
    /** Whether the chunks are read here; else the decoder reads. */
    private boolean taking;
    /** Who gets what they hold; nobody, if it has gone: then only their end is looked for, which the decoder must be told. */
    private @Nullable Consumer<Buffer> reader;

    private ChunkDecoder chunks = new ChunkDecoder();

    ChunkedBodyReader(ReadBuffers buffers) {
        this.buffers = buffers;
    }

    /** Puts one before the decoder of a new connection. */
    public static void install(HttpConnection connection, ReadBuffers buffers) {
        if (connection instanceof ConnectionBase base) {
            ChannelHandlerContext decoder = base.channel().pipeline().context(HttpClientCodec.class);
            if (decoder != null) {
                base.channel().pipeline().addBefore(decoder.name(), null, new ChunkedBodyReader(buffers));
            }
        }
    }

    /** The one of that connection; empty for a connection of another make. */
    static Optional<ChunkedBodyReader> of(HttpConnection connection) {
        return connection instanceof ConnectionBase base
                ? Optional.ofNullable(base.channel().pipeline().get(ChunkedBodyReader.class))
                : Optional.empty();
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        channel = context.channel();
        ChannelConfig config = context.channel().config();
        config.setRecvByteBufAllocator(buffers);
        // What the system takes before it stops the model server. Netty's epoll reads all of that, however slow the
        // client is, once the server has closed the connection.
        config.setOption(ChannelOption.SO_RCVBUF, SYSTEM_BYTES);
    }

    /**
     * A request is about to be sent: the next read is the beginning of its reply.
     *
     * @return which exchange of the connection it is
     */
    int expect() {
        pass();
        reads = 0;
        open = true;
        kept = false;
        blind = false;
        return ++exchange;
    }

    /** The exchange has ended. What came behind its reply, and what comes before the next call, must not become the head of the next reply. */
    void ended(int which) {
        if (which != exchange) {
            // Held up by a slow reader: the connection is another's already.
            return;
        }
        open = false;
        ByteBuf read = passing;
        if (channel != null && (blind || (read != null && read.isReadable()))) {
            ChannelFuture unused = channel.close();
        }
    }

    /**
     * Asks for the chunks of the body whose head the decoder has just told. Nothing comes if that can't be: then all goes on through the decoder.
     *
     * @param owner gets what the chunks of one read hold, each time a buffer of its own; never the last chunk's end, which the decoder tells
     */
    void engage(Consumer<Buffer> owner) {
        ByteBuf head = passing;
        // Only where the head and nothing before it came in this read does the decoder work on this very buffer, and
        // stands behind the head.
        if (reads == 1 && head != null && standsBehindHead(head)) {
            taking = true;
            reader = owner;
            chunks = new ChunkDecoder();
            if (head.isReadable()) {
                first = head.readRetainedSlice(head.readableBytes());
            }
        }
    }

    /** A read that went into what the decoder had before is used up whole, and may end like a head: then there must be no other in it. */
    private static boolean standsBehindHead(ByteBuf read) {
        int end = read.readerIndex() - 4;
        boolean behind = end >= 0 && read.getInt(end) == HEAD_END;
        for (int at = 0; behind && !read.isReadable() && at < end; at++) {
            behind = read.getInt(at) != HEAD_END;
        }
        return behind;
    }

    /** No more for that reader, if it still is the one. */
    void release(Consumer<Buffer> owner) {
        if (reader == owner) {
            reader = null;
            autoRead(true);
        }
    }

    /**
     * Stops reading until {@link #resume}.
     *
     * @return whether it did; if not, the decoder reads, and is to be stopped
     */
    boolean pause(Consumer<Buffer> owner) {
        return flow(owner, false);
    }

    /** Reads on; false if it didn't stop, as above. */
    boolean resume(Consumer<Buffer> owner) {
        return flow(owner, true);
    }

    private boolean flow(Consumer<Buffer> owner, boolean on) {
        if (reader != owner) {
            return false;
        }
        autoRead(on);
        return true;
    }

    private void autoRead(boolean on) {
        if (channel != null) {
            channel.config().setAutoRead(on);
        }
    }

    private void pass() {
        taking = false;
        reader = null;
        autoRead(true);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf read = (ByteBuf) message;
        if (!open && !taking) {
            read.release();
            ChannelFuture unused = context.close();
            return;
        }
        reads++;
        if (taking) {
            take(context, read);
            return;
        }
        passing = read.retain();
        passed = true;
        blind |= kept;
        context.fireChannelRead(read);
        kept = read.isReadable();
        passing = null;
        read.release();
        ByteBuf rest = first;
        if (rest != null) {
            first = null;
            take(context, rest);
        }
    }

    private void take(ChannelHandlerContext context, ByteBuf read) {
        byte[] raw = new byte[read.readableBytes()];
        read.readBytes(raw);
        read.release();
        if (chunks.malformed()) {
            return;
        }
        int length = chunks.decode(raw);
        Consumer<Buffer> owner = reader;
        if (length > 0 && owner != null) {
            owner.accept(HeapBytes.buffer(raw, 0, length));
        }
        if (chunks.atTrailers()) {
            pass();
            passed = true;
            int rest = chunks.stop();
            ByteBuf end = context.alloc()
                    .heapBuffer(LAST_CHUNK.length + raw.length - rest)
                    .writeBytes(LAST_CHUNK)
                    .writeBytes(raw, rest, raw.length - rest);
            passing = end.retain();
            context.fireChannelRead(end);
            kept = end.isReadable();
            passing = null;
            end.release();
        } else if (chunks.malformed()) {
            reader = null;
            context.fireExceptionCaught(new CorruptedFrameException("the body's chunks are malformed"));
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        if (passed) {
            passed = false;
            context.fireChannelReadComplete();
        }
    }
}
