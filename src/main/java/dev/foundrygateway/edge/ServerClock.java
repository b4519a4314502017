package dev.foundrygateway.edge;

import dev.foundrygateway.exchange.NanoClock;
import jakarta.inject.Singleton;

/** The clock of the running program. */
@Singleton
public class ServerClock implements NanoClock {
    @Override
    public long nanos() {
        return System.nanoTime();
    }
}
