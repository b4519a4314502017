package dev.foundrygateway.retrieval;

import io.quarkus.runtime.configuration.DurationConverter;
import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.runtime.configuration.MemorySizeConverter;
import io.quarkus.runtime.configuration.PathConverter;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** The settings of retrieval without a gateway. */
public final class TestSettings {
    private static final int PRIORITY = 100;

    private TestSettings() {}

    /** The defaults, but for these. */
    public static RetrievalConfig with(String key, String value) {
        return new SmallRyeConfigBuilder()
                .withMapping(RetrievalConfig.class)
                .withConverter(Duration.class, PRIORITY, new DurationConverter())
                .withConverter(Path.class, PRIORITY, new PathConverter())
                .withConverter(MemorySize.class, PRIORITY, new MemorySizeConverter())
                .withSources(new PropertiesConfigSource(Map.of(key, value), "test", PRIORITY))
                .build()
                .getConfigMapping(RetrievalConfig.class);
    }
}
