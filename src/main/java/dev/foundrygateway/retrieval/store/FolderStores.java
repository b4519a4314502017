package dev.foundrygateway.retrieval.store;

import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.retrieval.RetrievalConfig;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.interceptor.Interceptor;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;

/**
 * The folders of {@code gateway.retrieval.stores}: each a store whose files are those in the folder, looked through at start and every few seconds. A file
 * whose size or time of change is another one is read again. Looked through rather than watched: watches miss network shares and run out.
 */
@ApplicationScoped
public class FolderStores {
    private static final Logger LOG = Logger.getLogger(FolderStores.class);
    private static final long PERIOD_MILLIS = 3_000;

    private final RetrievalConfig config;
    private final VectorStores stores;
    private final Vertx vertx;
    private final AtomicBoolean looking = new AtomicBoolean();
    private volatile long timer = -1;

    FolderStores(RetrievalConfig config, VectorStores stores, Vertx vertx) {
        this.config = config;
        this.stores = stores;
        this.vertx = vertx;
    }

    /** After the stores have been read. */
    void start(@Observes @Priority(Interceptor.Priority.LIBRARY_AFTER) StartupEvent event) {
        if (config.stores().isEmpty()) {
            return;
        }
        config.stores().forEach((id, store) -> {
            if (!Files.isDirectory(store.folder())) {
                throw new IllegalArgumentException(
                        "gateway.retrieval.stores." + id + ".folder is not a folder: " + store.folder());
            }
        });
        look();
        timer = vertx.setPeriodic(PERIOD_MILLIS, ignored -> look());
    }

    void stop(@Observes ShutdownEvent event) {
        vertx.cancelTimer(timer);
    }

    private void look() {
        if (!looking.compareAndSet(false, true)) {
            return;
        }
        vertx.executeBlocking(
                        () -> {
                            config.stores().forEach((id, store) -> sync(id, store.folder()));
                            return true;
                        },
                        false)
                .onComplete(ignored -> looking.set(false));
    }

    /** Brings one store to the state of its folder, as far as telling the ingest goes. */
    void sync(String id, Path folder) {
        try {
            VectorStore store = stores.folderStore(id);
            Map<String, StoreFile> known = store.record().files();
            Map<String, StoreFile> there = files(folder);
            List<StoreFile> changed = there.values().stream()
                    .filter(file -> !known.containsKey(file.id())
                            || !known.get(file.id()).stamp().equals(file.stamp()))
                    .toList();
            List<String> gone = known.keySet().stream()
                    .filter(file -> !there.containsKey(file))
                    .toList();
            if (!gone.isEmpty()) {
                stores.remove(store, gone);
            }
            if (!changed.isEmpty()) {
                stores.begin(store, changed, record -> record);
            }
        } catch (IOException | GatewayException e) {
            LOG.warnf("the folder of store %s cannot be looked through now: %s", id, e.getMessage());
        }
    }

    private Map<String, StoreFile> files(Path folder) throws IOException {
        Map<String, StoreFile> files = new HashMap<>();
        long now = Clock.systemUTC().instant().getEpochSecond();
        long largest = config.maxFileSize().asLongValue();
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes attributes) {
                boolean hidden =
                        !path.equals(folder) && path.getFileName().toString().startsWith(".");
                return hidden ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path path, BasicFileAttributes attributes) {
                if (attributes.isRegularFile()
                        && attributes.size() <= largest
                        && !path.getFileName().toString().startsWith(".")) {
                    String name = folder.relativize(path).toString().replace('\\', '/');
                    String stamp = attributes.size() + "-"
                            + attributes.lastModifiedTime().toMillis();
                    String file = Ids.of("file-", name);
                    files.put(file, inProgress(file, name, now, stamp));
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path path, IOException failure) {
                // Gone or closed to us meanwhile; the next look tells.
                return FileVisitResult.CONTINUE;
            }
        });
        return files;
    }

    private StoreFile inProgress(String file, String name, long now, String stamp) {
        return StoreFile.added(
                file,
                name,
                now,
                Map.of(),
                config.chunk().tokens(),
                config.chunk().overlap(),
                stamp);
    }
}
