package dev.foundrygateway.upstream.foundry;

import dev.foundrygateway.upstream.Upstream;
import dev.foundrygateway.upstream.UpstreamAddress;
import io.quarkus.runtime.ShutdownEvent;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;

/** Calls to a model server about itself: its state, its lists, loading. Beside the relay, with short answers read whole. Thread-safe. */
@ApplicationScoped
public class ManagementClient {
    /**
     * What a model server answered.
     *
     * @param status the HTTP status
     * @param body all of its body
     */
    public record Answer(int status, Buffer body) {
        public boolean ok() {
            return status / 100 == 2;
        }
    }

    private static final int CONNECT_MILLIS = 900;

    private final HttpClient client;

    ManagementClient(Vertx vertx) {
        client = vertx.createHttpClient(
                new HttpClientOptions().setConnectTimeout(CONNECT_MILLIS).setHttp2ClearTextUpgrade(false));
    }

    void stop(@Observes ShutdownEvent event) {
        client.close();
    }

    /**
     * Sends a GET.
     *
     * @param path below the address's prefix, such as {@code /models/loaded}
     * @param timeout silence that is taken for a failure
     * @return fails when no answer comes
     */
    public Future<Answer> get(Upstream upstream, String path, Duration timeout) {
        return send(upstream, HttpMethod.GET, path, Buffer.buffer(0), timeout);
    }

    /** Sends a GET to an address that is nobody's yet. */
    public Future<Answer> get(UpstreamAddress address, String path, Duration timeout) {
        return send(address, "", HttpMethod.GET, path, Buffer.buffer(0), timeout);
    }

    /** Sends a call with a JSON body, none if it is empty. */
    Future<Answer> send(Upstream upstream, HttpMethod method, String path, Buffer body, Duration timeout) {
        return send(upstream.dialled(), upstream.authorization(), method, path, body, timeout);
    }

    private Future<Answer> send(
            UpstreamAddress address,
            String authorization,
            HttpMethod method,
            String path,
            Buffer body,
            Duration timeout) {
        RequestOptions options = new RequestOptions()
                .setMethod(method)
                .setHost(address.host())
                .setPort(address.port())
                .setSsl(address.tls())
                .setURI(address.path() + path)
                .setConnectTimeout(CONNECT_MILLIS)
                .setIdleTimeout(timeout.toMillis());
        if (!authorization.isEmpty()) {
            options.putHeader(HttpHeaders.AUTHORIZATION, authorization);
        }
        if (body.length() > 0) {
            options.putHeader(HttpHeaders.CONTENT_TYPE, "application/json");
        }
        return client.request(options)
                .compose(request -> request.send(body)
                        .compose(response -> response.body().map(bytes -> new Answer(response.statusCode(), bytes))));
    }
}
