package dev.foundrygateway.retrieval.store;

import dev.foundrygateway.exchange.Caller;
import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.exchange.Troubles;
import dev.foundrygateway.openai.ErrorCode;
import dev.foundrygateway.retrieval.InputLimits;
import dev.foundrygateway.retrieval.PromptText;
import dev.foundrygateway.retrieval.RetrievalConfig;
import dev.foundrygateway.retrieval.index.Analyzers;
import dev.foundrygateway.retrieval.read.Section;
import dev.foundrygateway.retrieval.store.StoreFile.Status;
import dev.foundrygateway.retrieval.store.StoreRecord.Batch;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** All stores: made, listed, changed, filled and deleted. What a method has returned is safe. Thread-safe; for worker threads. */
@ApplicationScoped
public class VectorStores {
    private final RetrievalConfig config;
    private final UploadedFiles uploads;
    private final Ingestion ingestion;
    private final Clock clock;
    private final StoreRepository folders;
    private final StoreRepository uploaded;
    private final RetrievalFolder home;
    private final InputLimits limits;
    private final AtomicLong lastPlace = new AtomicLong();
    private final DeletedPlaces deleted = new DeletedPlaces();

    @Inject
    public VectorStores(
            RetrievalConfig config,
            UploadedFiles uploads,
            Ingestion ingestion,
            LocalStoreRepository folders,
            StoreRepository uploaded,
            RetrievalFolder home) {
        this(config, uploads, ingestion, folders, uploaded, home, Clock.systemUTC());
    }

    /** Without a folder of its own. */
    public VectorStores(
            RetrievalConfig config,
            UploadedFiles uploads,
            Ingestion ingestion,
            StoreRepository folders,
            StoreRepository uploaded) {
        this(
                config,
                uploads,
                ingestion,
                folders,
                uploaded,
                new RetrievalFolder(config, new Troubles()),
                Clock.systemUTC());
    }

    public VectorStores(
            RetrievalConfig config,
            UploadedFiles uploads,
            Ingestion ingestion,
            StoreRepository folders,
            StoreRepository uploaded,
            RetrievalFolder home,
            Clock clock) {
        this.config = config;
        this.uploads = uploads;
        this.ingestion = ingestion;
        this.clock = clock;
        this.folders = folders;
        this.uploaded = uploaded;
        this.home = home;
        this.limits = config.inputLimits();
    }

    void start(@Observes StartupEvent event) {
        Analyzers.of(config.language()).close(); // a wrong language ends the start here, not the first ingest
        if (config.backend() == RetrievalConfig.Backend.LUCENE
                || !config.stores().isEmpty()) {
            home.take();
        }
        uploads.open();
        repositories().forEach(repository -> repository.open(ingestion::resume));
    }

    public void stop(@Observes ShutdownEvent event) throws IOException {
        for (StoreRepository repository : repositories()) {
            repository.close();
        }
        home.leave();
    }

    /** Both repositories; one where uploaded stores are kept on this machine, too. */
    private Collection<StoreRepository> repositories() {
        return new LinkedHashSet<>(List.of(folders, uploaded));
    }

    /** Makes an empty store that is everybody's. */
    public StoreRecord create(String name, int expiresAfterDays, Map<String, String> metadata) {
        return create(name, expiresAfterDays, metadata, "", "", false);
    }

    /**
     * Makes an empty store.
     *
     * @param description what the client says of it; may be empty
     * @param owner the name of an API key; empty for everybody's
     * @param shared whether other keys may search it, too
     */
    public StoreRecord create(
            String name,
            int expiresAfterDays,
            Map<String, String> metadata,
            String description,
            String owner,
            boolean shared) {
        Instant now = clock.instant();
        long micros = now.getEpochSecond() * 1_000_000 + now.getNano() / 1_000;
        StoreRecord record = empty(Ids.random("vs_"), name, expiresAfterDays, metadata)
                .describedAs(description)
                .placed(lastPlace.updateAndGet(last -> Math.max(last + 1, micros)))
                .ownedBy(owner, shared);
        create(uploaded, record);
        return record;
    }

    /** The store of a configured folder, made if it is not there yet. */
    VectorStore folderStore(String id) {
        return folders.find(id).orElseGet(() -> create(folders, empty(id, id, 0, Map.of())));
    }

