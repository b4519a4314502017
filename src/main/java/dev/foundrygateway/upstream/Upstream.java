package dev.foundrygateway.upstream;

import java.util.List;

/** One configured model server. Thread-safe: all is fixed but its address, which may move while it runs. */
public final class Upstream {
    private final String name;
    private final UpstreamsConfig.UpstreamConfig config;
    private final boolean discovered;
    private volatile List<Endpoint> endpoints;
    private volatile Dialect dialect = Dialect.OPENAI;

    Upstream(
            String name,
            UpstreamsConfig.UpstreamConfig config,
            List<UpstreamAddress> addresses,
            boolean discovered) {
        this.name = name;
        this.config = config;
        this.discovered = discovered;
        this.endpoints = addresses.stream().map(Endpoint::new).toList();
    }

    /** Its name in the configuration. */
    public String name() {
        return name;
    }

    /** Where it listens now: the address that the next call would go to. */
    public UpstreamAddress address() {
        return choose(System.nanoTime()).address();
    }

    /** It listens elsewhere from now on; calls under way go on where they are. */
    public void moveTo(UpstreamAddress other) {
        endpoints = List.of(new Endpoint(other));
    }

    /** Whether it has to be looked for. */
    boolean isDiscovered() {
        return discovered;
    }

    /** Of its addresses that haven't failed lately, or of all if all have, the one with the fewest calls under way. */
    Endpoint choose(long nowNanos) {
        List<Endpoint> all = endpoints;
        Endpoint best = all.get(0);
        for (int i = 1; i < all.size(); i++) {
            Endpoint next = all.get(i);
            boolean up = !next.isOut(nowNanos);
            boolean bestUp = !best.isOut(nowNanos);
            if (up != bestUp ? up : next.inFlight() < best.inFlight()) {
                best = next;
            }
        }
        return best;
    }

    /** A call could not reach that address: others are tried for as long as an open breaker would pause. */
    void takeOut(Endpoint failing, long nowNanos) {
        failing.takeOut(nowNanos + config.breaker().delay().toNanos());
    }

    /** What kind of server it was when it was last asked. */
    Dialect dialect() {
        return dialect;
    }

    void recognised(Dialect found) {
        dialect = found;
    }

    /** The {@code Authorization} value for it, empty if none. */
    String authorization() {
        return config.apiKey().map(key -> "Bearer " + key).orElse("");
    }

    boolean forwardsAuthorization() {
        return config.forwardAuthorization();
    }

    List<String> configuredModels() {
        return config.models().orElse(List.of());
    }

    UpstreamsConfig.UpstreamConfig config() {
        return config;
    }

    UpstreamsConfig.Timeouts timeouts() {
        return config.timeouts();
    }

    /** The name of one of its settings, for messages. */
    String key(String setting) {
        return UpstreamsConfig.PREFIX + "." + name + "." + setting;
    }
}
