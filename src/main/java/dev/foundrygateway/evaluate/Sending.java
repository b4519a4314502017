package dev.foundrygateway.evaluate;

import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/** Sends a command's request, and says plainly that nobody is there. */
final class Sending {
    private Sending() {}

    static <T> HttpResponse<T> send(HttpClient client, HttpRequest request, HttpResponse.BodyHandler<T> body)
            throws IOException, InterruptedException {
        try {
            return client.send(request, body);
        } catch (ConnectException e) {
            // The JDK's own has no words, neither for a refused connection nor for an unknown host.
            throw new IOException(
                    "nothing answers at " + request.uri()
                            + "; start the gateway, or name its address by --url or GATEWAY_URL",
                    e);
        }
    }
}
