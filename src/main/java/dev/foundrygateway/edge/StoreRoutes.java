package dev.foundrygateway.edge;

import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.exchange.Loop;
import dev.foundrygateway.openai.ErrorCode;
import dev.foundrygateway.openai.MultipartForm;
import dev.foundrygateway.retrieval.RetrievalConfig;
import io.quarkus.vertx.http.runtime.RouteConstants;
import io.quarkus.vertx.http.runtime.VertxHttpRecorder;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.impl.RoutingContextInternal;
import jakarta.inject.Singleton;

/**
 * The edge of the routes of files and stores, which quarkus-rest serves: the reply's request id, and the body. One in JSON is read here, as all others are; a
 * form goes on to be read into a file.
 */
@Singleton
public class StoreRoutes {
    /** Behind the place where Quarkus sets its own limit. */
    static final int ORDER = RouteConstants.ROUTE_ORDER_UPLOAD_LIMIT + 1;

    /** What a form has around its file. */
    private static final long FORM_BYTES = 1 << 20;

    /** Bytes a second: a phone's uplink at the edge of its cell. */
    private static final long SLOWEST = 4 << 10;

    private static final long NANOS = 1_000_000_000;
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final BodyReader bodies;
    private final long formLimit;

    StoreRoutes(BodyReader bodies, RetrievalConfig retrieval) {
        this.bodies = bodies;
        this.formLimit = retrieval.maxFileSize().asLongValue() + FORM_BYTES;
    }

    /** How large a form with a file may be, in bytes. */
    long formLimit() {
        return formLimit;
    }

    Handler<RoutingContext> enter(long limit) {
        return routing -> {
            if (MultipartForm.is(String.valueOf(routing.request().getHeader(HttpHeaders.CONTENT_TYPE)))) {
                form(routing);
            } else if (limit > 0 && hasBody(routing.request())) {
                read(routing, Math.min(limit, bodies.limit()));
            } else {
                routing.next();
            }
        };
    }

    private static boolean hasBody(HttpServerRequest request) {
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        return length == null ? !request.isEnded() && !request.method().name().equals("GET") : !length.equals("0");
    }

    private void read(RoutingContext routing, long limit) {
        bodies.read(
                routing,
                limit,
                body -> {
                    routing.addEndHandler(ended -> body.lease().close());
                    if (body.recoded()) {
                        routing.request().headers().set(HttpHeaders.CONTENT_TYPE, "application/json");
                    }
                    ((RoutingContextInternal) routing).setBody(body.bytes());
                    routing.next();
                },
                failure -> ErrorReply.end(routing, failure));
    }

    private void form(RoutingContext routing) {
        HttpServerRequest request = routing.request();
        if (request.headers().contains(HttpHeaders.CONTENT_ENCODING)
                && BodyEncoding.of(request.headers().getAll(HttpHeaders.CONTENT_ENCODING)) != BodyEncoding.IDENTITY) {
            refuse(
                    routing,
                    new GatewayException(
                            ErrorCode.UNSUPPORTED_MEDIA_TYPE,
                            "a form with a file is taken without the Content-Encoding "
                                    + request.getHeader(HttpHeaders.CONTENT_ENCODING) + " only; send it plain"));
        } else if (length(request) > formLimit) {
            refuse(
                    routing,
                    new GatewayException(
                            ErrorCode.BODY_TOO_LARGE,
                            "the request body is larger than " + formLimit
                                    + " bytes; send less, or raise gateway.retrieval.max-file-size"));
        } else {
            // For a body that does not say how long it is; Quarkus looks there while it reads.
            routing.put(VertxHttpRecorder.MAX_REQUEST_SIZE_KEY, formLimit);
            watch(routing, 1);
            routing.next();
        }
    }

    /** Looks, each time the wait for a body is over, whether as much has come as the slowest line brings. */
    private void watch(RoutingContext routing, long waits) {
        HttpServerRequest request = routing.request();
        Loop.Alarm alarm = Loop.current(routing.vertx()).after(bodies.timeoutNanos(), () -> {
            if (request.isEnded() || routing.response().ended()) {
                return;
            }
            if (request.bytesRead() >= waits * (bodies.timeoutNanos() * SLOWEST / NANOS)) {
                watch(routing, waits + 1);
                return;
            }
            Ending.announce(routing);
            routing.addEndHandler(answered -> Ending.afterReply(request));
            ErrorReply.end(routing, BodyReader.tooSlow(waits * bodies.timeoutNanos() / NANOS_PER_MILLI));
        });
        routing.addEndHandler(ended -> alarm.off());
    }

    private static long length(HttpServerRequest request) {
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        try {
            return length == null ? 0 : Long.parseLong(length);
        } catch (NumberFormatException e) {
            return Long.MAX_VALUE;
        }
    }

    /** After the whole body has come and been dropped: clients that are answered while they send see a broken connection. */
    private static void refuse(RoutingContext routing, GatewayException failure) {
        HttpServerRequest request = routing.request();
        request.handler(dropped -> {});
        request.endHandler(end -> ErrorReply.end(routing, failure));
        request.resume();
    }
}
