package dev.foundrygateway.retrieval.store;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.Comparator;

/**
 * An uploaded file, as it is kept beside its content.
 *
 * @param id its id, {@code file-…}
 * @param filename its name without any path
 * @param bytes its length
 * @param createdAt seconds since 1970
 * @param purpose what the client said it is for
 * @param owner the name of the API key that it was sent with; empty for everybody's
 * @param shared whether other keys see it, too
 * @param expiresAt when it is deleted, in seconds since 1970; 0 for never
 * @param order its place among all files: later ones have larger numbers
 */
@RegisterForReflection
public record FileRecord(
        @JsonProperty("id") String id,
        @JsonProperty("filename") String filename,
        @JsonProperty("bytes") long bytes,
        @JsonProperty("created_at") long createdAt,
        @JsonProperty("purpose") String purpose,
        @JsonProperty("owner") String owner,
        @JsonProperty("shared") boolean shared,
        @JsonProperty("expires_at") long expiresAt,
        @JsonProperty("order") long order) {
    /** In the order in which they were sent. */
    static final Comparator<FileRecord> OLDEST_FIRST =
            Comparator.comparingLong(FileRecord::order).thenComparing(FileRecord::id);

    private static final long ORDERS_A_SECOND = 1_000_000;

    /** A record from the time before there were owners is everybody's; one that lacks what it always had is damaged. */
    @SuppressWarnings("NullAway") // a member that is missing in the JSON
    public FileRecord {
        if (id == null || filename == null || purpose == null) {
            throw new IllegalArgumentException("it lacks a part");
        }
        owner = owner == null ? "" : owner;
        order = order == 0 ? createdAt * ORDERS_A_SECOND : order;
    }

    /** Everybody's. */
    public FileRecord(String id, String filename, long bytes, long createdAt, String purpose) {
        this(id, filename, bytes, createdAt, purpose, "", false, 0, 0);
    }
}
