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

    /** What a key may do. */
    enum KeyArea {
        /** See and cancel the exchanges of all keys: never without being named. */
        OPERATE,
        /** Ask models, list them, and read what it has asked. */
        MODELS,
        /** Keep, read and search files and stores, by a chat too. */
        STORES,
        /** Change the model server: load models and, where it is taken at all, unload them and shut it down. */
        MANAGE
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

        /**
         * What it may do: of {@code models}, {@code stores} and {@code manage} those that are named, all three where none is; with {@code operate} it sees
         * and cancels the exchanges of all keys, and else its own alone. All but {@code operate} by default.
         */
        Optional<Set<KeyArea>> areas();

        /**
         * The models that it may ask and see in lists, each by any name that leads to it: alias, id, id without version. A virtual model is named by its own name, and
         * asks its two models for every key that may ask it. All by default.
         */
        Optional<Set<String>> models();

        /** The ids of the stores that it may open, of those that it owns or that are everybody's or shared. With such a list it makes no stores. All by default. */
        Optional<Set<String>> stores();
    }
}
