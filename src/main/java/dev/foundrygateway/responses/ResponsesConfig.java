package dev.foundrygateway.responses;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;

/** {@code gateway.responses.…}: responses that are kept for {@code previous_response_id} and for reading again. */
@ConfigMapping(prefix = "gateway.responses")
public interface ResponsesConfig {
    /** Where they are kept, a file each; made when the first one comes. */
    @WithDefault("${gateway.retrieval.directory}/responses")
    Path directory();

    /** How many are kept, the latest; with 0 none is, as if every request said {@code "store":false}. */
    @WithDefault("10000")
    int maxCount();

    /** How large all of them may be together; those changed longest ago go first. */
    @WithDefault("256M")
    MemorySize maxSize();

    /** How long one is kept after its last change; OpenAI's own time. */
    @WithDefault("30d")
    Duration keep();
}
