package dev.foundrygateway.edge;

import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.exchange.Loop;
import dev.foundrygateway.openai.ErrorCode;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.impl.ConnectionBase;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.Charset;
import java.util.Optional;
import java.util.function.Consumer;

/** The reading of one body. Confined to the request's event loop. */
final class BodyReading {
    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final long LINGER_NANOS = 2_000 * NANOS_PER_MILLI;

    private final Vertx vertx;
    private final Loop loop;
    private final RoutingContext routing;
    private final HttpServerRequest request;
    private final long limit;
    private final long timeoutMillis;
    private final BodyMemory.Lease lease;
    private final Consumer<RequestBody> done;
    private final Consumer<Throwable> refused;
    private final BodyBytes bytes;
    private BodyEncoding encoding = BodyEncoding.IDENTITY;
    private Optional<Charset> charset = Optional.empty();
    private long announced;
    private long read;
    private Loop.Alarm timer = Loop.Alarm.NONE;
    private boolean over;

    BodyReading(
            RoutingContext routing,
            long limit,
            long timeoutMillis,
            BodyMemory.Lease lease,
            Consumer<RequestBody> done,
            Consumer<Throwable> refused) {
        this.vertx = routing.vertx();
        this.loop = Loop.current(vertx);
        this.routing = routing;
        this.request = routing.request();
        this.limit = limit;
        this.timeoutMillis = timeoutMillis;
        this.lease = lease;
        this.done = done;
        this.refused = refused;
        this.bytes = new BodyBytes(limit, lease);
    }

    void start() {
        announced = announced();
        try {
            encoding = BodyEncoding.of(request.headers().getAll(HttpHeaders.CONTENT_ENCODING));
            charset = isForm() ? Optional.empty() : BodyText.charset(contentType());
            if (announced > limit) {
                throw BodyBytes.tooLarge(limit);
            }
        } catch (GatewayException unreadable) {
            refuse(unreadable);
            return;
        }
        if (request.headers().contains(HttpHeaders.EXPECT, HttpHeaders.CONTINUE, true)) {
            request.response().writeContinue();
        }
        timer = loop.after(timeoutMillis * NANOS_PER_MILLI, () -> refuse(BodyReader.tooSlow(timeoutMillis)));
        request.exceptionHandler(ignored -> clientLeft());
        request.handler(this::take);
        request.endHandler(ignored -> ended());
        request.resume();
    }

    private String contentType() {
        return String.valueOf(request.getHeader(HttpHeaders.CONTENT_TYPE));
    }

    private boolean isForm() {
        return contentType().regionMatches(true, 0, "multipart/", 0, "multipart/".length());
    }

    /** What the head says; -1 if nothing. */
    private long announced() {
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        try {
            return length == null ? -1 : Long.parseLong(length);
        } catch (NumberFormatException e) {
            // The server has refused such a request already; what comes is counted in any case.
            return -1;
        }
    }

    private void take(Buffer piece) {
        if (over) {
            return;
        }
        read += piece.length();
        try {
            bytes.add(piece);
        } catch (GatewayException tooMuch) {
            refuse(tooMuch);
        } catch (OutOfMemoryError full) {
            refuse(outOfMemory());
        }
    }

    private static GatewayException outOfMemory() {
        return new GatewayException(
                ErrorCode.OUT_OF_MEMORY,
                "the gateway has no memory left for this body; try again soon, or give the program more (-Xmx)");
    }

    private void clientLeft() {
        if (!over) {
            over = true;
            timer.off();
            lease.close();
        }
    }

    private void ended() {
        if (over) {
            return;
        }
        over = true;
        timer.off();
        if (request.connection() instanceof ConnectionBase connection
                && connection.channel().hasAttr(HeadDecoder.BROKEN_BODY)) {
            routing.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
            routing.addEndHandler(answered -> connection.close());
            fail(new GatewayException(ErrorCode.INVALID_REQUEST, "the chunks of the request body are malformed"));
        } else if (announced >= 0 && announced != read) {
            // The server counts too: what is missing was lost here.
            fail(outOfMemory());
        } else if (encoding == BodyEncoding.IDENTITY) {
            deliver(bytes);
        } else {
            unpack();
        }
    }

    /** On a worker: a small body can hold much. */
    private void unpack() {
        vertx.<BodyBytes>executeBlocking(() -> {
                    BodyBytes unpacked = new BodyBytes(limit, lease);
                    encoding.unpack(bytes.array(), bytes.length(), unpacked);
                    return unpacked;
                })
                .onComplete(result -> {
                    if (result.succeeded()) {
                        deliver(result.result());
                    } else {
                        fail(result.cause() instanceof OutOfMemoryError ? outOfMemory() : result.cause());
                    }
                });
    }

    private void deliver(BodyBytes plain) {
        try {
            done.accept(isForm() ? new RequestBody(plain.buffer(), false, lease) : text(plain));
        } catch (OutOfMemoryError full) {
            fail(outOfMemory());
        } catch (RuntimeException failure) {
            fail(failure);
        }
    }

    private RequestBody text(BodyBytes plain) {
        byte[] all = plain.array();
        if (charset.isPresent()) {
            return new RequestBody(Buffer.buffer(BodyText.recoded(all, plain.length(), charset.get())), true, lease);
        }
        BodyText.check(all, 0, plain.length());
        return new RequestBody(plain.buffer(), false, lease);
    }

    private void fail(Throwable failure) {
        lease.close();
        refused.accept(failure);
    }

    /** What the client goes on sending is thrown away for a moment, so that it reads the answer instead of a reset; then the connection ends. */
    private void refuse(GatewayException reason) {
        if (over) {
            return;
        }
        over = true;
        timer.off();
        lease.close();
        routing.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        refused.accept(reason);
        HttpConnection connection = request.connection();
        Loop.Alarm linger = loop.after(LINGER_NANOS, connection::close);
        request.handler(ignored -> {});
        request.endHandler(ignored -> {
            linger.off();
            connection.close();
        });
        request.resume();
    }
}
