package dev.foundrygateway.upstream;

import dev.foundrygateway.exchange.NanoClock;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.StreamSupport;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * All model servers. The one named {@code foundry} comes first where there is one, then the others by name. Where others are configured and nothing is said of
 * {@code foundry}, it is only looked for at its usual address: it is none of them until something has answered there. Thread-safe.
 */
@ApplicationScoped
public class Upstreams {
    /** The upstream that {@code FOUNDRY_LOCAL_ENDPOINT} names. */
    public static final String FOUNDRY = "foundry";

    /** The value of a {@code url} that asks for the practice upstream by name. */
    public static final String PRACTICE = "practice";

    /** The value of a {@code url} that asks for a Foundry Local to be looked for. */
    static final String AUTO = "auto";

    private static final UpstreamAddress UNKNOWN = new UpstreamAddress(false, "127.0.0.1", 1, "");
    private static final String FOUNDRY_DEFAULT = "http://127.0.0.1:5273/v1";

    private final Map<String, Upstream> byName = new LinkedHashMap<>();
    private volatile List<Upstream> present;

    Upstreams(
            UpstreamsConfig config,
            ModelsConfig models,
            Config settings,
            @ConfigProperty(name = "quarkus.http.host") String ownHost,
            @ConfigProperty(name = "quarkus.http.port") int ownPort,
            NanoClock clock) {
        Map<String, UpstreamsConfig.UpstreamConfig> sorted = new TreeMap<>(config.byName());
        UpstreamsConfig.UpstreamConfig foundry = sorted.remove(FOUNDRY);
        if (foundry != null) {
            byName.put(FOUNDRY, upstream(FOUNDRY, foundry, ownHost, ownPort, clock));
        }
        sorted.forEach((name, one) -> byName.put(name, upstream(name, one, ownHost, ownPort, clock)));
        if (byName.isEmpty()) {
            throw new IllegalArgumentException("no upstream is configured; set FOUNDRY_LOCAL_ENDPOINT or "
                    + UpstreamsConfig.PREFIX + ".<name>.url");
        }
        boolean asked = sorted.isEmpty() || foundry == null || isAskedFor(foundry, models, settings);
        present = byName.values().stream()
                .filter(one -> asked || !one.name().equals(FOUNDRY))
                .toList();
    }

    /** Whether any setting speaks of the upstream {@code foundry}. That of its address is always there, maybe without a value. */
    private static boolean isAskedFor(UpstreamsConfig.UpstreamConfig foundry, ModelsConfig models, Config settings) {
        String prefix = UpstreamsConfig.PREFIX + "." + FOUNDRY + ".";
        return foundry.url().isPresent()
                || models.byAlias().values().stream()
                        .anyMatch(model ->
                                model.upstream().filter(FOUNDRY::equals).isPresent())
                || StreamSupport.stream(settings.getPropertyNames().spliterator(), false)
                        .anyMatch(name -> name.startsWith(prefix) && !name.equals(prefix + "url"));
    }

    private static Upstream upstream(
            String name, UpstreamsConfig.UpstreamConfig config, String ownHost, int ownPort, NanoClock clock) {
        String key = UpstreamsConfig.PREFIX + "." + name + ".url";
        List<String> urls = new ArrayList<>();
        config.url().ifPresent(urls::add);
        urls.addAll(config.urls().orElse(List.of()));
        if (urls.isEmpty() && name.equals(FOUNDRY)) {
            urls.add(FOUNDRY_DEFAULT);
        }
        if (urls.isEmpty()) {
            throw new IllegalArgumentException(key + " is missing: every upstream needs an address");
        }
        if (urls.size() > 1 && (urls.contains(AUTO) || urls.contains(PRACTICE))) {
            throw new IllegalArgumentException(
                    key + " cannot be " + urls.get(0) + " where " + key + "s names addresses");
        }
        List<UpstreamAddress> addresses =
                urls.stream().map(one -> address(key, one)).distinct().toList();
        for (UpstreamAddress address : addresses) {
            if (address.isOwn(ownHost, ownPort)) {
                throw new IllegalArgumentException(
                        key + " is the gateway's own address " + address
                                + "; set it (or FOUNDRY_LOCAL_ENDPOINT) to the model server's, or GATEWAY_PORT to another port");
            }
        }
        return new Upstream(name, config, addresses, urls.contains(AUTO), clock);
    }

    /** Where nothing is known yet, a port at which nothing answers. */
    private static UpstreamAddress address(String key, String url) {
        return url.equals(PRACTICE) || url.equals(AUTO) ? UNKNOWN : UpstreamAddress.parse(key, url);
    }

    /** Those that calls may go to now. */
    public Collection<Upstream> all() {
        return present;
    }

    /** {@link #all}, and a {@code foundry} that nobody has asked for: those to look for. */
    public Collection<Upstream> sought() {
        return byName.values();
    }

    /** This one has answered. Whether it is one of {@link #all} only since then. */
    boolean found(Upstream upstream) {
        if (present.contains(upstream)) {
            return false;
        }
        present = List.copyOf(byName.values());
        return true;
    }

    /** Where a model goes that nothing else is known of: the first one. */
    public Upstream fallback() {
        return present.get(0);
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
