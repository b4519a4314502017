package dev.foundrygateway.exchange;

/** How busy the servers of models are, with everybody's calls. Thread-safe. */
@FunctionalInterface
public interface ServerLoad {
    /**
     * What one server has to do.
     *
     * @param begun calls that have begun, of whatever model; it may begin anew where the server moves
     * @param open calls under way or waiting, and models being loaded for one
     */
    record Load(long begun, int open) {}

    /** That of the server of a model; nothing where nobody is known to serve it. At once, without asking anyone. */
    Load of(String model);
}
