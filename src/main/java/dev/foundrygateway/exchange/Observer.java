package dev.foundrygateway.exchange;

/** Takes what the features tell about their work: their way to the metrics, which they don't see. Thread-safe; never throws. */
@FunctionalInterface
public interface Observer {
    void observe(Observation observation);
}
