package dev.foundrygateway.exchange;

import java.util.List;
import java.util.Map;

/**
 * What is known of one upstream's health.
 *
 * @param name its configured name
 * @param url its address, without credentials
 * @param up whether it answered lately
 * @param models how many models it lists
 * @param circuit {@code closed}, {@code open} (its calls are refused at once) or {@code half_open} (the next one decides)
 * @param queued how many calls wait for a slot of one of its models
 * @param loading ids of the models that it is loading for a call
 * @param concurrency the models that were called, each with how many calls it may serve at a time now; empty where nothing limits them
 */
public record UpstreamState(
        String name,
        String url,
        boolean up,
        int models,
        String circuit,
        int queued,
        List<String> loading,
        Map<String, Integer> concurrency) {
    /** Where the states of all upstreams can be read. */
    @FunctionalInterface
    public interface Source {
        /** The last known states, in the order of configuration; at once, without asking anyone. Thread-safe. */
        List<UpstreamState> states();
    }
}
