package dev.foundrygateway.exchange;

import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/** What several gateways have used, each one's sums of each day, where all of them can read it. Thread-safe; for worker threads. A {@link GatewayException} where it can't be reached. */
public interface SharedUsage {
    /**
     * What one gateway has counted on one day.
     *
     * @param gateway its id, of letters, digits and {@code -}
     * @param day in UTC
     * @param rows a line for each key and model, in words that only who counts reads
     */
    record Part(String gateway, LocalDate day, String rows) {}

    /**
     * What was put lately.
     *
     * @param parts of each gateway and day the newest; some may be known already
     * @param position from where to ask the next time
     */
    record News(List<Part> parts, long position) {}

    /** Keeps a part in place of the one of the same gateway and day. */
    void put(Part part);

    /**
     * What was put since.
     *
     * @param position what the last news told; 0 for all there is. If the answer's is a lower one, what was there was lost, and the next question is to begin anew
     */
    News since(long position);

    /** Deletes what is of a day before this one. */
    void forget(LocalDate before);

    /** Where it is; empty where each gateway counts alone. */
    @FunctionalInterface
    interface Shared {
        Optional<SharedUsage> usage();
    }
}
