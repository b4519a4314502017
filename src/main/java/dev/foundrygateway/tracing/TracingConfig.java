package dev.foundrygateway.tracing;

import dev.foundrygateway.exchange.Within;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.util.Optional;

/** {@code gateway.tracing.…}: where traces are sent, and what they hold. */
@ConfigMapping(prefix = TracingConfig.PREFIX)
public interface TracingConfig {
    /** The prefix of these keys. */
    String PREFIX = "gateway.tracing";

    /** A collector that takes OTLP over HTTP, as {@code http://localhost:4318}; {@code /v1/traces} is added. None by default: nothing is traced. */
    Optional<URI> endpoint();

    /** The share of traces that begin here and are kept, from 0 to 1; a client's own trace is kept as the client says. */
    @Within(max = 1)
    @WithDefault("1")
    double ratio();

    /** Whether the user's last message is recorded in the spans. Off: it is the user's own. */
    @WithDefault("false")
    boolean content();

    /** The service's name in the traces. */
    @WithDefault("foundry-gateway")
    String service();
}
