package dev.foundrygateway.access;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.List;
import java.util.Optional;

/** {@code gateway.access.…}: who may call, and with how much. */
@ConfigMapping(prefix = "gateway.access")
public interface AccessConfig {
    /**
     * Origins whose pages may use all of the gateway, beside its own: exact ones such as {@code https://app.example}, or patterns with {@code *} in the
     * host or port, such as {@code https://*.example.com} or {@code http://host:*}. A lone {@code *} opens the gateway to every page.
     */
    Optional<List<String>> origins();

    /** Host names that the gateway answers to beside those of loopback; with none and another bind address than loopback, every name. */
    Optional<List<String>> hosts();

    /** The largest request body, after decompression. 32 MB: room for images and audio, not for a memory's worth. */
    @WithDefault("32M")
    MemorySize bodyLimit();

    /** Whether a preflight that asks for access to a private network is granted it. */
    @WithDefault("false")
    boolean privateNetwork();
}
