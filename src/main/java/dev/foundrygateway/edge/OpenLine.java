package dev.foundrygateway.edge;

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

    /** Quarkus writes its own lines right behind the start's event. */
    private static final long AFTER_QUARKUS_MILLIS = 400;

    void start(
            @Observes StartupEvent event, Vertx vertx, @ConfigProperty(name = "quarkus.http.port") int port) {
        if (LaunchMode.current() == LaunchMode.DEVELOPMENT) {
            vertx.setTimer(AFTER_QUARKUS_MILLIS, ignored -> LOG.infof("Open http://localhost:%d", port));
        }
    }
}
