package dev.foundrygateway.access;

import dev.foundrygateway.exchange.Within;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.OptionalInt;

/** {@code gateway.access.rates.…}: what each API key is good for, where it has no rate of its own. Unlimited by default. */
@ConfigMapping(prefix = RatesConfig.PREFIX)
public interface RatesConfig {
    /** The prefix of these keys. */
    String PREFIX = "gateway.access.rates";

    /** Requests a minute. A minute's worth may come at once. */
    @Within(min = 1)
    OptionalInt requestsPerMinute();

    /** Tokens a minute, prompts and answers together, as the model server counts them. */
    @Within(min = 1)
    OptionalInt tokensPerMinute();

    /**
     * How many tokens an answer may have where its client sets no limit and the key's tokens are limited: they are reserved before the call is sent. Long
     * enough for most answers, short enough that several calls may run at once.
     */
    @Within(min = 1)
    @WithDefault("2048")
    int answerTokens();
}