    private StoreRecord empty(String id, String name, int days, Map<String, String> metadata) {
        return new StoreRecord(id, name, now(), now(), days, Map.copyOf(metadata), Map.of(), Map.of());
    }

    private static VectorStore create(StoreRepository repository, StoreRecord record) {
        try {
            return repository.create(record);
        } catch (IOException e) {
            throw DiskFailure.of("the vector store was not made", e);
        }
    }

    /** All stores, the oldest first. */
    public List<StoreRecord> all() {
        return repositories().stream()
                .flatMap(repository -> repository.all().stream())
                .map(VectorStore::record)
                .sorted(Comparator.comparingLong(StoreRecord::order).thenComparing(StoreRecord::id))
                .toList();
    }

    /** The store of that id. */
    public StoreRecord get(String id) {
        return store(id).record();
    }

    /** The open store of that id. */
    public VectorStore store(String id) {
        limits.id(id, "vector_store_id");
        return folders.find(id).or(() -> uploaded.find(id)).orElseThrow(() -> unknown(id));
    }

    private static GatewayException unknown(String id) {
        return new GatewayException(
                ErrorCode.VECTOR_STORE_NOT_FOUND,
                "there is no vector store " + PromptText.clean(id),
                "vector_store_id");
    }

    /**
     * The store of that id, if it is this caller's to search.
     *
     * @throws GatewayException {@code vector_store_not_found} else: whether another's store is there is nobody's to know
     */
    public VectorStore open(String id, Caller caller) {
        Authority.check(caller);
        VectorStore store = store(id);
        StoreRecord record = store.record();
        if (!Authority.sees(caller, record)) {
            throw unknown(id);
        }
        return store;
    }

    /** The record of a store that is this caller's to change. */
    public StoreRecord own(String id, Caller caller) {
        StoreRecord record = open(id, caller).record();
        if (!Authority.owns(caller, record.owner())) {
            throw new GatewayException(
                    ErrorCode.VECTOR_STORE_NOT_FOUND,
                    "vector store " + id + " is shared by another API key, which alone may change it",
                    "vector_store_id");
        }
        return record;
    }

    /** All stores that this caller sees, the oldest first. */
    public List<StoreRecord> all(Caller caller) {
        Authority.check(caller);
        return all().stream().filter(store -> Authority.sees(caller, store)).toList();
    }

    /** Whether a file is in one of the stores that the settings of this caller's key list; no if they list none. The stores are listed once. */
    public Predicate<String> held(Caller caller) {
        List<StoreRecord> seen = caller.grant().stores().isPresent() ? all(caller) : List.of();
        return fileId -> seen.stream().anyMatch(store -> store.files().containsKey(fileId));
    }

    /** Where those stood that were deleted lately. */
    public DeletedPlaces deleted() {
        return deleted;
    }

    /** Whether a store's time is over. */
    public boolean expired(StoreRecord record) {
        return record.expiresAt() > 0 && record.expiresAt() < now();
    }

    /** Changes a store's own notes. */
    public StoreRecord describe(String id, UnaryOperator<StoreRecord> edit) {
        return change(store(id), record -> edit.apply(record).activeAt(now()));
    }

    /** Deletes a store; its files stay. */
    public void delete(String id) {
        VectorStore store = uploadedStore(id);
        try {
            StoreRecord record = store.record();
            uploaded.delete(store);
            deleted.deleted(record);
        } catch (IOException e) {
            throw DiskFailure.of("the vector store was not deleted", e);
        }
    }

    /** One file to be added. */
    public record Addition(String fileId, Map<String, Object> attributes, int chunkTokens, int chunkOverlap) {}

    /** Adds files to a store, in place of what it has of the same ids, and begins their ingest. */
    public StoreRecord add(String id, List<Addition> additions) {
        return add(uploadedStore(id), additions, record -> record);
    }

    /** Adds files as a batch. */
    public Batch addBatch(String id, List<Addition> additions) {
        Batch batch = new Batch(
                Ids.random("vsfb_"),
                now(),
                additions.stream().map(Addition::fileId).distinct().toList(),
                false);
        add(uploadedStore(id), additions, record -> record.with(batch));
        return batch;
    }

