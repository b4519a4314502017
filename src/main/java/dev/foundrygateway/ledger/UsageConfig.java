package dev.foundrygateway.ledger;

import dev.foundrygateway.exchange.Within;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;

/** {@code gateway.usage.…}: the account of tokens and cost by key and model. */
@ConfigMapping(prefix = UsageConfig.PREFIX)
public interface UsageConfig {
    /** The prefix of these keys. */
    String PREFIX = "gateway.usage";

    /** Whether it is kept on disk; else it is forgotten at a restart, and budgets begin anew. */
    @WithDefault("true")
    boolean keep();

    /** Where its files, {@code usage-*}, are kept. Each gateway needs a folder of its own. */
    @WithDefault("${gateway.retrieval.directory:data/retrieval}")
    Path directory();

    /** How many days it goes back. */
    @Within(min = 31, max = 10_000)
    @WithDefault("400")
    int days();

    /**
     * How often this gateway tells the others what it has used, and hears what they have; with {@code gateway.retrieval.backend=opensearch} alone. Until then
     * their budgets don't know of it.
     */
    @Within(min = 0.1, max = 3_600)
    @WithDefault("5s")
    Duration shareEvery();
}
