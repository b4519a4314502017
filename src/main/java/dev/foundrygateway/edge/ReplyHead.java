package dev.foundrygateway.edge;

import dev.foundrygateway.exchange.Millis;
import dev.foundrygateway.exchange.Served;
import dev.foundrygateway.exchange.Source;
import dev.foundrygateway.exchange.Timeline;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/** What the head of a reply says: who answered, on which route and why, and where the time went until now. */
final class ReplyHead {
    private static final CharSequence JSON = HttpHeaders.createOptimized("application/json");
    private static final CharSequence EVENT_STREAM = HttpHeaders.createOptimized("text/event-stream");
    private static final CharSequence NO_CACHE = HttpHeaders.createOptimized("no-cache");
    private static final CharSequence NO = HttpHeaders.createOptimized("no");
    private static final CharSequence X_REQUEST_ID = HttpHeaders.createOptimized("X-Request-Id");
    private static final CharSequence X_GATEWAY_MODEL = HttpHeaders.createOptimized("X-Gateway-Model");
    private static final CharSequence X_GATEWAY_UPSTREAM = HttpHeaders.createOptimized("X-Gateway-Upstream");
    private static final CharSequence X_GATEWAY_ROUTE = HttpHeaders.createOptimized("X-Gateway-Route");
    private static final CharSequence SERVER_TIMING = HttpHeaders.createOptimized("Server-Timing");
    private static final CharSequence X_ACCEL_BUFFERING = HttpHeaders.createOptimized("X-Accel-Buffering");

    private ReplyHead() {}

    static void requestId(HttpServerResponse response, String id) {
        response.putHeader(X_REQUEST_ID, id);
    }

    /** The head of a JSON answer of the gateway's own. */
    static void json(HttpServerResponse response, int status) {
        response.setStatusCode(status).putHeader(HttpHeaders.CONTENT_TYPE, JSON);
    }

    /** The head of a stream of events: unbuffered also by an nginx in front. */
    static void stream(HttpServerResponse response) {
        response.setChunked(true);
        response.putHeader(HttpHeaders.CONTENT_TYPE, EVENT_STREAM);
        response.putHeader(HttpHeaders.CACHE_CONTROL, NO_CACHE);
        response.putHeader(X_ACCEL_BUFFERING, NO);
    }

    /** Ends a reply whose head is written with its whole body, which a HEAD gets the length of alone. */
    static void end(RoutingContext routing, Buffer body) {
        HttpServerResponse response = routing.response();
        if (routing.request().method().equals(HttpMethod.HEAD)) {
            response.putHeader(HttpHeaders.CONTENT_LENGTH, Integer.toString(body.length()))
                    .end();
        } else {
            response.end(body);
        }
    }

    /** A JSON answer about the gateway as it is now. */
    static void now(RoutingContext routing, JsonObject json) {
        now(routing, json.toBuffer());
    }

    /** The same, written out already. */
    static void now(RoutingContext routing, Buffer json) {
        json(routing.response(), 200);
        routing.response().putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        end(routing, json);
    }

    /** A model server's name or id as a header's value: whatever can't stand in one is a question mark. */
    private static String safe(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < ' ' || text.charAt(i) > '~') {
                return text.replaceAll("[^ -~]", "?");
            }
        }
        return text;
    }

    /** How the answer came about. */
    static void served(HttpServerResponse response, Served served, long totalNanos) {
        if (!served.model().isEmpty()) {
            response.putHeader(X_GATEWAY_MODEL, safe(served.model()));
        }
        response.putHeader(X_GATEWAY_UPSTREAM, served.upstream());
        response.putHeader(X_GATEWAY_ROUTE, served.route().label());
        if (!served.reason().isEmpty()) {
            response.putHeader("X-Gateway-Reason", safe(served.reason()));
        }
        if (served.score().isPresent()) {
            response.putHeader(
                    "X-Gateway-Score",
                    String.format(Locale.ROOT, "%.4f", served.score().getAsDouble()));
        }
        if (!served.sources().isEmpty()) {
            String ids = served.sources().stream().map(Source::id).collect(Collectors.joining(", "));
            response.putHeader("X-Gateway-Sources", safe(ids));
        }
        response.putHeader(SERVER_TIMING, timing(served.timeline(), totalNanos));
    }

    private static String timing(Timeline timeline, long totalNanos) {
        StringBuilder text = new StringBuilder(128);
        part(text, "queue", timeline.queue());
        part(text, "prep", timeline.prep());
        part(text, "retrieval", timeline.retrieval());
        part(text, "hold", timeline.hold());
        part(text, "send", timeline.send());
        part(text, "first-token", timeline.firstToken());
        part(text, "total", OptionalLong.of(totalNanos));
        return text.toString();
    }

    private static void part(StringBuilder text, String name, OptionalLong nanos) {
        if (nanos.isPresent()) {
            text.append(text.isEmpty() ? "" : ", ").append(name).append(";dur=");
            Millis.append(text, nanos.getAsLong());
        }
    }
}
