package dev.foundrygateway;

import dev.foundrygateway.chat.NanoClock;
import jakarta.enterprise.context.ApplicationScoped;

/** The clock of the running program. */
@ApplicationScoped
public class ServerClock implements NanoClock {
    @Override
    public long nanos() {
        return System.nanoTime();
    }
}
