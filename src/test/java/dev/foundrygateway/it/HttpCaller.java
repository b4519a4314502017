package dev.foundrygateway.it;

import io.restassured.path.json.JsonPath;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** A plain HTTP/1.1 client of one server, for what the official clients don't show: raw bodies, headers, a hang-up. Safe for several threads. */
final class HttpCaller {
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private final URI base;

    /** Calls the server at that address; paths are absolute. */
    HttpCaller(URI base) {
        this.base = base;
    }

    /** Whether a GET is answered with 200; false also where nobody listens. */
    boolean isUp(String path) {
        try {
            return get(path).statusCode() == 200;
        } catch (UncheckedIOException e) {
            return false;
        }
    }

    /** GET, with the body as text. */
    HttpResponse<String> get(String path) {
        return send(request(path).GET().build(), BodyHandlers.ofString());
    }

    /** POST of JSON, with the body as text. Header names and values alternate. */
    HttpResponse<String> post(String path, String json, String... headers) {
        return send(json(path, json, headers), BodyHandlers.ofString());
    }

    /** POST of JSON, with the body as it arrives; closing it hangs up. */
    HttpResponse<InputStream> open(String path, String json) {
        return send(json(path, json), BodyHandlers.ofInputStream());
    }

    /** The body as JSON. */
    static JsonPath json(HttpResponse<String> response) {
        return JsonPath.from(response.body());
    }

    private HttpRequest json(String path, String json, String... headers) {
        HttpRequest.Builder request =
                request(path).header("Content-Type", "application/json").POST(BodyPublishers.ofString(json));
        return (headers.length == 0 ? request : request.headers(headers)).build();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(base.resolve(path)).timeout(LIMIT);
    }

    private <T> HttpResponse<T> send(HttpRequest request, BodyHandler<T> handler) {
        try {
            return client.send(request, handler);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
