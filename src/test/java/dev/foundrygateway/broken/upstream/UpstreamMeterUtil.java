package dev.foundrygateway.broken.upstream;

import dev.foundrygateway.broken.metrics.Counted;
import io.micrometer.core.instrument.MeterRegistry;

/** Breaks three rules on purpose: a feature that sees another, Micrometer outside metrics, a catch-all name. */
public final class UpstreamMeterUtil {
    private UpstreamMeterUtil() {}

    /** Counts what another feature should count. */
    public static void count(MeterRegistry registry, Counted counted) {
        registry.counter(counted.name()).increment();
    }
}
