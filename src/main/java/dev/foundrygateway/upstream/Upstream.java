package dev.foundrygateway.upstream;

import java.util.List;

/** One configured model server. Thread-safe: all is fixed but its address, which may move while it runs. */
public final class Upstream {
    private final String name;
    private final UpstreamsConfig.UpstreamConfig config;
    private volatile UpstreamAddress address;

    Upstream(String name, UpstreamsConfig.UpstreamConfig config, UpstreamAddress address) {
        this.name = name;
        this.config = config;
        this.address = address;
    }

    /** Its name in the configuration. */
    public String name() {
        return name;
    }

    /** Where it listens now. */
    public UpstreamAddress address() {
        return address;
    }

    /** It listens elsewhere from now on; calls under way go on where they are. */
    public void moveTo(UpstreamAddress other) {
        address = other;
    }

    /** Whether its {@code url} asks for the practice upstream by name. */
    public boolean asksForPractice() {
        return config.url().orElse("").equals(Upstreams.PRACTICE);
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

    UpstreamsConfig.Timeouts timeouts() {
        return config.timeouts();
    }

    /** The name of one of its settings, for messages. */
    String key(String setting) {
        return UpstreamsConfig.PREFIX + "." + name + "." + setting;
    }
}
