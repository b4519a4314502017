package dev.foundrygateway.edge;

import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.spi.ConfigSource;

/** Stops the start when a setting has a prefix that no feature reads: a misspelt setting must not be ignored. Below a prefix its mapping does the same. */
@ApplicationScoped
public class ConfigNames {
    private static final Set<String> PREFIXES = Set.of(
            "upstreams",
            "models",
            "sse",
            "access",
            "practice",
            "hybrid",
            "playground",
            "retrieval",
            "tracing",
            "messages",
            "schemas",
            "responses");

    private static final String ENVIRONMENT = "EnvConfigSource";

    private final Config config;

    ConfigNames(Config config) {
        this.config = config;
    }

    void check(@Observes @Priority(0) StartupEvent event) {
        Set<String> names = new TreeSet<>();
        for (ConfigSource source : config.getConfigSources()) {
            // Others write names of their own into the environment: Kubernetes does for each service, GATEWAY_PORT is
            // ours.
            if (!source.getName().startsWith(ENVIRONMENT)) {
                names.addAll(source.getPropertyNames());
            }
        }
        List<String> unknown = unknown(names);
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException(
                    "unknown settings " + unknown + "; the prefixes are gateway." + new TreeSet<>(PREFIXES));
        }
    }

    /** Those of the names that begin with {@code gateway.} and go on with no known prefix, sorted. */
    static List<String> unknown(Collection<String> names) {
        TreeSet<String> unknown = new TreeSet<>();
        for (String name : names) {
            if (name.startsWith("gateway.") && !PREFIXES.contains(name.split("\\.", 3)[1])) {
                unknown.add(name);
            }
        }
        return List.copyOf(unknown);
    }
}
