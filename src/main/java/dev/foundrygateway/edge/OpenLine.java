package dev.foundrygateway.edge;

import io.quarkus.runtime.Application;
import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/** Dev mode's last line says where to look. */
@Singleton
public class OpenLine {
    private static final Logger LOG = Logger.getLogger("dev.foundrygateway");

    /** How often it is asked whether the start is over: Quarkus writes its own lines behind the start's event, and calls itself started after them. */
    private static final long PERIOD_MILLIS = 100;

    void start(@Observes StartupEvent event, Vertx vertx, @ConfigProperty(name = "quarkus.http.port") int port) {
        if (LaunchMode.current() == LaunchMode.DEVELOPMENT) {
            vertx.setPeriodic(PERIOD_MILLIS, timer -> {
                if (Application.currentApplication().isStarted()) {
                    vertx.cancelTimer(timer);
                    LOG.infof("Open http://localhost:%d", port);
                }
            });
        }
    }
}
