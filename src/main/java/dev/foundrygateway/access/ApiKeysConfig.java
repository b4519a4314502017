package dev.foundrygateway.access;

import dev.foundrygateway.exchange.Within;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithParentName;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** {@code gateway.access.api-keys.<name>.…}: the keys that clients must show one of. None by default: then nobody is asked for a key. */
@ConfigMapping(prefix = ApiKeysConfig.PREFIX)
public interface ApiKeysConfig {
    /** The prefix of these keys. */
    String PREFIX = "gateway.access.api-keys";

    /** The keys by the names that the log and the answers call them by. */
    @WithParentName
    Map<String, ApiKeyConfig> byName();

    /** What a key may do beside asking models and keeping files. */
    enum KeyArea {
        /** See and cancel the exchanges of all keys, and see what they use. */
        OPERATE
    }

    /** One key. */
    interface ApiKeyConfig {
        /**
         * The key's SHA-256 as 64 hexadecimal digits, as {@code printf %s "$KEY" | sha256sum} prints it: the key itself stands in no file of the
         * gateway's. A fast hash is enough for a key that was drawn at random, and for no other.
         */
        String sha256();

        /** How many requests a minute it is good for; {@code gateway.access.rates.requests-per-minute} if empty. */
        @Within(min = 1)
        OptionalInt requestsPerMinute();

        /** How many tokens a minute, prompts and answers together; {@code gateway.access.rates.tokens-per-minute} if empty. */
        @Within(min = 1)
        OptionalInt tokensPerMinute();

        /** What it may use in a day, a week and a month. */
        BudgetsConfig.KeyBudgets budgets();

        /** What it may do beside asking models; nothing by default: of {@code /v1/gateway/exchanges} and {@code /v1/gateway/usage} it gets its own alone. */
        Optional<Set<KeyArea>> areas();
    }
}
