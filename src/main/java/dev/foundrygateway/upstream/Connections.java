package dev.foundrygateway.upstream;

import dev.foundrygateway.upstream.wire.ChunkedBodyReader;
import dev.foundrygateway.upstream.wire.ReadBuffers;
import io.netty.util.concurrent.FastThreadLocal;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.Map;

/**
 * The connection pools to the model servers: one per event loop and upstream, so that both connections of an exchange live on one loop and a token
 * crosses no thread. Thread-safe.
 */
@Singleton
public class Connections {
    /** Far above what any model server can do; how many calls may run is Admission's to decide, not the pool's. */
    private static final int POOL_SIZE = 65_536;

    private final Vertx vertx;
    private final UpstreamTls tls;
    private final ReadBuffers buffers = new ReadBuffers();
    private final FastThreadLocal<Map<String, HttpClient>> pools = new FastThreadLocal<>() {
        @Override
        protected Map<String, HttpClient> initialValue() {
            return new HashMap<>();
        }
    };

    Connections(Vertx vertx, UpstreamTls tls) {
        this.vertx = vertx;
        this.tls = tls;
    }

    /** The pool of this event loop to that upstream. */
    HttpClient to(Upstream upstream) {
        return pools.get().computeIfAbsent(upstream.name(), name -> create(upstream));
    }

    private HttpClient create(Upstream upstream) {
        HttpClientOptions options = new HttpClientOptions();
        tls.configure(options, upstream, vertx);
        options
                // Foundry Local 2.x answers an h2c upgrade with Connection: close, and 1.x with GOAWAY.
                .setProtocolVersion(HttpVersion.HTTP_1_1)
                .setHttp2ClearTextUpgrade(false)
                .setConnectTimeout(Math.toIntExact(upstream.timeouts().connect().toMillis()))
                .setKeepAliveTimeout(60)
                .setMaxChunkSize(65_536)
                .setTcpNoDelay(true);
        return vertx.httpClientBuilder()
                .with(options)
                .with(new PoolOptions().setHttp1MaxSize(POOL_SIZE))
                .withConnectHandler(connection -> {
                    // The exchange is told of a connection that breaks; Vert.x would log each as an error.
                    connection.exceptionHandler(ignored -> {});
                    ChunkedBodyReader.install(connection, buffers);
                })
                .build();
    }
}
