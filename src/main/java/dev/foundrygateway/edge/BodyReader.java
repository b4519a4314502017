package dev.foundrygateway.edge;

import dev.foundrygateway.access.AccessConfig;
import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.exchange.Loop;
import dev.foundrygateway.exchange.NanoClock;
import dev.foundrygateway.openai.ErrorCode;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.impl.ConnectionBase;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.nio.charset.Charset;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** Reads requests' bodies whole: bounded in bytes, in time and over all requests, unpacked, and text in UTF-8. Thread-safe. */
@Singleton
public class BodyReader {
    private final BodyMemory memory;
    private final long limit;
    private final long timeoutMillis;

    BodyReader(BodyMemory memory, AccessConfig access) {
        this.memory = memory;
        this.limit = access.bodyLimit().asLongValue();
        this.timeoutMillis = Math.max(1, access.bodyTimeout().toMillis());
    }

    /** How long a body is waited for. */
    long timeoutNanos() {
        return timeoutMillis * Reading.NANOS_PER_MILLI;
    }

    /** How large a body is taken where its route says nothing else, in bytes after unpacking. */
    long limit() {
        return limit;
    }

    /**
     * Reads the body of a request that is paused.
     *
     * @param most how many bytes are taken, after unpacking
     * @param done gets the body; not called when the client leaves before its end. What it throws is told to {@code refused}
     * @param refused gets the reason why there is none; where the rest is not read, the connection ends with the answer
     */
    void read(RoutingContext routing, long most, Consumer<Body> done, Consumer<Throwable> refused) {
        new Reading(routing, most, timeoutMillis, memory.lease(), done, refused).start();
    }

    /**
     * Reads a request's body and has it answered. What is wrong with it, and what {@code then} throws, is the answer; its memory is given back when the
     * exchange has ended.
     */
    void answer(RoutingContext routing, long most, NanoClock clock, BiConsumer<ReplyWriter, Body> then) {
        ReplyWriter writer = new ReplyWriter(routing, clock);
        read(
                routing,
                most,
                body -> {
                    writer.holds(body.lease());
                    then.accept(writer, body);
                },
                writer::failed);
    }

    /** What a body that ran into its time is told. */
    static GatewayException tooSlow(long millis) {
        return new GatewayException(
                ErrorCode.REQUEST_TIMEOUT,
                "the request body was not there after " + millis
                        + " ms; send it faster, or raise gateway.access.body-timeout");
    }

    /** The reading of one body. Confined to the request's event loop. */
    static final class Reading {
        private static final long NANOS_PER_MILLI = 1_000_000;
        private static final long LINGER_NANOS = 2_000 * NANOS_PER_MILLI;

        private final Vertx vertx;
        private final Loop loop;
        private final RoutingContext routing;
        private final HttpServerRequest request;
        private final long limit;
        private final long timeoutMillis;
        private final BodyMemory.Lease lease;
        private final Consumer<Body> done;
        private final Consumer<Throwable> refused;
        private final BodyBytes bytes;
        private BodyEncoding encoding = BodyEncoding.IDENTITY;
        private Optional<Charset> charset = Optional.empty();
        private long announced;
        private long read;
        private Loop.Alarm timer = Loop.Alarm.NONE;
        private boolean over;

        Reading(
                RoutingContext routing,
                long limit,
                long timeoutMillis,
                BodyMemory.Lease lease,
                Consumer<Body> done,
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
                    "the gateway has no memory left for this body; try again soon. The operator can raise -Xmx");
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
                Ending.announce(routing);
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
                done.accept(isForm() ? new Body(plain.buffer(), false, lease) : text(plain));
            } catch (OutOfMemoryError full) {
                fail(outOfMemory());
            } catch (RuntimeException failure) {
                fail(failure);
            }
        }

        private Body text(BodyBytes plain) {
            byte[] all = plain.array();
            if (charset.isPresent()) {
                return new Body(Buffer.buffer(BodyText.recoded(all, plain.length(), charset.get())), true, lease);
            }
            BodyText.check(all, 0, plain.length());
            return new Body(plain.buffer(), false, lease);
        }

        private void fail(Throwable failure) {
            lease.close();
            refused.accept(failure);
        }

        /** What the client goes on sending is thrown away for a moment, so that it reads the answer instead of a reset; then the connection ends, or the one stream of HTTP/2. */
        private void refuse(GatewayException reason) {
            if (over) {
                return;
            }
            over = true;
            timer.off();
            lease.close();
            Ending.announce(routing);
            refused.accept(reason);
            Loop.Alarm linger = loop.after(LINGER_NANOS, () -> Ending.afterReply(request));
            request.handler(ignored -> {});
            request.endHandler(ignored -> {
                linger.off();
                Ending.afterReply(request);
            });
            request.resume();
        }
    }

    /**
     * A request's body, whole and unpacked.
     *
     * @param bytes what came; empty if nothing did
     * @param recoded whether it came in another charset than the UTF-8 that it is in now
     * @param lease the memory that it takes; given back when the exchange has ended
     */
    record Body(Buffer bytes, boolean recoded, BodyMemory.Lease lease) {}
}
