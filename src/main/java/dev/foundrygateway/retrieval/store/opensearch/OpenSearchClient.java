package dev.foundrygateway.retrieval.store.opensearch;

import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.openai.ErrorCode;
import dev.foundrygateway.openai.json.TypedJson;
import dev.foundrygateway.retrieval.RetrievalConfig;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;

/**
 * Calls OpenSearch's REST API. What a caller can act on (2xx, 400, 404, 409) is a reply; everything else is {@code retrieval_unavailable}, or
 * {@code insufficient_storage} where its disks are full. Messages name node and setting, never credentials. Thread-safe; blocks.
 *
 * @see <a href="https://docs.opensearch.org/latest/api-reference/">OpenSearch's API</a>
 */
final class OpenSearchClient {
    private static final String SETTING = "gateway.retrieval.opensearch.";
    private static final int SLOWER = 6;
    private static final String JSON = "application/json";

    private final List<URI> nodes;
    private final String authorization;
    private final Duration timeout;
    private final HttpClient http;
    private final AtomicInteger next = new AtomicInteger();

    /** What a node answered. */
    record Reply(int status, String body) {
        boolean ok() {
            return status < 300;
        }

        /** Whether there is no such document or index. */
        boolean missing() {
            return status == 404;
        }

        <T> T as(Class<T> type) {
            return TypedJson.read(body, type);
        }
    }

    OpenSearchClient(RetrievalConfig.OpenSearch config, SSLContext tls) {
        this.nodes = List.copyOf(config.url());
        this.authorization = config.authorization()
                .orElseGet(() -> config.username()
                        .map(user -> "Basic "
                                + Base64.getEncoder()
                                        .encodeToString(
                                                (user + ":" + config.password().orElse(""))
                                                        .getBytes(StandardCharsets.UTF_8)))
                        .orElse(""));
        this.timeout = config.timeout();
        this.http = HttpClient.newBuilder()
                // The JDK would ask each node for HTTP/2 by an upgrade, which OpenSearch does not speak.
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(config.timeout())
                .sslContext(tls)
                .build();
    }

    Reply get(String path) {
        return send("GET", path, JSON, "", timeout);
    }

    Reply delete(String path) {
        return send("DELETE", path, JSON, "", timeout);
    }

    Reply put(String path, Object body) {
        return send("PUT", path, JSON, TypedJson.write(body), timeout);
    }

    /** Puts it in the place of what was read as that sequence number and term; 409 where that was changed since. */
    Reply replace(String path, Object body, long sequence, long term) {
        return put(path + "?if_seq_no=" + sequence + "&if_primary_term=" + term, body);
    }

    Reply post(String path, Object body) {
        return send("POST", path, JSON, TypedJson.write(body), timeout);
    }

    /** A call that may write much; the body is JSON or lines of it. */
    Reply write(String path, String body) {
        return send(
                "POST",
                path,
                path.contains("/_bulk") ? "application/x-ndjson" : JSON,
                body,
                timeout.multipliedBy(SLOWER));
    }

    /** Deletes an index's documents that the query finds, as far as they are not changed meanwhile; all of them are gone for the next search. */
    void deleteBy(String index, Map<String, Object> query) {
        Reply reply = write(
                index + "/_delete_by_query?conflicts=proceed&refresh=true", TypedJson.write(Map.of("query", query)));
        if (!reply.ok() && !reply.missing()) {
            throw new GatewayException(
                    ErrorCode.RETRIEVAL_UNAVAILABLE, "OpenSearch deletes nothing: " + Indices.reason(reply));
        }
    }

    private Reply send(String method, String path, String type, String body, Duration limit) {
        int first = next.get();
        IOException failure = new IOException("no node is configured");
        for (int i = 0; i < nodes.size(); i++) {
            URI node = nodes.get(Math.floorMod(first + i, nodes.size()));
            try {
                Reply reply = once(node, method, path, type, body, limit);
                return checked(node, reply);
            } catch (java.net.ConnectException | HttpConnectTimeoutException e) {
                // Nothing was sent: the next node is as good.
                failure = e;
                next.set(first + i + 1);
            } catch (IOException e) {
                throw unavailable(node, e.getClass().getSimpleName());
            }
        }
        throw unavailable(
                nodes.get(Math.floorMod(first, nodes.size())),
                failure.getClass().getSimpleName());
    }

    private Reply once(URI node, String method, String path, String type, String body, Duration limit)
            throws IOException {
        String base = node.toString().replaceAll("/+$", "");
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + "/" + path))
                .timeout(limit)
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (!body.isEmpty()) {
            request.header("Content-Type", type);
        }
        if (!authorization.isEmpty()) {
            request.header("Authorization", authorization);
        }
        try {
            HttpResponse<String> response = http.send(request.build(), BodyHandlers.ofString());
            return new Reply(response.statusCode(), response.body());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new GatewayException(ErrorCode.SHUTTING_DOWN, "the gateway is stopping");
        }
    }

    private static Reply checked(URI node, Reply reply) {
        int status = reply.status();
        if (reply.body().contains("disk usage exceeded flood-stage watermark")) {
            throw new GatewayException(
                    ErrorCode.INSUFFICIENT_STORAGE,
                    "no space is left on OpenSearch's disks; nothing that was acknowledged is lost");
        }
        if (status == 401 || status == 403) {
            throw unavailable(node, "it refuses the gateway (" + status + "); see " + SETTING + "username");
        }
        boolean understood = status < 300 || status == 400 || status == 404 || status == 409;
        if (!understood) {
            throw unavailable(node, "it answered " + status);
        }
        return reply;
    }

    private static GatewayException unavailable(URI node, String why) {
        return new GatewayException(
                ErrorCode.RETRIEVAL_UNAVAILABLE,
                "OpenSearch at " + node.getHost() + ":" + node.getPort() + " (" + SETTING + "url) cannot be used now: "
                        + why,
                "",
                Duration.ofSeconds(5));
    }
}
