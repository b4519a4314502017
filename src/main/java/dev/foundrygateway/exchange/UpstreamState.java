package dev.foundrygateway.exchange;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is known of one upstream's health.
 *
 * @param name its configured name
 * @param url its address, without credentials
 * @param up whether it answered lately
 * @param dialect what kind of server it is, as its setting {@code dialect} names them; empty as long as nobody knows
 * @param models how many models it lists
 * @param circuit {@code closed}, {@code open} (its calls are refused at once) or {@code half_open} (the next one decides)
 * @param queued how many calls wait for a slot of one of its models
 * @param loading ids of the models that it is loading for a call
 * @param loaded the models that are loaded, as it tells them; empty where it doesn't tell
 * @param concurrency the models that were called, each with how many calls it may serve at a time now; empty where nothing limits them
 */
public record UpstreamState(
        String name,
        String url,
        boolean up,
        String dialect,
        int models,
        String circuit,
        int queued,
        List<String> loading,
        Optional<List<String>> loaded,
        Map<String, Integer> concurrency) {
    /**
     * Told when an upstream that nobody has asked for has answered, so that there is one more.
     *
     * @param name its name
     */
    public record Found(String name) {}

    /** Where the states of all upstreams can be read. */
    @FunctionalInterface
    public interface Source {
        /** The last known states, in the order of configuration; at once, without asking anyone. Thread-safe. */
        List<UpstreamState> states();
    }
}
