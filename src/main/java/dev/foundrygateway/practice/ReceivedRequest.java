package dev.foundrygateway.practice;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** A request as the practice upstream received it, and what became of it. Thread-safe. */
public final class ReceivedRequest {
    /** How the exchange ended. */
    public enum How {
        /** The reply was sent to its proper end. */
        COMPLETED,
        /** The client hung up before. */
        RESET,
        /** The script itself broke the reply off. */
        CUT
    }

    /**
     * The end of an exchange.
     *
     * @param how how it ended
     * @param nanoTime when, by {@link System#nanoTime()}
     */
    public record Ending(How how, long nanoTime) {}

    private final String method;
    private final String uri;
    private final List<Map.Entry<String, String>> headers;
    private final Buffer body;
    private final long nanoTime;
    private final CompletableFuture<Ending> ended = new CompletableFuture<>();
    private final Map<String, CompletableFuture<Long>> marks = new ConcurrentHashMap<>();

    ReceivedRequest(HttpServerRequest request, Buffer body, long nanoTime) {
        this.method = request.method().name();
        this.uri = request.uri();
        this.headers = request.headers().entries().stream()
                .map(header -> Map.entry(header.getKey(), header.getValue()))
                .toList();
        this.body = body;
        this.nanoTime = nanoTime;
    }

    public String method() {
        return method;
    }

    /** The request target as it came, query included. */
    public String uri() {
        return uri;
    }

    /** The path as it came, without the query and not decoded. */
    public String path() {
        int query = uri.indexOf('?');
        return query < 0 ? uri : uri.substring(0, query);
    }

    /** Whether it is about the server and the models that it has, and no call of a model. */
    public boolean isManagement() {
        String path = path();
        return path.equals("/status")
                || path.equals("/metrics")
                || path.equals("/v1/models")
                || path.startsWith("/models/")
                || path.startsWith("/openai/")
                || path.startsWith("/foundry/");
    }

    /** All headers in the order of their coming. */
    public List<Map.Entry<String, String>> headers() {
        return headers;
    }

    /** All values of a header, whatever the case of its name. */
    public List<String> headers(String name) {
        return headers.stream()
                .filter(header -> header.getKey().equalsIgnoreCase(name))
                .map(Map.Entry::getValue)
                .toList();
    }

    /** The first value of a header, empty if absent. */
    public String header(String name) {
        return headers(name).stream().findFirst().orElse("");
    }

    /** The body's bytes: a copy. */
    public Buffer body() {
        return body.copy();
    }

    /** The body as UTF-8 text. */
    public String text() {
        return body.toString();
    }

    /**
     * The body as JSON.
     *
     * @throws io.vertx.core.json.DecodeException when it is no JSON object
     */
    public JsonObject json() {
        return new JsonObject(body);
    }

    /** When its head had come, by {@link System#nanoTime()}. */
    public long nanoTime() {
        return nanoTime;
    }

    /** Completes when the exchange has ended. */
    public CompletableFuture<Ending> ended() {
        return ended.copy();
    }

    /** Completes with the {@link System#nanoTime()} at which the script reached that {@link Script#mark mark}; it may be asked before or after. */
    public CompletableFuture<Long> reached(String label) {
        return progress(label).copy();
    }

    void mark(String label) {
        progress(label).complete(System.nanoTime());
    }

    void ended(How how) {
        ended.complete(new Ending(how, System.nanoTime()));
    }

    private CompletableFuture<Long> progress(String label) {
        return marks.computeIfAbsent(label, absent -> new CompletableFuture<>());
    }

    @Override
    public String toString() {
        return method + " " + uri;
    }

    /** A name out of a path, without percent escapes; as it came when they are malformed. A plus stays a plus. */
    static String decoded(String name) {
        try {
            return URLDecoder.decode(name.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException malformed) {
            return name;
        }
    }
}
