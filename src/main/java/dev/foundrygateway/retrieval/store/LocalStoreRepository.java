package dev.foundrygateway.retrieval.store;

import dev.foundrygateway.exchange.Troubles;
import dev.foundrygateway.retrieval.RetrievalConfig;
import dev.foundrygateway.retrieval.store.StoreFile.Status;
import jakarta.enterprise.inject.Typed;
import jakarta.inject.Inject;
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
    private final Troubles troubles;
    private final Map<String, LocalStore> stores = new ConcurrentHashMap<>();
    private volatile Resume resume = (store, file) -> {};

    @Inject
    public LocalStoreRepository(RetrievalConfig config, Troubles troubles) {
        this.config = config;
        this.home = config.directory().resolve("stores");
        this.troubles = troubles;
    }

    public LocalStoreRepository(RetrievalConfig config) {
        this(config, new Troubles());
    }

    @Override
    public void open(Resume waiting) {
        resume = waiting;
        if (!Files.isDirectory(home)) {
            return;
        }
        try (Stream<Path> folders = Files.list(home)) {
            folders.filter(this::isOurs).forEach(this::load);
        } catch (IOException e) {
            throw new IllegalStateException("gateway.retrieval.directory cannot be read: " + home, e);
        }
    }

    /** Uploaded stores that lie here from the time before another backend was configured are left alone. */
    private boolean isOurs(Path folder) {
        return config.backend() == RetrievalConfig.Backend.LUCENE
                || config.stores().containsKey(folder.getFileName().toString());
    }

    private void load(Path folder) {
        String id = folder.getFileName().toString();
        try {
            LocalStore.load(folder, sourceOf(id), config.indexSettings(), this::rebuild)
                    .ifPresent(store -> {
                        stores.put(id, store);
                        if (store.lostChange()) {
                            LOG.errorf("a change in the log of %s is damaged and left out", folder);
                            troubles.note(
                                    id,
                                    "a change of the vector store " + id
                                            + " is damaged on the disk and lost: look whether all of its files are listed");
                        }
                        store.look();
                        store.record().files().values().stream()
                                .filter(file -> file.status() == Status.IN_PROGRESS)
                                .forEach(file -> resume.file(store, file.id()));
                    });
        } catch (IOException | RuntimeException e) {
            LOG.errorf(e, "the store in %s cannot be read and is left out", folder);
            troubles.note(
                    id,
                    "the record of the vector store " + id
                            + " is damaged: the store is left out. Its files are still there; delete " + folder
                            + " and make the store anew");
        }
    }

    /** A store whose index was damaged, or has another language now: what it had is read again. */
    private void rebuild(LocalStore store, String why) {
        String id = store.record().id();
        if (!why.isEmpty()) {
            LOG.errorf("the index of the vector store %s is damaged and is made again from its files: %s", id, why);
            troubles.note(id, "the index of the vector store " + id + " was damaged; it is made again from its files");
        }
        store.record().files().values().stream()
                .filter(file -> file.status() == Status.IN_PROGRESS)
                .forEach(file -> resume.file(store, file.id()));
    }

    private Optional<Path> sourceOf(String id) {
        return Optional.ofNullable(config.stores().get(id)).map(RetrievalConfig.FolderStore::folder);
    }

    @Override
    public VectorStore create(StoreRecord record) throws IOException {
        LocalStore store = LocalStore.create(
                home.resolve(record.id()), sourceOf(record.id()), config.indexSettings(), record, this::rebuild);
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
        String id = store.record().id();
        store.delete();
        stores.remove(id);
    }

    @Override
    public void close() throws IOException {
        for (LocalStore store : stores.values()) {
            store.close();
        }
    }
}
