package dev.foundrygateway.edge;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;

/**
 * Ends what a request came on where the rest of it is not read, or its reply can't be completed: the connection of HTTP/1, of HTTP/2 that one stream, since
 * those of others run beside it.
 */
final class Ending {
    /** RFC 9113, 7: the answer is whole, and the rest of the request is not wanted. */
    private static final long NO_ERROR = 0;

    private static final long INTERNAL_ERROR = 2;

    private Ending() {}

    /** Tells the client, in the head of a reply, that nothing follows it. HTTP/2 has no word for it, and takes none. */
    static void announce(RoutingContext routing) {
        if (!isStream(routing.request())) {
            routing.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        }
    }

    /** The reply is written; what else the client sends is not wanted. */
    static void afterReply(HttpServerRequest request) {
        end(request, NO_ERROR);
    }

    /** The reply stops before its end, and the client must notice. */
    static void withinReply(HttpServerRequest request) {
        end(request, INTERNAL_ERROR);
    }

    private static void end(HttpServerRequest request, long code) {
        if (isStream(request)) {
            request.response().reset(code);
        } else {
            request.connection().close();
        }
    }

    private static boolean isStream(HttpServerRequest request) {
        return request.version() == HttpVersion.HTTP_2;
    }
}
