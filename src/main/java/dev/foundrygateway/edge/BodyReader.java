package dev.foundrygateway.edge;

import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.openai.ErrorCode;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.function.Consumer;

/** Reads one request's body whole, bounded, with as few copies as its announced length allows. Confined to the request's event loop. */
final class BodyReader {
    private static final long LINGER_MILLIS = 2_000;

    /** An announced length is believed up to here; beyond, the buffer grows with what really comes. */
    private static final long FIRST_BUFFER = 1 << 20;

    private final Vertx vertx;
    private final HttpServerRequest request;
    private final long limit;
    private final Consumer<Buffer> done;
    private final Consumer<GatewayException> refused;
    private Buffer body = Buffer.buffer(0);
    private boolean over;

    private BodyReader(
            Vertx vertx,
            HttpServerRequest request,
            long limit,
            Consumer<Buffer> done,
            Consumer<GatewayException> refused) {
        this.vertx = vertx;
        this.request = request;
        this.limit = limit;
        this.done = done;
        this.refused = refused;
    }

    /**
     * Reads the body of a request that is paused.
     *
     * @param limit how many bytes are taken, after decompression
     * @param done gets the body; not called when the client leaves before its end
     * @param refused gets {@link ErrorCode#BODY_TOO_LARGE}, before the rest has come
     */
    static void read(
            Vertx vertx,
            HttpServerRequest request,
            long limit,
            Consumer<Buffer> done,
            Consumer<GatewayException> refused) {
        new BodyReader(vertx, request, limit, done, refused).start();
    }

    private void start() {
        long announced = announced();
        if (announced > limit) {
            refuse();
            return;
        }
        if (request.headers().contains(HttpHeaders.EXPECT, HttpHeaders.CONTINUE, true)) {
            request.response().writeContinue();
        }
        request.handler(piece -> take(piece, announced));
        request.endHandler(ignored -> {
            if (!over) {
                done.accept(body);
            }
        });
        request.resume();
    }

    private void take(Buffer piece, long announced) {
        if (over) {
            return;
        }
        if (body.length() + (long) piece.length() > limit) {
            refuse();
        } else if (body.length() == 0) {
            body = piece.length() >= announced
                    ? piece
                    : Buffer.buffer((int) Math.min(announced, FIRST_BUFFER)).appendBuffer(piece);
        } else {
            body.appendBuffer(piece);
        }
    }

    private long announced() {
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        try {
            return length == null ? 0 : Long.parseLong(length);
        } catch (NumberFormatException e) {
            // The server has refused such a request already; what comes is counted in any case.
            return 0;
        }
    }

    /** What the client goes on sending is thrown away for a moment, so that it reads the answer instead of a reset; then the connection ends. */
    private void refuse() {
        over = true;
        body = Buffer.buffer(0);
        refused.accept(new GatewayException(
                ErrorCode.BODY_TOO_LARGE,
                "the request body is larger than " + limit + " bytes; send less, or raise gateway.access.body-limit"));
        HttpConnection connection = request.connection();
        long timer = vertx.setTimer(LINGER_MILLIS, ignored -> connection.close());
        request.handler(ignored -> {});
        request.endHandler(ignored -> {
            vertx.cancelTimer(timer);
            connection.close();
        });
        request.resume();
    }
}
