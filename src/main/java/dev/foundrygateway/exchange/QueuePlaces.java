package dev.foundrygateway.exchange;

import java.util.Map;

/** Who waits for a model's slot. Thread-safe. */
@FunctionalInterface
public interface QueuePlaces {
    /** The places of those that wait now, 1 for the next one, by the ids of their requests. */
    Map<String, Integer> byRequestId();
}
