package dev.foundrygateway.start;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Questions to servers, each with an end. Blocks. */
final class Probe {
    private static final Duration WAIT = Duration.ofSeconds(5);
    private static final int MOST_BYTES = 16 << 20;
    private static final Pattern ADDRESS = Pattern.compile("https?://[A-Za-z0-9.\\[\\]:-]+:\\d{1,5}");

    private Probe() {}

    /** One for each question: a client that is kept could not be part of the native program. */
    private static HttpClient client() {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(WAIT)
                .build();
    }

    /**
     * What came back.
     *
     * @param status the status; 0 if nothing answered
     * @param body the body, or why nothing answered
     * @param date the header Date; empty without one
     */
    record Answer(int status, String body, String date) {
        boolean came() {
            return status > 0;
        }
    }

    static Answer get(URI uri, String key) throws InterruptedException {
        try {
            HttpRequest.Builder request =
                    HttpRequest.newBuilder(uri).timeout(WAIT).header("Accept", "application/json");
            if (!key.isEmpty()) {
                request.header("Authorization", "Bearer " + key);
            }
            HttpResponse<InputStream> response =
                    client().send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream in = response.body()) {
                // The request's own limit ends at the head.
                CompletableFuture.delayedExecutor(WAIT.toMillis(), TimeUnit.MILLISECONDS)
                        .execute(() -> close(in));
                String body = new String(in.readNBytes(MOST_BYTES), StandardCharsets.UTF_8);
                return new Answer(
                        response.statusCode(),
                        body,
                        response.headers().firstValue("date").orElse(""));
            }
        } catch (IOException e) {
            String why = e instanceof ConnectException ? "connection refused" : String.valueOf(e.getMessage());
            return new Answer(0, why, "");
        } catch (IllegalArgumentException e) {
            return new Answer(0, "no address or key that can be sent: " + e.getMessage(), "");
        }
    }

    private static void close(InputStream in) {
        try {
            in.close();
        } catch (IOException e) {
            // It has ended.
        }
    }

    /** The value of Access-Control-Allow-Origin that a preflight gets; empty without one. */
    static String allowedOrigin(URI uri, String origin) throws InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(uri)
                .timeout(WAIT)
                .method("OPTIONS", HttpRequest.BodyPublishers.noBody())
                .header("Origin", origin)
                .header("Access-Control-Request-Method", "POST")
                .header("Access-Control-Request-Headers", "content-type,authorization")
                .build();
        try {
            return client().send(request, HttpResponse.BodyHandlers.discarding())
                    .headers()
                    .firstValue("access-control-allow-origin")
                    .orElse("");
        } catch (IOException e) {
            return "";
        }
    }

    /** The status of a request that calls the server by that name; 0 if nothing answered. On a bare socket: the JDK's client keeps the header to itself. */
    static int statusWithHost(URI server, String host) {
        int port = server.getPort() > 0 ? server.getPort() : 80;
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(server.getHost(), port), (int) WAIT.toMillis());
            socket.setSoTimeout((int) WAIT.toMillis());
            socket.getOutputStream()
                    .write(("GET /health HTTP/1.1\r\nHost: " + host.replaceAll("[^!-~]", "")
                                    + "\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            InputStream in = socket.getInputStream();
            String line = new String(in.readNBytes(12), StandardCharsets.US_ASCII);
            return line.matches("HTTP/1\\.[01] \\d{3}") ? Integer.parseInt(line.substring(9)) : 0;
        } catch (IOException e) {
            return 0;
        }
    }

    /** What kind of server that is. */
    static String generation(URI server) throws InterruptedException {
        Answer status = get(URI.create(server + "/status"), "");
        if (status.status() == 200 && status.body().contains("modelCachePath")) {
            return "Foundry Local 2.x";
        }
        if (status.status() == 200 && status.body().contains("modelDirPath")) {
            return "Foundry Local 1.x";
        }
        return get(URI.create(server + "/openai/status"), "").status() == 200 ? "Foundry Local 0.x" : "a model server";
    }

    /** The address that {@code foundry service status} prints; empty without the command. */
    static Optional<String> foundryCommand() throws InterruptedException {
        try {
            Path text = Files.createTempFile("foundry-status", ".txt");
            try {
                Process process = new ProcessBuilder("foundry", "service", "status")
                        .redirectErrorStream(true)
                        .redirectOutput(text.toFile())
                        .start();
                if (!process.waitFor(WAIT.toSeconds(), TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                }
                Matcher address = ADDRESS.matcher(Files.readString(text));
                return address.find() ? Optional.of(address.group()) : Optional.empty();
            } finally {
                Files.deleteIfExists(text);
            }
        } catch (IOException e) {
            // There is no such command.
            return Optional.empty();
        }
    }
}
