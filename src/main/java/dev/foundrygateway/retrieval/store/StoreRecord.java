package dev.foundrygateway.retrieval.store;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.openai.ErrorCode;
import dev.foundrygateway.retrieval.PromptText;
import dev.foundrygateway.retrieval.store.StoreFile.Status;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * A store's description, as it is kept beside its index.
 *
 * @param id its id, {@code vs_…}, or a folder store's name
 * @param name what the client calls it, may be empty
 * @param createdAt seconds since 1970
 * @param lastActiveAt when it was last searched or changed, in seconds since 1970
 * @param expiresAfterDays how many days after that it expires, 0 for never
 * @param metadata the client's own notes
 * @param files its files by id, in the order in which they were added
 * @param batches the file batches that were made, by id
 * @param owner the name of the API key that made it; empty for everybody's
 * @param shared whether other keys may search it, too
 * @param description what the client says of it, may be empty
 * @param order its place among all stores: later ones have larger numbers
 */
@RegisterForReflection
public record StoreRecord(
        @JsonProperty("id") String id,
        @JsonProperty("name") String name,
        @JsonProperty("created_at") long createdAt,
        @JsonProperty("last_active_at") long lastActiveAt,
        @JsonProperty("expires_after_days") int expiresAfterDays,
        @JsonProperty("metadata") Map<String, String> metadata,
        @JsonProperty("files") Map<String, StoreFile> files,
        @JsonProperty("batches") Map<String, Batch> batches,
        @JsonProperty("owner") String owner,
        @JsonProperty("shared") boolean shared,
        @JsonProperty("description") String description,
        @JsonProperty("order") long order) {
    private static final long SECONDS_A_DAY = 86_400;

    /** A record from the time before there were owners is everybody's; one that lacks what it always had is damaged. */
    @SuppressWarnings("NullAway") // a member that is missing in the JSON
    public StoreRecord {
        if (id == null || name == null || metadata == null || files == null || batches == null) {
            throw new IllegalArgumentException("it lacks a part");
        }
        owner = owner == null ? "" : owner;
        description = description == null ? "" : description;
        order = order == 0 ? createdAt * 1_000_000 : order;
        files = Layered.of(files);
        batches = Layered.of(batches);
    }

    /** Everybody's. */
    public StoreRecord(
            String id,
            String name,
            long createdAt,
            long lastActiveAt,
            int expiresAfterDays,
            Map<String, String> metadata,
            Map<String, StoreFile> files,
            Map<String, Batch> batches) {
        this(id, name, createdAt, lastActiveAt, expiresAfterDays, metadata, files, batches, "", false, "", 0);
    }

    /**
     * Files that were added together.
     *
     * @param id its id, {@code vsfb_…}
     * @param createdAt seconds since 1970
     * @param fileIds its files
     * @param cancelled whether what was left of it was cancelled
     */
    @RegisterForReflection
    public record Batch(
            @JsonProperty("id") String id,
            @JsonProperty("created_at") long createdAt,
            @JsonProperty("file_ids") List<String> fileIds,
            @JsonProperty("cancelled") boolean cancelled) {}

    /** When it expires, in seconds since 1970; 0 for never. */
    public long expiresAt() {
        return expiresAfterDays == 0 ? 0 : lastActiveAt + expiresAfterDays * SECONDS_A_DAY;
    }

    /**
     * Its file of that id.
     *
     * @throws GatewayException when it has none
     */
    public StoreFile file(String fileId) {
        StoreFile file = files.get(fileId);
        if (file == null) {
            throw new GatewayException(
                    ErrorCode.FILE_NOT_FOUND,
                    "vector store " + id + " has no file " + PromptText.clean(fileId),
                    "file_id");
        }
        return file;
    }

    /**
     * Its batch of that id.
     *
     * @throws GatewayException when it has none
     */
    public Batch batch(String batchId) {
        Batch batch = batches.get(batchId);
        if (batch == null) {
            throw new GatewayException(
                    ErrorCode.NOT_FOUND,
                    "vector store " + id + " has no file batch " + PromptText.clean(batchId),
                    "batch_id");
        }
        return batch;
    }

    /** Whether passages of that file are to be found: it is here, and has neither failed nor been cancelled. */
    boolean has(String fileId) {
        StoreFile file = files.get(fileId);
        return file != null && (file.status() == Status.COMPLETED || file.status() == Status.IN_PROGRESS);
    }

    /** How many of its files are in that state. */
    public int count(Status status) {
        return (int)
                files.values().stream().filter(file -> file.status() == status).count();
    }

    /** How much text is indexed, in bytes. */
    public long usageBytes() {
        return files.values().stream().mapToLong(StoreFile::usageBytes).sum();
    }

    StoreRecord with(StoreFile file) {
        return with(List.of(file));
    }

    /** The same with these files, in place of what it has of the same ids. */
    StoreRecord with(Collection<StoreFile> others) {
        Map<String, StoreFile> more = new LinkedHashMap<>();
        others.forEach(file -> more.put(file.id(), file));
        return withFiles(Layered.of(files).with(more));
    }

    /** The same without these files. */
    StoreRecord without(Collection<String> fileIds) {
        return withFiles(Layered.of(files).without(fileIds));
    }

    /** The same without any file or batch. */
    StoreRecord bare() {
        return withFiles(Map.of()).withBatches(Map.of());
    }

    StoreRecord withFiles(Map<String, StoreFile> others) {
        return changed(copy -> copy.files = others);
    }

    StoreRecord with(Batch batch) {
        return withBatches(List.of(batch));
    }

    /** The same with these batches, in place of what it has of the same ids. */
    StoreRecord withBatches(Collection<Batch> others) {
        Map<String, Batch> more = new LinkedHashMap<>();
        others.forEach(batch -> more.put(batch.id(), batch));
        return withBatches(Layered.of(batches).with(more));
    }

    StoreRecord withBatches(Map<String, Batch> others) {
        return changed(copy -> copy.batches = others);
    }

    /** The same where what of a batch has not been ingested yet never will be. */
    StoreRecord cancelled(String batchId) {
        Batch batch = batch(batchId);
        return with(new Batch(batch.id(), batch.createdAt(), batch.fileIds(), true))
                .with(batch.fileIds().stream()
                        .map(files::get)
                        .filter(file -> file != null && file.status() == Status.IN_PROGRESS)
                        .map(StoreFile::cancelled)
                        .toList());
    }

    /** The same, last used then. */
    public StoreRecord activeAt(long seconds) {
        return changed(copy -> copy.lastActiveAt = seconds);
    }

    /** The same with other notes of the client's. */
    public StoreRecord described(String otherName, int days, Map<String, String> otherMetadata) {
        return changed(copy -> {
            copy.name = otherName;
            copy.expiresAfterDays = days;
            copy.metadata = otherMetadata;
        });
    }

    /** The same with other words about it. */
    public StoreRecord describedAs(String words) {
        return changed(copy -> copy.description = words);
    }

    /** The same at that place among all stores. */
    StoreRecord placed(long place) {
        return changed(copy -> copy.order = place);
    }

    /** The same as another's, or as one that others see, too. */
    StoreRecord ownedBy(String other, boolean alsoShared) {
        return changed(copy -> {
            copy.owner = other;
            copy.shared = alsoShared;
        });
    }

    /** The same, seen by other keys or not any more. */
    public StoreRecord shared(boolean now) {
        return ownedBy(owner, now);
    }

    private StoreRecord changed(Consumer<Copy> change) {
        Copy copy = new Copy(this);
        change.accept(copy);
        return new StoreRecord(
                id,
                copy.name,
                createdAt,
                copy.lastActiveAt,
                copy.expiresAfterDays,
                copy.metadata,
                copy.files,
                copy.batches,
                copy.owner,
                copy.shared,
                copy.description,
                copy.order);
    }

    /** What may change of a record. */
    private static final class Copy {
        private String name;
        private long lastActiveAt;
        private int expiresAfterDays;
        private Map<String, String> metadata;
        private Map<String, StoreFile> files;
        private Map<String, Batch> batches;
        private String owner;
        private boolean shared;
        private String description;
        private long order;

        Copy(StoreRecord from) {
            name = from.name;
            lastActiveAt = from.lastActiveAt;
            expiresAfterDays = from.expiresAfterDays;
            metadata = from.metadata;
            files = from.files;
            batches = from.batches;
            owner = from.owner;
            shared = from.shared;
            description = from.description;
            order = from.order;
        }
    }
}
