package dev.foundrygateway.hybrid;

import dev.foundrygateway.exchange.LoadedModels;
import dev.foundrygateway.exchange.Loop;
import dev.foundrygateway.exchange.ModelFacts;
import dev.foundrygateway.exchange.NanoClock;
import dev.foundrygateway.exchange.Observer;
import io.vertx.core.Vertx;
import java.time.Duration;

/** What every hybrid answer needs of the program around it. */
record Surroundings(ModelFacts facts, LoadedModels loaded, NanoClock clock, Alarms alarms, Observer observer) {
    /** Those of the program, with alarms on the event loop that asks. */
    static Surroundings of(ModelFacts facts, LoadedModels loaded, NanoClock clock, Vertx vertx, Observer observer) {
        return new Surroundings(
                facts, loaded, clock, (time, then) -> Loop.current(vertx).after(time.toNanos(), then), observer);
    }

    /** Wakes somebody later, on the event loop that asked. */
    @FunctionalInterface
    interface Alarms {
        /** Runs something after that time, once. */
        Loop.Alarm after(Duration time, Runnable then);
    }
}
