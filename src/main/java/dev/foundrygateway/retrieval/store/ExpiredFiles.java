package dev.foundrygateway.retrieval.store;

import dev.foundrygateway.exchange.GatewayException;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import org.jboss.logging.Logger;

/** Deletes files and uploads whose time is over, once a minute; nobody sees them from that time on. */
@ApplicationScoped
public class ExpiredFiles {
    private static final Logger LOG = Logger.getLogger(ExpiredFiles.class);
    private static final long PERIOD_MILLIS = 60_000;

    private final UploadedFiles files;
    private final VectorStores stores;
    private final PartialUploads uploads;
    private final Vertx vertx;
    private volatile long timer = -1;

    ExpiredFiles(UploadedFiles files, VectorStores stores, PartialUploads uploads, Vertx vertx) {
        this.files = files;
        this.stores = stores;
        this.uploads = uploads;
        this.vertx = vertx;
    }

    void start(@Observes StartupEvent event) {
        timer = vertx.setPeriodic(PERIOD_MILLIS, ignored -> vertx.executeBlocking(
                () -> {
                    sweep();
                    return true;
                },
                false));
    }

    void stop(@Observes ShutdownEvent event) {
        vertx.cancelTimer(timer);
    }

    /** Takes away what has expired. */
    void sweep() {
        try {
            for (FileRecord file : files.expired()) {
                stores.removeEverywhere(file.id());
                files.drop(file.id());
            }
            uploads.sweep();
        } catch (IOException | GatewayException e) {
            LOG.warnf("what has expired is not deleted now: %s", e.getMessage());
        }
    }
}
