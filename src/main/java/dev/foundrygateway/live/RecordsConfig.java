package dev.foundrygateway.live;

import dev.foundrygateway.exchange.Within;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** {@code gateway.records.…}: what is remembered of exchanges that have ended. */
@ConfigMapping(prefix = RecordsConfig.PREFIX)
public interface RecordsConfig {
    /** The prefix of these keys. */
    String PREFIX = "gateway.records";

    /** How many of the last exchanges are kept in memory, at some 400 bytes each; 0 keeps none. Never what was asked or answered. */
    @Within(max = 1_000_000)
    @WithDefault("10000")
    int size();
}
