package dev.foundrygateway.retrieval.store;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.quarkus.runtime.annotations.RegisterForReflection;

/**
 * An uploaded file, as it is kept beside its content.
 *
 * @param id its id, {@code file-…}
 * @param filename its name without any path
 * @param bytes its length
 * @param createdAt seconds since 1970
 * @param purpose what the client said it is for
 */
@RegisterForReflection
public record FileRecord(
        @JsonProperty("id") String id,
        @JsonProperty("filename") String filename,
        @JsonProperty("bytes") long bytes,
        @JsonProperty("created_at") long createdAt,
        @JsonProperty("purpose") String purpose) {}
