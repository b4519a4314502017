package dev.foundrygateway.hybrid;

import dev.foundrygateway.exchange.Loop;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;

/** Alarms of the event loop: they ring on the event loop that set them. */
@ApplicationScoped
class VertxAlarms implements Alarms {
    private final Vertx vertx;

    VertxAlarms(Vertx vertx) {
        this.vertx = vertx;
    }

    @Override
    public Alarm after(Duration time, Runnable then) {
        return Loop.current(vertx).after(time.toNanos(), then)::off;
    }
}
