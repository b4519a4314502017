package dev.foundrygateway.broken.metrics;

/**
 * What {@code UpstreamMeterUtil} must not see.
 *
 * @param name of a meter
 */
public record Counted(String name) {}
