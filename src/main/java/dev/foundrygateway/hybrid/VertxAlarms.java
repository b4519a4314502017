package dev.foundrygateway.hybrid;

import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;

/** Alarms of Vert.x: they ring on the event loop that set them. */
@ApplicationScoped
class VertxAlarms implements Alarms {
    private final Vertx vertx;

    VertxAlarms(Vertx vertx) {
        this.vertx = vertx;
    }

    @Override
    public Alarm after(Duration time, Runnable then) {
        long timer = vertx.setTimer(Math.max(1, time.toMillis()), ignored -> then.run());
        return () -> vertx.cancelTimer(timer);
    }
}
