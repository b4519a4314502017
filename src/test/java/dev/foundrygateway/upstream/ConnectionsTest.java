package dev.foundrygateway.upstream;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ConnectionsTest {
    private static final int CALLS = 100;

    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void close() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(30, SECONDS);
    }

    @Test
    void noPoolOfConnectionsIsALimit() throws Exception {
        List<HttpServerRequest> waiting = new ArrayList<>();
        HttpServer server = vertx.createHttpServer()
                .requestHandler(request -> {
                    waiting.add(request);
                    if (waiting.size() == CALLS) {
                        waiting.forEach(each -> each.response().end());
                    }
                })
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get(30, SECONDS);
        Connections connections = new Connections(vertx, ConfiguredUpstreams.noTls());
        Upstream upstream = ConfiguredUpstreams.foundry("http://127.0.0.1:" + server.actualPort());
        Promise<Integer> answered = Promise.promise();
        vertx.runOnContext(ignored -> {
            HttpClient client = connections.to(upstream);
            List<Future<?>> calls = new ArrayList<>();
            for (int i = 0; i < CALLS; i++) {
                calls.add(client.request(HttpMethod.GET, server.actualPort(), "127.0.0.1", "/")
                        .compose(HttpClientRequest::send));
            }
            Future.all(calls).map(all -> all.size()).onComplete(answered);
        });
        assertEquals(
                CALLS,
                answered.future().toCompletionStage().toCompletableFuture().get(30, SECONDS));
    }
}
