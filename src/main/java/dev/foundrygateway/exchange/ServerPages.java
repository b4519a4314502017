package dev.foundrygateway.exchange;

import io.vertx.core.Future;
import java.util.List;

/** What model servers tell about themselves, where a setting asks for it. Thread-safe. */
@FunctionalInterface
public interface ServerPages {
    /**
     * One server's metrics.
     *
     * @param upstream its configured name
     * @param model the model that it serves; empty if it serves several, or it is not known which
     * @param address where it was asked, for an upstream with several addresses; empty for another
     * @param text in Prometheus' text format, as it came
     */
    record Page(String upstream, String model, String address, String text) {}

    /** Asks all of them now. A server that does not answer in time is left out; never fails. */
    Future<List<Page>> pages();
}
