package dev.foundrygateway.retrieval.store;

import dev.foundrygateway.exchange.GatewayException;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;

/**
 * Deletes files and uploads whose time is over, once a minute; nobody sees them from that time on. A store is listed as expired for a day more, and then deleted.
 */
@ApplicationScoped
public class ExpiredFiles {
    private static final Logger LOG = Logger.getLogger(ExpiredFiles.class);
    private static final long PERIOD_MILLIS = 60_000;
    private static final long LISTED_SECONDS = 86_400;

    private final UploadedFiles files;
    private final VectorStores stores;
    private final PartialUploads uploads;
    private final Vertx vertx;
    private final AtomicBoolean sweeping = new AtomicBoolean();
    private volatile long timer = -1;
    private volatile long started;

    ExpiredFiles(UploadedFiles files, VectorStores stores, PartialUploads uploads, Vertx vertx) {
        this.files = files;
        this.stores = stores;
        this.uploads = uploads;
        this.vertx = vertx;
    }

    void start(@Observes StartupEvent event) {
        started = now();
        timer = vertx.setPeriodic(PERIOD_MILLIS, ignored -> {
            if (sweeping.compareAndSet(false, true)) {
                vertx.executeBlocking(
                                () -> {
                                    sweep();
                                    return true;
                                },
                                false)
                        .onComplete(done -> sweeping.set(false));
            }
        });
    }

    void stop(@Observes ShutdownEvent event) {
        vertx.cancelTimer(timer);
    }

    /** Takes away what has expired. */
    void sweep() {
        try {
            uploads.sweep();
        } catch (IOException | GatewayException e) {
            told(e);
        }
        long now = now();
        try {
            for (VectorStore store : stores.uploaded()) {
                StoreRecord record = store.record();
                // Who comes back to a gateway that was away shall find it, and may lift the limit.
                if (record.expiresAt() > 0 && Math.max(record.expiresAt(), started) + LISTED_SECONDS < now) {
                    stores.delete(record.id());
                }
            }
        } catch (GatewayException e) {
            told(e);
        }
        try {
            List<String> ids =
                    new ArrayList<>(files.expired().stream().map(FileRecord::id).toList());
            for (VectorStore store : stores.uploaded()) {
                takeOut(store, ids);
            }
            for (String id : ids) {
                try {
                    files.drop(id);
                } catch (IOException | GatewayException e) {
                    told(e);
                }
            }
        } catch (IOException | GatewayException e) {
            told(e);
        }
    }

    private static long now() {
        return Clock.systemUTC().instant().getEpochSecond();
    }

    /** A store that can't be changed keeps its files for the next time, and doesn't hold the others back. */
    private void takeOut(VectorStore store, List<String> ids) {
        try {
            stores.removeThere(store, ids);
        } catch (GatewayException e) {
            told(e);
            ids.removeIf(store.record().files()::containsKey);
        }
    }

    private static void told(Exception failure) {
        LOG.warnf("what has expired is not deleted now: %s", failure.getMessage());
    }
}
