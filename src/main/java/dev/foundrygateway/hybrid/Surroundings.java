package dev.foundrygateway.hybrid;

import dev.foundrygateway.exchange.LoadedModels;
import dev.foundrygateway.exchange.Loop;
import dev.foundrygateway.exchange.ModelFacts;
import dev.foundrygateway.exchange.NanoClock;
import dev.foundrygateway.exchange.Observer;
import java.time.Duration;

/** What every hybrid answer needs of the program around it. */
record Surroundings(ModelFacts facts, LoadedModels loaded, NanoClock clock, Alarms alarms, Observer observer) {
    /** Wakes somebody later, on the event loop that asked. */
    @FunctionalInterface
    interface Alarms {
        /** Runs something after that time, once. */
        Loop.Alarm after(Duration time, Runnable then);
    }
}
