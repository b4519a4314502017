package dev.foundrygateway.chat;

import java.util.List;

/**
 * What is known of one upstream's health.
 *
 * @param name its configured name
 * @param url its address, without credentials
 * @param up whether it answered lately
 * @param models how many models it lists
 */
public record UpstreamState(String name, String url, boolean up, int models) {
    /** Where the states of all upstreams can be read. */
    @FunctionalInterface
    public interface Source {
        /** The last known states, in the order of configuration; at once, without asking anyone. Thread-safe. */
        List<UpstreamState> states();
    }
}
