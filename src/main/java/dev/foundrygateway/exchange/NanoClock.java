package dev.foundrygateway.exchange;

/** A monotonic clock in nanoseconds, {@link System#nanoTime} but in tests. Thread-safe. */
@FunctionalInterface
public interface NanoClock {
    /** Nanoseconds since some fixed moment. */
    long nanos();
}
