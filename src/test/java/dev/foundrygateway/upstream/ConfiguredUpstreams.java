package dev.foundrygateway.upstream;

import dev.foundrygateway.exchange.NanoClock;
import io.quarkus.tls.TlsConfiguration;
import io.quarkus.tls.TlsConfigurationRegistry;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Upstreams as the configuration makes them, for tests. */
public final class ConfiguredUpstreams {
    private ConfiguredUpstreams() {}

    /**
     * The upstream {@code foundry} with these settings.
     *
     * @param settings names below {@code gateway.upstreams.foundry.} and values, in turn
     */
    public static Upstream foundry(String url, String... settings) {
        return foundry(System::nanoTime, url, settings);
    }

    /** The same, with this clock. */
    static Upstream foundry(NanoClock clock, String url, String... settings) {
        Map<String, String> keys = new HashMap<>();
        keys.put("gateway.upstreams.foundry.url", url);
        for (int i = 0; i < settings.length; i += 2) {
            keys.put("gateway.upstreams.foundry." + settings[i], settings[i + 1]);
        }
        UpstreamsConfig config = new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .withMapping(UpstreamsConfig.class)
                .withSources(new PropertiesConfigSource(keys, "test", 100))
                .build()
                .getConfigMapping(UpstreamsConfig.class);
        UpstreamsConfig.UpstreamConfig only =
                config.byName().values().iterator().next();
        List<UpstreamAddress> addresses = new ArrayList<>(List.of(UpstreamAddress.parse("url", url)));
        only.urls().orElse(List.of()).forEach(more -> addresses.add(UpstreamAddress.parse("urls", more)));
        return new Upstream("foundry", only, addresses, false, clock);
    }

    /** Without any configuration of TLS. */
    static UpstreamTls noTls() {
        return new UpstreamTls(new TlsConfigurationRegistry() {
            @Override
            public Optional<TlsConfiguration> get(String name) {
                return Optional.empty();
            }

            @Override
            public Optional<TlsConfiguration> getDefault() {
                return Optional.empty();
            }

            @Override
            public void register(String name, TlsConfiguration configuration) {
                throw new UnsupportedOperationException();
            }
        });
    }
}
