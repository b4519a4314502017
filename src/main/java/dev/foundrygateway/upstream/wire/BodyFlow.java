package dev.foundrygateway.upstream.wire;

import dev.foundrygateway.upstream.Opening;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.impl.ContextInternal;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How the body of one exchange's reply comes and is held back: through the HTTP client, or, for the chunks of a stream, through the connection's
 * {@link ChunkedBodyReader}. Confined to the exchange's event loop.
 */
public final class BodyFlow {
    /** The flow of an exchange that has not been connected. */
    public static final BodyFlow NONE = new BodyFlow(Optional.empty(), false);

    private final Optional<ChunkedBodyReader> connection;
    private final Optional<ChunkedBodyReader> chunks;
    private Consumer<Buffer> reader = bytes -> {};
    private int exchange;
    private @Nullable HttpClientResponse response;

    private BodyFlow(Optional<ChunkedBodyReader> connection, boolean streaming) {
        this.connection = connection;
        this.chunks = streaming ? connection : Optional.empty();
    }

    /** The flow of the reply to a request that is about to be sent. */
    public static BodyFlow expect(HttpClientRequest request, boolean streaming) {
        BodyFlow flow = new BodyFlow(ChunkedBodyReader.of(request.connection()), streaming);
        flow.connection.ifPresent(reader -> flow.exchange = reader.expect());
        return flow;
    }

    /** The head has come: from now on its body's pieces go to that handler, as events of that context. */
    public void read(HttpClientResponse answer, ContextInternal context, Handler<Buffer> pieces) {
        response = answer;
        answer.handler(pieces);
        if (chunks.isPresent() && streamed(answer)) {
            reader = bytes -> context.emit(bytes, pieces);
            chunks.get().engage(reader);
        }
    }

    /** A stream of events that comes in chunks and in no other coding. */
    private static boolean streamed(HttpClientResponse answer) {
        return Opening.isStream(answer)
                && answer.version() == HttpVersion.HTTP_1_1
                && "chunked".equalsIgnoreCase(answer.getHeader(HttpHeaders.TRANSFER_ENCODING));
    }

    /** Nothing more is read until {@link #resume}; what has been read may still come. */
    public void pause() {
        if (response != null && (chunks.isEmpty() || !chunks.get().pause(reader))) {
            response.pause();
        }
    }

    public void resume() {
        if (response != null && (chunks.isEmpty() || !chunks.get().resume(reader))) {
            response.resume();
        }
    }

    /** The exchange has ended: the connection may be another's. */
    public void release() {
        if (chunks.isPresent()) {
            chunks.get().release(reader);
        }
        connection.ifPresent(chunked -> chunked.ended(exchange));
    }
}
