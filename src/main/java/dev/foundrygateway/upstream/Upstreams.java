package dev.foundrygateway.upstream;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** All configured model servers. The one named {@code foundry} comes first where there is one, then the others by name. Thread-safe. */
@ApplicationScoped
public class Upstreams {
    /** The upstream that {@code FOUNDRY_LOCAL_ENDPOINT} names. */
    public static final String FOUNDRY = "foundry";

    /** The value of a {@code url} that asks for the practice upstream by name. */
    public static final String PRACTICE = "practice";

    private static final String FOUNDRY_DEFAULT = "http://127.0.0.1:5273/v1";

    private final Map<String, Upstream> byName = new LinkedHashMap<>();

    Upstreams(
            UpstreamsConfig config,
            @ConfigProperty(name = "quarkus.http.host") String ownHost,
            @ConfigProperty(name = "quarkus.http.port") int ownPort) {
        Map<String, UpstreamsConfig.UpstreamConfig> sorted = new TreeMap<>(config.byName());
        UpstreamsConfig.UpstreamConfig foundry = sorted.remove(FOUNDRY);
        if (foundry != null) {
            byName.put(FOUNDRY, upstream(FOUNDRY, foundry, ownHost, ownPort));
        }
        sorted.forEach((name, one) -> byName.put(name, upstream(name, one, ownHost, ownPort)));
        if (byName.isEmpty()) {
            throw new IllegalArgumentException("no upstream is configured; set FOUNDRY_LOCAL_ENDPOINT or "
                    + UpstreamsConfig.PREFIX + ".<name>.url");
        }
    }

    private static Upstream upstream(String name, UpstreamsConfig.UpstreamConfig config, String ownHost, int ownPort) {
        String key = UpstreamsConfig.PREFIX + "." + name + ".url";
        String url = config.url().orElse(name.equals(FOUNDRY) ? FOUNDRY_DEFAULT : "");
        if (url.isBlank()) {
            throw new IllegalArgumentException(key + " is missing: every upstream needs an address");
        }
        // Until the practice upstream has started it has no port; nothing answers at this one.
        UpstreamAddress address =
                url.equals(PRACTICE) ? new UpstreamAddress(false, "127.0.0.1", 1, "") : UpstreamAddress.parse(key, url);
        if (address.isOwn(ownHost, ownPort)) {
            throw new IllegalArgumentException(key + " is the gateway's own address " + address
                    + "; set it (or FOUNDRY_LOCAL_ENDPOINT) to the model server's, or GATEWAY_PORT to another port");
        }
        return new Upstream(name, config, address);
    }

    /** All of them. */
    public Collection<Upstream> all() {
        return byName.values();
    }

    /** Where a model goes that nothing else is known of: the first one. */
    public Upstream fallback() {
        return byName.values().iterator().next();
    }

    /**
     * The upstream of that name.
     *
     * @param key the setting that names it, for the message
     * @throws IllegalArgumentException when there is none
     */
    public Upstream named(String key, String name) {
        Upstream found = byName.get(name);
        if (found == null) {
            throw new IllegalArgumentException(
                    key + " names the upstream " + name + ", which is not configured; there are " + byName.keySet());
        }
        return found;
    }
}
