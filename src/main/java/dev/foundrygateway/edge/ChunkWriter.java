package dev.foundrygateway.edge;

import dev.foundrygateway.openai.sse.Frame;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.util.concurrent.FastThreadLocal;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Writes a stream's events as chunks straight to the connection, behind the server's own encoder: one buffer and one write for an event, where the encoder
 * makes three buffers, two of them anew. The head and the end of the reply are the server's. Confined to the connection's event loop.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9112#section-7.1">RFC 9112, 7.1</a>
 */
final class ChunkWriter {
    private static final int CRLF = '\r' << 8 | '\n';
    private static final byte[] DIGITS = {'0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'
    };
    /** Eight digits and two line ends. */
    private static final int FRAMING = 12;

    private static final int KEPT_BYTES = 4096;
    /** The event loop's own, used again as soon as the last event in it has left: it stays in the processor's cache, where a pool's buffers are cold. */
    private static final FastThreadLocal<ByteBuf> KEPT = new FastThreadLocal<>();

    private final ConnectionBase connection;
    private final ChannelHandlerContext encoder;
    private final @Nullable IdleStateHandler idle;

    private ChunkWriter(ConnectionBase connection, ChannelHandlerContext encoder, @Nullable IdleStateHandler idle) {
        this.connection = connection;
        this.encoder = encoder;
        this.idle = idle;
    }

    /** For the reply to that request; empty where there are no chunks (HTTP/2, HTTP/1.0) or the connection is of another make. */
    static Optional<ChunkWriter> of(HttpServerRequest request) {
        HttpConnection connection = request.connection();
        if (request.version() != HttpVersion.HTTP_1_1 || !(connection instanceof ConnectionBase base)) {
            return Optional.empty();
        }
        Channel channel = base.channel();
        ChannelHandlerContext encoder = channel.pipeline().context(HttpResponseEncoder.class);
        return encoder == null
                ? Optional.empty()
                : Optional.of(new ChunkWriter(base, encoder, channel.pipeline().get(IdleStateHandler.class)));
    }

    /** Writes a frame that isn't empty. Only once the head has been written. */
    void write(Frame frame) {
        ByteBuf chunk = buffer(frame.bytes().length() + FRAMING);
        append(frame, chunk);
        // A void promise tells nothing: that the client has left is told by the response's close handler.
        ChannelFuture unused = encoder.writeAndFlush(chunk, connection.voidPromise);
        if (idle != null) {
            // It stands before the encoder and hasn't seen this.
            idle.resetWriteTimeout();
        }
    }

    private ByteBuf buffer(int size) {
        if (size > KEPT_BYTES) {
            return encoder.alloc().directBuffer(size);
        }
        ByteBuf kept = KEPT.getIfExists();
        if (kept == null) {
            kept = encoder.alloc().directBuffer(KEPT_BYTES, KEPT_BYTES);
            KEPT.set(kept);
        }
        // A client that doesn't read holds its last event; the others' go their way meanwhile.
        return kept.refCnt() == 1 ? kept.clear().retain() : encoder.alloc().directBuffer(size);
    }

    /** Appends a frame that isn't empty as one chunk. */
    static void append(Frame frame, ByteBuf out) {
        int length = frame.bytes().length();
        for (int shift = (31 - Integer.numberOfLeadingZeros(length)) & ~3; shift >= 0; shift -= 4) {
            out.writeByte(DIGITS[length >>> shift & 0xf]);
        }
        out.writeShort(CRLF);
        frame.writeTo(out);
        out.writeShort(CRLF);
    }
}
