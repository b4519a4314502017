package dev.foundrygateway.edge;

import io.quarkus.vertx.http.HttpServerOptionsCustomizer;
import io.vertx.core.http.HttpServerOptions;
import jakarta.enterprise.context.ApplicationScoped;

/** What Quarkus has no setting for in its HTTP server. */
@ApplicationScoped
public class ServerOptions implements HttpServerOptionsCustomizer {
    /** A prompt of 256 KiB comes in 4 pieces instead of 32. */
    private static final int PIECE_BYTES = 65_536;

    @Override
    public void customizeHttpServer(HttpServerOptions options) {
        customize(options);
    }

    @Override
    public void customizeHttpsServer(HttpServerOptions options) {
        customize(options);
    }

    private static void customize(HttpServerOptions options) {
        options.setMaxChunkSize(PIECE_BYTES);
        // Java's HttpClient offers h2c with its POST. Ignoring the offer keeps the body whole; HTTP/2 over TLS stays
        // on.
        options.setHttp2ClearTextEnabled(false);
        options.setTcpNoDelay(true);
    }
}
