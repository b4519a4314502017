package dev.foundrygateway.schema;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** {@code gateway.schemas.…}: how far the gateway goes for an answer that keeps its schema. */
@ConfigMapping(prefix = "gateway.schemas")
public interface SchemaConfig {
    /** How often a model is asked again after an answer that broke the schema; 0 for never. Once, since what fails twice fails as a rule for good. */
    @WithDefault("1")
    int retries();

    /** After how long no further try is begun. Within a client's own time-out of a minute or more. */
    @WithDefault("60s")
    Duration time();

    /** The longest answer that is checked, in bytes of its JSON; a longer one breaks the rule {@code length}. Many times what a model writes. */
    @WithDefault("1M")
    MemorySize answerLimit();
}
