package dev.foundrygateway.retrieval.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.openai.ErrorCode;
import dev.foundrygateway.retrieval.Findings;
import dev.foundrygateway.retrieval.index.Hit;
import dev.foundrygateway.retrieval.store.FileRecord;
import dev.foundrygateway.retrieval.store.PartialUploads.Upload;
import dev.foundrygateway.retrieval.store.StoreFile;
import dev.foundrygateway.retrieval.store.StoreFile.Status;
import dev.foundrygateway.retrieval.store.StoreRecord;
import dev.foundrygateway.retrieval.store.StoreRecord.Batch;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The replies, in OpenAI's shapes. */
public final class Views {
    private Views() {}

    /** {@code file}. */
    @RegisterForReflection
    public record FileView(
            @JsonProperty("id") String id,
            @JsonProperty("object") String object,
            @JsonProperty("bytes") long bytes,
            @JsonProperty("created_at") long createdAt,
            @JsonProperty("filename") String filename,
            @JsonProperty("purpose") String purpose,
            @JsonProperty("status") String status,
            @JsonProperty("expires_at") @Nullable Long expiresAt) {
        static FileView of(FileRecord file) {
            return new FileView(
                    file.id(),
                    "file",
                    file.bytes(),
                    file.createdAt(),
                    file.filename(),
                    file.purpose(),
                    "processed",
                    file.expiresAt() == 0 ? null : file.expiresAt());
        }
    }

    /** {@code upload}, with its file once it is whole. */
    @RegisterForReflection
    public record UploadView(
            @JsonProperty("id") String id,
            @JsonProperty("object") String object,
            @JsonProperty("bytes") long bytes,
            @JsonProperty("created_at") long createdAt,
            @JsonProperty("filename") String filename,
            @JsonProperty("purpose") String purpose,
            @JsonProperty("status") String status,
            @JsonProperty("expires_at") long expiresAt,
            @JsonProperty("file") @Nullable FileView file) {
        static UploadView of(Upload upload, @Nullable FileView file) {
            return new UploadView(
                    upload.id(),
                    "upload",
                    upload.bytes(),
                    upload.createdAt(),
                    upload.filename(),
                    upload.purpose(),
                    upload.status(),
                    upload.expiresAt(),
                    file);
        }
    }

    /** {@code upload.part}. */
    @RegisterForReflection
    public record PartView(
            @JsonProperty("id") String id,
            @JsonProperty("object") String object,
            @JsonProperty("created_at") long createdAt,
            @JsonProperty("upload_id") String uploadId) {}

    /** What was deleted. */
    @RegisterForReflection
    public record Deleted(
            @JsonProperty("id") String id,
            @JsonProperty("object") String object,
            @JsonProperty("deleted") boolean deleted) {}

    /** How many files are in which state. */
    @RegisterForReflection
    public record Counts(
            @JsonProperty("in_progress") int inProgress,
            @JsonProperty("completed") int completed,
            @JsonProperty("failed") int failed,
            @JsonProperty("cancelled") int cancelled,
            @JsonProperty("total") int total) {
        static Counts of(Collection<StoreFile> files) {
            Map<Status, Integer> of = new EnumMap<>(Status.class);
            files.forEach(file -> of.merge(file.status(), 1, Integer::sum));
            return new Counts(
                    of.getOrDefault(Status.IN_PROGRESS, 0),
                    of.getOrDefault(Status.COMPLETED, 0),
                    of.getOrDefault(Status.FAILED, 0),
                    of.getOrDefault(Status.CANCELLED, 0),
                    files.size());
        }
    }

    /** When a store expires. */
    @RegisterForReflection
    public record Expiry(
            @JsonProperty("anchor") @Nullable String anchor,
            @JsonProperty("days") @Nullable Integer days) {}

    /** When a file expires. */
    @RegisterForReflection
    public record FileExpiry(
            @JsonProperty("anchor") @Nullable String anchor,
            @JsonProperty("seconds") @Nullable Long seconds) {
        private static final long LEAST = 3_600;
        private static final long MOST = 2_592_000;

        /** After how many seconds. */
        long lifetime() {
            if (seconds == null || seconds < LEAST || seconds > MOST || !"created_at".equals(anchor)) {
                throw new GatewayException(
                        ErrorCode.INVALID_REQUEST,
                        "expires_after must have the anchor created_at and 3600 to 2592000 seconds",
                        "expires_after");
            }
            return seconds;
        }
    }

    /** {@code vector_store}. */
    @RegisterForReflection
    public record StoreView(
            @JsonProperty("id") String id,
            @JsonProperty("object") String object,
            @JsonProperty("created_at") long createdAt,
            @JsonProperty("name") String name,
            @JsonProperty("usage_bytes") long usageBytes,
            @JsonProperty("file_counts") Counts counts,
            @JsonProperty("status") String status,
            @JsonProperty("expires_after") @Nullable Expiry expiresAfter,
            @JsonProperty("expires_at") @Nullable Long expiresAt,
            @JsonProperty("last_active_at") long lastActiveAt,
            @JsonProperty("metadata") Map<String, String> metadata,
            @JsonProperty("description") @Nullable String description) {
        static StoreView of(StoreRecord store, boolean expired) {
            Counts counts = Counts.of(store.files().values());
            String status = expired ? "expired" : counts.inProgress() > 0 ? "in_progress" : "completed";
            boolean expires = store.expiresAfterDays() > 0;
            return new StoreView(
                    store.id(),
                    "vector_store",
                    store.createdAt(),
                    store.name(),
                    store.usageBytes(),
                    counts,
                    status,
                    expires ? new Expiry("last_active_at", store.expiresAfterDays()) : null,
                    expires ? store.expiresAt() : null,
                    store.lastActiveAt(),
                    store.metadata(),
                    store.description().isEmpty() ? null : store.description());
        }
    }

