package dev.foundrygateway.exchange;

import java.time.LocalDate;

/** What API keys have used so far. Thread-safe. */
@FunctionalInterface
public interface KeyUsage {
    /** All that the key of that configured name has used from the beginning of that day on, in UTC. */
    Spending since(String key, LocalDate day);
}
