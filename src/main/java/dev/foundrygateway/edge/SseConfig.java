package dev.foundrygateway.edge;

import dev.foundrygateway.exchange.Within;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** {@code gateway.sse.…}: what the edge does while a stream's first token is not there yet. */
@ConfigMapping(prefix = "gateway.sse")
public interface SseConfig {
    /**
     * How long a stream's head is held for its first token, and how often a comment is sent after that while nothing has come. Ten seconds: below the
     * shortest read time-outs of common clients and proxies (30 to 60 s), above most first tokens.
     */
    @Within(above = true)
    @WithDefault("10s")
    Duration keepAlive();
}
