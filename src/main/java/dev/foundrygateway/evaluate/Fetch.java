package dev.foundrygateway.evaluate;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** One question to the gateway's own routes, for subcommands. Blocks. */
final class Fetch {
    private static final Duration WAIT = Duration.ofSeconds(30);

    private Fetch() {}

    /**
     * The answer's body.
     *
     * @param body what is posted; empty to get
     * @throws IOException when nothing answers, or the gateway refuses
     */
    static String body(URI uri, String key, String body) throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(uri).timeout(WAIT).header("Content-Type", "application/json");
        if (!key.isEmpty()) {
            request.header("Authorization", "Bearer " + key);
        }
        if (!body.isEmpty()) {
            request.POST(HttpRequest.BodyPublishers.ofString(body));
        }
        HttpResponse<String> response = Common.send(
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(WAIT)
                        .build(),
                request.build(),
                HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() != 200) {
            throw new IOException(uri + " answered " + response.statusCode() + ": " + message(response.body()));
        }
        return response.body();
    }

    /**
     * The answer, which must be an object with that member.
     *
     * @throws IOException also when it is not: then no gateway answers there
     */
    static JsonObject object(String member, URI uri, String key, String body) throws IOException, InterruptedException {
        String answer = body(uri, key, body);
        try {
            JsonObject json = new JsonObject(answer);
            if (json.containsKey(member)) {
                return json;
            }
        } catch (DecodeException e) {
            // Told below, as an object without it is.
        }
        throw noGateway(uri);
    }

    static IOException noGateway(URI uri) {
        return new IOException(
                uri
                        + " answered with something else than a gateway does; name the gateway's address by --url or GATEWAY_URL");
    }

    private static String message(String body) {
        try {
            return new JsonObject(body).getJsonObject("error").getString("message");
        } catch (RuntimeException other) {
            return body.substring(0, Math.min(200, body.length()));
        }
    }
}
