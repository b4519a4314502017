package dev.foundrygateway.retrieval.store.opensearch;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.foundrygateway.retrieval.store.FileRecord;
import io.quarkus.runtime.annotations.RegisterForReflection;

/**
 * An uploaded file as it lies in its index.
 *
 * @param record its record
 * @param pieces in how many pieces its content is kept
 */
@RegisterForReflection
record FileDocument(
        @JsonProperty("record") FileRecord record,
        @JsonProperty("pieces") int pieces) {}
