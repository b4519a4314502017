package dev.foundrygateway.practice;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** The tests' client: the JDK's, and bare sockets where a test looks at bytes. */
final class PracticeClient {
    static final Duration PATIENCE = Duration.ofSeconds(30);

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final URI root;

    PracticeClient(PracticeUpstream upstream) {
        root = URI.create("http://127.0.0.1:" + upstream.port());
    }

    HttpResponse<String> get(String path) {
        return send("GET", path, "");
    }

    HttpResponse<String> post(String path, String body) {
        return send("POST", path, body);
    }

    HttpResponse<String> chat(String body) {
        return post("/v1/chat/completions", body);
    }

    HttpResponse<String> send(String method, String path, String body, String... headers) {
        return within(http.sendAsync(request(method, path, body, headers), BodyHandlers.ofString()));
    }

    /** Gives the reply at its head, its body still to come. */
    HttpResponse<InputStream> open(String path, String body) {
        return within(http.sendAsync(request("POST", path, body), BodyHandlers.ofInputStream()));
    }

    private HttpRequest request(String method, String path, String body, String... headers) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(root.resolve(path)).method(method, BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return request.build();
    }

    /** A socket on which a chat request has been sent. */
    Socket connected(String body) {
        return connected("POST /v1/chat/completions", body);
    }

    /** A socket on which a request of this method and path has been sent. */
    Socket connected(String methodAndPath, String body) {
        try {
            Socket socket = new Socket(InetAddress.getLoopbackAddress(), root.getPort());
            socket.setSoTimeout((int) PATIENCE.toMillis());
            String head = methodAndPath + " HTTP/1.1\r\nHost: practice\r\nContent-Length: "
                    + body.getBytes(StandardCharsets.UTF_8).length + "\r\n\r\n";
            socket.getOutputStream().write((head + body).getBytes(StandardCharsets.UTF_8));
            return socket;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads what comes up to that text, or all up to the end where it never comes. */
    static String readUntil(InputStream in, String end) throws IOException {
        StringBuilder text = new StringBuilder();
        while (text.indexOf(end) < 0) {
            int next = in.read();
            if (next < 0) {
                break;
            }
            text.append((char) next);
        }
        return text.toString();
    }

    static <T> T within(CompletableFuture<T> future) {
        return future.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
    }
}
