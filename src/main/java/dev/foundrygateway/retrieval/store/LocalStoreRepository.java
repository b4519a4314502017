package dev.foundrygateway.retrieval.store;

import dev.foundrygateway.retrieval.RetrievalConfig;
import dev.foundrygateway.retrieval.store.StoreFile.Status;
import jakarta.enterprise.inject.Typed;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/** The stores below {@code gateway.retrieval.directory}, this gateway's own: each a folder. */
@Singleton
@Typed(LocalStoreRepository.class)
public class LocalStoreRepository implements StoreRepository {
    private static final Logger LOG = Logger.getLogger(LocalStoreRepository.class);

    private final RetrievalConfig config;
    private final Path home;
    private final Map<String, LocalStore> stores = new ConcurrentHashMap<>();

    public LocalStoreRepository(RetrievalConfig config) {
        this.config = config;
        this.home = config.directory().resolve("stores");
    }

    @Override
    public void open(Resume resume) {
        if (!Files.isDirectory(home)) {
            return;
        }
        try (Stream<Path> folders = Files.list(home)) {
            folders.filter(this::isOurs).forEach(folder -> load(folder, resume));
        } catch (IOException e) {
            throw new IllegalStateException("gateway.retrieval.directory cannot be read: " + home, e);
        }
    }

    /** Uploaded stores that lie here from the time before another backend was configured are left alone. */
    private boolean isOurs(Path folder) {
        return config.backend() == RetrievalConfig.Backend.LUCENE
                || config.stores().containsKey(folder.getFileName().toString());
    }

    private void load(Path folder, Resume resume) {
        String id = folder.getFileName().toString();
        try {
            LocalStore.load(folder, sourceOf(id), config.indexSettings()).ifPresent(store -> {
                stores.put(id, store);
                store.record().files().values().stream()
                        .filter(file -> file.status() == Status.IN_PROGRESS)
                        .forEach(file -> resume.file(store, file.id()));
            });
        } catch (IOException | RuntimeException e) {
            LOG.errorf(e, "the store in %s cannot be read and is left out", folder);
        }
    }

    private Optional<Path> sourceOf(String id) {
        return Optional.ofNullable(config.stores().get(id)).map(RetrievalConfig.FolderStore::folder);
    }

    @Override
    public VectorStore create(StoreRecord record) throws IOException {
        LocalStore store =
                LocalStore.create(home.resolve(record.id()), sourceOf(record.id()), config.indexSettings(), record);
        stores.put(record.id(), store);
        return store;
    }

    @Override
    public Optional<VectorStore> find(String id) {
        return Optional.ofNullable(stores.get(id));
    }

    @Override
    public List<VectorStore> all() {
        return List.copyOf(stores.values());
    }

    @Override
    public void delete(VectorStore store) throws IOException {
        stores.remove(store.record().id());
        store.delete();
    }

    @Override
    public void close() throws IOException {
        for (LocalStore store : stores.values()) {
            store.close();
        }
    }
}
