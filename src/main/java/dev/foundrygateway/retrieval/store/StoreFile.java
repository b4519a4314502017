package dev.foundrygateway.retrieval.store;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.foundrygateway.retrieval.read.FileKind;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import java.util.Map;

/**
 * A file as part of a store.
 *
 * @param id the file's id
 * @param filename its name; in a folder store its path below the folder
 * @param createdAt when it was added, in seconds since 1970
 * @param status where its ingest stands
 * @param attributes what it can be filtered by: strings, numbers and booleans
 * @param chunkTokens how long its passages may get
 * @param chunkOverlap how much of one the next repeats
 * @param usageBytes how much text of it is indexed
 * @param error why it failed; empty if it did not
 * @param wordsOnly whether it was indexed without vectors since the embedding model was down
 * @param stamp in a folder store, size and time of change when it was read; else empty
 */
@RegisterForReflection
public record StoreFile(
        @JsonProperty("id") String id,
        @JsonProperty("filename") String filename,
        @JsonProperty("created_at") long createdAt,
        @JsonProperty("status") Status status,
        @JsonProperty("attributes") Map<String, Object> attributes,
        @JsonProperty("chunk_tokens") int chunkTokens,
        @JsonProperty("chunk_overlap") int chunkOverlap,
        @JsonProperty("usage_bytes") long usageBytes,
        @JsonProperty("error") String error,
        @JsonProperty("words_only") boolean wordsOnly,
        @JsonProperty("stamp") String stamp) {
    static final String NOT_IN_THIS_BUILD = "this build of the gateway cannot read such files";
    static final String INGEST_FAILED = "the ingest failed";
    private static final List<String> OURS = List.of(INGEST_FAILED, "the gateway ", "the file is gone");

    /** One that lacks what it always had is damaged, and its store with it. */
    @SuppressWarnings("NullAway") // a member that is missing in the JSON
    public StoreFile {
        if (id == null || filename == null || status == null || attributes == null) {
            throw new IllegalArgumentException("a file of it lacks a part");
        }
        error = error == null ? "" : error;
        stamp = stamp == null ? "" : stamp;
    }

    /** How OpenAI calls the kind of its failure; empty if it did not fail. */
    public String errorCode() {
        if (error.isEmpty()) {
            return "";
        }
        if (error.startsWith(FileKind.NOT_READ) || error.startsWith(NOT_IN_THIS_BUILD)) {
            return "unsupported_file";
        }
        return OURS.stream().anyMatch(error::startsWith) ? "server_error" : "invalid_file";
    }

    /** OpenAI's words for the state of an ingest. */
    @RegisterForReflection
    public enum Status {
        @JsonProperty("in_progress")
        IN_PROGRESS,
        @JsonProperty("completed")
        COMPLETED,
        @JsonProperty("failed")
        FAILED,
        @JsonProperty("cancelled")
        CANCELLED;

        /** As OpenAI writes it. */
        public String word() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /** One that was just added. */
    static StoreFile added(
            String id, String name, long now, Map<String, Object> attributes, int tokens, int overlap, String stamp) {
        return new StoreFile(
                id, name, now, Status.IN_PROGRESS, Map.copyOf(attributes), tokens, overlap, 0, "", false, stamp);
    }

    /** Whether an ingest is still to come: the first, or one more for the vectors that could not be made then. */
    boolean awaitsIngest() {
        return status == Status.IN_PROGRESS || (status == Status.COMPLETED && wordsOnly);
    }

    StoreFile completed(long bytes, boolean withoutVectors) {
        return with(Status.COMPLETED, attributes, bytes, "", withoutVectors);
    }

    /** The same, to be read again. */
    StoreFile again() {
        return with(Status.IN_PROGRESS, attributes, 0, "", false);
    }

    StoreFile failed(String why) {
        return with(Status.FAILED, attributes, 0, why, false);
    }

    StoreFile cancelled() {
        return with(Status.CANCELLED, attributes, 0, "", false);
    }

    StoreFile withAttributes(Map<String, Object> others) {
        return with(status, Map.copyOf(others), usageBytes, error, wordsOnly);
    }

    private StoreFile with(Status now, Map<String, Object> values, long bytes, String why, boolean without) {
        return new StoreFile(
                id, filename, createdAt, now, values, chunkTokens, chunkOverlap, bytes, why, without, stamp);
    }
}
