package dev.foundrygateway.edge;

import dev.foundrygateway.access.CorsHeaders;
import dev.foundrygateway.access.Decision;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Locale;

/** Writes the CORS headers of a reply. */
final class CorsReply {
    private static final CharSequence EXPOSED = HttpHeaders.createOptimized(CorsHeaders.EXPOSED);
    private static final CharSequence METHODS = HttpHeaders.createOptimized(CorsHeaders.METHODS);
    private static final CharSequence MAX_AGE = HttpHeaders.createOptimized(CorsHeaders.MAX_AGE);
    private static final CharSequence TIMING_ALLOW_ORIGIN = HttpHeaders.createOptimized("timing-allow-origin");
    private static final CharSequence ALLOW_PRIVATE_NETWORK =
            HttpHeaders.createOptimized("access-control-allow-private-network");
    private static final CharSequence CONTENT_TYPE_OPTIONS = HttpHeaders.createOptimized("X-Content-Type-Options");
    private static final CharSequence NOSNIFF = HttpHeaders.createOptimized("nosniff");
    private static final CharSequence CONTENT_SECURITY_POLICY = HttpHeaders.createOptimized("Content-Security-Policy");
    private static final CharSequence NOTHING = HttpHeaders.createOptimized("default-src 'none'; sandbox");
    private static final CharSequence TRUE = HttpHeaders.createOptimized("true");
    private static final CharSequence ORIGIN = HttpHeaders.createOptimized("Origin");

    private CorsReply() {}

    /**
     * Has the headers written at the last moment before the reply's head leaves: so they stand on every status, streams and failures included, and whatever
     * an upstream or another route has put there is replaced, not doubled.
     *
     * @param origin the page that may read the reply, empty if none
     */
    static void mark(RoutingContext routing, String origin) {
        MultiMap headers = routing.response().headers();
        boolean page = RouteTable.isPage(routing.normalizedPath());
        routing.addHeadersEndHandler(ignored -> {
            write(headers, origin);
            if (!page) {
                inert(headers);
            }
        });
    }

    /** Whatever a model server or a file holds, a browser that is led to it makes no page of it. */
    private static void inert(MultiMap headers) {
        headers.set(CONTENT_TYPE_OPTIONS, NOSNIFF);
        headers.set(CONTENT_SECURITY_POLICY, NOTHING);
    }

    private static void write(MultiMap headers, String origin) {
        vary(headers);
        if (origin.isEmpty()) {
            headers.remove(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN);
        } else {
            headers.set(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, origin);
            headers.set(HttpHeaders.ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
            headers.set(TIMING_ALLOW_ORIGIN, origin);
        }
    }

    /** Says that the reply depends on the Origin, also where none was sent: a cache must not give it to a page later. */
    private static void vary(MultiMap headers) {
        if (!headers.contains(HttpHeaders.VARY)) {
            headers.set(HttpHeaders.VARY, ORIGIN);
            return;
        }
        List<String> values = headers.getAll(HttpHeaders.VARY);
        for (String value : values) {
            for (String name : value.toLowerCase(Locale.ROOT).split(",", -1)) {
                if (name.strip().equals("origin")) {
                    return;
                }
            }
        }
        headers.add(HttpHeaders.VARY, ORIGIN);
    }

    static void preflight(HttpServerResponse response, Decision.Preflight preflight) {
        response.setStatusCode(204);
        response.putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_METHODS, METHODS);
        response.putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_HEADERS, preflight.headers());
        response.putHeader(HttpHeaders.ACCESS_CONTROL_MAX_AGE, MAX_AGE);
        if (preflight.privateNetwork()) {
            response.putHeader(ALLOW_PRIVATE_NETWORK, TRUE);
        }
        response.end();
    }
}
