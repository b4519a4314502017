package dev.foundrygateway.access;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithParentName;
import java.util.Map;
import java.util.OptionalInt;

/** {@code gateway.access.api-keys.<name>.…}: the keys that clients must show one of. None by default: then nobody is asked for a key. */
@ConfigMapping(prefix = ApiKeysConfig.PREFIX)
public interface ApiKeysConfig {
    /** The prefix of these keys. */
    String PREFIX = "gateway.access.api-keys";

    /** The keys by the names that the log and the answers call them by. */
    @WithParentName
    Map<String, ApiKeyConfig> byName();

    /** One key. */
    interface ApiKeyConfig {
        /**
         * The key's SHA-256 as 64 hexadecimal digits, as {@code printf %s "$KEY" | sha256sum} prints it: the key itself stands in no file of the
         * gateway's. A fast hash is enough for a key that was drawn at random, and for no other.
         */
        String sha256();

        /** How many requests a minute it is good for; {@code gateway.access.rates.requests-per-minute} if empty. */
        OptionalInt requestsPerMinute();

        /** How many tokens a minute, prompts and answers together; {@code gateway.access.rates.tokens-per-minute} if empty. */
        OptionalInt tokensPerMinute();
    }
}