    /** Why a file failed. */
    @RegisterForReflection
    public record Failure(
            @JsonProperty("code") String code,
            @JsonProperty("message") String message) {}

    /** How a file is cut. */
    @RegisterForReflection
    public record Chunking(
            @JsonProperty("type") String type,
            @JsonProperty("static") @Nullable Sizes sizes) {}

    /** The sizes of a file's pieces, in tokens. */
    @RegisterForReflection
    public record Sizes(
            @JsonProperty("max_chunk_size_tokens") int maxTokens,
            @JsonProperty("chunk_overlap_tokens") int overlapTokens) {}

    /** {@code vector_store.file}. */
    @RegisterForReflection
    public record StoreFileView(
            @JsonProperty("id") String id,
            @JsonProperty("object") String object,
            @JsonProperty("created_at") long createdAt,
            @JsonProperty("vector_store_id") String storeId,
            @JsonProperty("status") String status,
            @JsonProperty("last_error") @Nullable Failure lastError,
            @JsonProperty("usage_bytes") long usageBytes,
            @JsonProperty("attributes") Map<String, Object> attributes,
            @JsonProperty("chunking_strategy") Chunking chunking,
            @JsonProperty("gateway") @Nullable Notes notes) {
        static StoreFileView of(String storeId, StoreFile file) {
            return new StoreFileView(
                    file.id(),
                    "vector_store.file",
                    file.createdAt(),
                    storeId,
                    file.status().word(),
                    file.error().isEmpty() ? null : new Failure(file.errorCode(), file.error()),
                    file.usageBytes(),
                    file.attributes(),
                    new Chunking("static", new Sizes(file.chunkTokens(), file.chunkOverlap())),
                    file.wordsOnly() ? new Notes(true, null) : null);
        }
    }

    /** {@code vector_store.files_batch}. */
    @RegisterForReflection
    public record BatchView(
            @JsonProperty("id") String id,
            @JsonProperty("object") String object,
            @JsonProperty("created_at") long createdAt,
            @JsonProperty("vector_store_id") String storeId,
            @JsonProperty("status") String status,
            @JsonProperty("file_counts") Counts counts) {
        static BatchView of(StoreRecord store, Batch batch) {
            Counts counts = Counts.of(files(store, batch));
            String status = batch.cancelled()
                    ? "cancelled"
                    : counts.inProgress() > 0
                            ? "in_progress"
                            : counts.total() > 0 && counts.failed() == counts.total() ? "failed" : "completed";
            return new BatchView(batch.id(), "vector_store.files_batch", batch.createdAt(), store.id(), status, counts);
        }

        static List<StoreFile> files(StoreRecord store, Batch batch) {
            return batch.fileIds().stream()
                    .distinct()
                    .map(store.files()::get)
                    .filter(Objects::nonNull)
                    .toList();
        }
    }

    /** A text. */
    @RegisterForReflection
    public record Content(
            @JsonProperty("type") String type,
            @JsonProperty("text") String text) {}

    /** One result of a search. */
    @RegisterForReflection
    public record Found(
            @JsonProperty("file_id") String fileId,
            @JsonProperty("filename") String filename,
            @JsonProperty("score") double score,
            @JsonProperty("attributes") Map<String, Object> attributes,
            @JsonProperty("content") List<Content> content) {
        static Found of(StoreRecord store, Hit hit) {
            StoreFile file = store.files().get(hit.passage().fileId());
            return new Found(
                    hit.passage().fileId(),
                    file == null ? hit.passage().title() : file.filename(),
                    hit.score(),
                    file == null ? Map.of() : file.attributes(),
                    List.of(new Content("text", hit.passage().text())));
        }
    }

    /** A page of results, or of a file's text. */
    @RegisterForReflection
    public record ResultPage<T>(
            @JsonProperty("object") String object,
            @JsonProperty("search_query") @Nullable List<String> query,
            @JsonProperty("data") List<T> data,
            @JsonProperty("has_more") boolean hasMore,
            @JsonProperty("next_page") @Nullable String nextPage,
            @JsonProperty("gateway") @Nullable Notes notes) {}

    /** What the gateway adds: that vectors were not to be had, and which share of the passages has some, where not all have. */
    @RegisterForReflection
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Notes(
            @JsonProperty("lexical_only") @Nullable Boolean wordsOnly,
            @JsonProperty("vectors") @Nullable Double vectors) {
        /** Null where there is nothing to be said. */
        static @Nullable Notes of(boolean wordsOnly, double vectors) {
            return wordsOnly || vectors < 1
                    ? new Notes(wordsOnly ? true : null, vectors < 1 ? Findings.hundredths(vectors) : null)
                    : null;
        }
    }
}
