package dev.foundrygateway.exchange;

import java.util.List;

/** The parts that several models have in one answer. Read on the exchange's event loop. */
@FunctionalInterface
public interface Legs {
    /** One model answers, and there is nothing more to tell. */
    Legs NONE = List::of;

    /** Each model's part as far as it has come, in the order of asking. */
    List<LegReport> now();
}
