package dev.foundrygateway.access;

import dev.foundrygateway.exchange.Within;
import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** {@code gateway.access.…}: who may call, and with how much. */
@ConfigMapping(prefix = AccessConfig.PREFIX)
public interface AccessConfig {
    /** The prefix of these keys. */
    String PREFIX = "gateway.access";

    /** The key of {@link #origins}. */
    String ORIGINS = PREFIX + ".origins";

    /** The key of {@link #hosts}. */
    String HOSTS = PREFIX + ".hosts";

    /**
     * The web origins whose pages may call everything, calls with effects included: {@code https://app.example.com}, with {@code *} inside the host or as
     * the port ({@code https://*.example.com}, {@code http://host:*}), {@code null} for pages without an origin, or a lone {@code *} for every page on
     * the web. None by default: local pages and pages from disk have what they need without it.
     */
    Optional<List<String>> origins();

    /**
     * Names by which clients may call a gateway that listens on loopback, beside {@code localhost}, {@code 127.0.0.1}, {@code [::1]} and
     * {@code *.localhost}: {@code name}, {@code name:port}, {@code *.domain}, or a lone {@code *}. None by default. On another address the Host is
     * checked only when this is set, since nobody but the operator knows the machine's names.
     */
    Optional<List<String>> hosts();

    /**
     * Request headers that pages of an allowed origin may send beside those that known clients send: names, names that end in {@code *}
     * ({@code x-acme-*}), or a lone {@code *} for whatever they ask for. None by default.
     */
    Optional<List<String>> headers();

    /**
     * Whether Chrome's former question before a public page's call into a private network is answered with yes. Off, since it lets pages of the web reach
     * into the network where they are allowed otherwise.
     */
    @WithDefault("false")
    boolean privateNetwork();

    /** Whether Foundry Local's calls that change the model server (unload, download, shut down) are taken at all. */
    @WithDefault("false")
    boolean management();

    /** Whether the program refuses to start while no API key is configured: a secret that is missing must not open the gateway to everybody. */
    @WithDefault("false")
    boolean requireKey();

    /** How large a request body may be, after decompression. 32 MB: above every prompt and picture, below what fills the heap. */
    @Within(min = 1)
    @WithDefault("32M")
    MemorySize bodyLimit();

    /**
     * How long a request body may take, from its head to its last byte. A minute: the longest body that is taken needs a line of 4.5 Mbit/s then, and a client that sends
     * a byte now and then holds a connection no longer.
     */
    @Within(above = true)
    @WithDefault("60s")
    Duration bodyTimeout();

    /**
     * How many bytes of request bodies are held at a time, those of all requests together, until each is answered. A quarter of the heap by default: a body is there twice
     * while it is edited, and retrieval needs the rest. A body that comes while no other is held is taken in any case.
     */
    @Within(min = 1)
    Optional<MemorySize> bodiesLimit();
}