    private StoreRecord add(VectorStore store, List<Addition> additions, UnaryOperator<StoreRecord> more) {
        List<StoreFile> files = new ArrayList<>();
        for (Addition addition : additions) {
            FileRecord file = uploads.get(addition.fileId());
            boolean chunked = addition.chunkTokens() > 0;
            files.add(StoreFile.added(
                    file.id(),
                    file.filename(),
                    now(),
                    addition.attributes(),
                    chunked ? addition.chunkTokens() : config.chunk().tokens(),
                    chunked ? addition.chunkOverlap() : config.chunk().overlap(),
                    ""));
        }
        return begin(store, files, more);
    }

    /** Puts these files into the record, in progress, and begins their ingest. */
    StoreRecord begin(VectorStore store, List<StoreFile> files, UnaryOperator<StoreRecord> more) {
        StoreRecord changed =
                change(store, record -> more.apply(record.with(files)).activeAt(now()));
        files.forEach(file -> ingestion.submit(store, file.id()));
        return changed;
    }

    /** Changes what a file of a store can be filtered by. */
    public StoreFile setAttributes(String id, String fileId, Map<String, Object> attributes) {
        VectorStore store = store(id);
        store.record().file(fileId);
        return change(store, record -> record.with(record.file(fileId).withAttributes(attributes)))
                .file(fileId);
    }

    /** Takes a file out of a store; the file stays. */
    public void remove(String id, String fileId) {
        VectorStore store = uploadedStore(id);
        store.record().file(fileId);
        remove(store, List.of(fileId));
    }

    /** Takes a file that is about to be deleted out of all stores. */
    public void removeEverywhere(String fileId) {
        uploaded().forEach(store -> removeThere(store, List.of(fileId)));
    }

    List<VectorStore> uploaded() {
        return uploaded.all();
    }

    /** Takes those of the files, which are about to be deleted, out of a store that were added to it. */
    void removeThere(VectorStore store, List<String> fileIds) {
        uploads.makingRoom(fileIds, () -> {
            var there =
                    fileIds.stream().filter(store.record().files()::containsKey).toList();
            if (store.folder().isEmpty() && !there.isEmpty()) {
                takeOut(store, there);
            }
        });
    }

    /** Takes files out of a store. */
    void remove(VectorStore store, List<String> fileIds) {
        uploads.makingRoom(List.of(), () -> takeOut(store, fileIds));
    }

    private void takeOut(VectorStore store, List<String> fileIds) {
        deleted.takenOut(store.record(), fileIds);
        change(store, record -> record.without(fileIds));
        try {
            store.forget(fileIds);
        } catch (IOException e) {
            throw DiskFailure.of("the file was not removed from the store", e);
        }
    }

    /** Cancels what of a batch has not been ingested yet. */
    public void cancelBatch(String id, String batchId) {
        get(id).batch(batchId);
        change(store(id), record -> record.cancelled(batchId));
    }

    /**
     * The text of a file of a store, as its passages were made of it.
     *
     * @param wanted asked every second whether somebody still waits for it
     * @throws GatewayException when it gives none
     */
    public List<Section> content(String id, String fileId, BooleanSupplier wanted) {
        VectorStore store = store(id);
        StoreFile file = store.record().file(fileId);
        if (file.status() != Status.COMPLETED) {
            throw new GatewayException(
                    ErrorCode.INVALID_REQUEST,
                    "the file has no text that could be shown: it is "
                            + file.status().word() + (file.error().isEmpty() ? "" : ", " + file.error()),
                    "file_id");
        }
        return ingestion.text(store, file, wanted);
    }

    private VectorStore uploadedStore(String id) {
        VectorStore store = store(id);
        if (store.folder().isPresent()) {
            throw new GatewayException(
                    ErrorCode.INVALID_REQUEST,
                    "vector store " + id + " is the folder gateway.retrieval.stores." + id
                            + ".folder; change the files there",
                    "vector_store_id");
        }
        return store;
    }

    private static StoreRecord change(VectorStore store, UnaryOperator<StoreRecord> edit) {
        try {
            return store.change(edit);
        } catch (IOException e) {
            throw DiskFailure.of("the vector store was not changed", e);
        }
    }

    private long now() {
        return clock.instant().getEpochSecond();
    }
}
