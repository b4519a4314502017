package dev.foundrygateway.edge;

import dev.foundrygateway.exchange.NanoClock;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.InstantSource;

/** The clocks of the running program: one for times that pass, one for the calendar. */
@Singleton
public class ServerClock implements NanoClock, InstantSource {
    @Override
    public long nanos() {
        return System.nanoTime();
    }

    @Override
    public Instant instant() {
        return Instant.now();
    }
}
