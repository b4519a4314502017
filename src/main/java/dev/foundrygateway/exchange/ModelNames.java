package dev.foundrygateway.exchange;

/** The closed set of model names that are configured or that an upstream lists. */
@FunctionalInterface
public interface ModelNames {
    /** What stands for every name outside the set. */
    String OTHER = "other";

    /** The name itself if it belongs to the set, else {@link #OTHER}: safe as a metric label. */
    String label(String model);
}
