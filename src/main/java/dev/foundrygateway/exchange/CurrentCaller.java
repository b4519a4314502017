package dev.foundrygateway.exchange;

/** Who asks, for routes that the framework calls with nothing but their parameters. */
@FunctionalInterface
public interface CurrentCaller {
    /** The caller of the request that is being served on this thread. */
    Caller get();
}
