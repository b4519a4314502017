package dev.foundrygateway.retrieval.store.opensearch;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.foundrygateway.retrieval.store.StoreFile;
import dev.foundrygateway.retrieval.store.StoreFile.Status;
import dev.foundrygateway.retrieval.store.StoreRecord;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * A store as it lies in its index. Each ingest of a file writes its passages under a generation of its own; searches see those that {@link #visible} names, so
 * that one write of this document makes all passages of a file appear, change or vanish. Immutable.
 *
 * @param record the store
 * @param owners which gateway ingests which file, by the ids of files in progress
 * @param generations the generation that counts, by the ids of files
 */
@RegisterForReflection
record StoreDocument(
        @JsonProperty("record") StoreRecord record,
        @JsonProperty("owners") Map<String, String> owners,
        @JsonProperty("generations") Map<String, String> generations) {
    /** The generations that searches see: looked up by OpenSearch itself. */
    @JsonProperty(value = "visible", access = JsonProperty.Access.READ_ONLY)
    List<String> visible() {
        return List.copyOf(generations.values());
    }

    /** The gateways that have something to do here: looked for by the others. */
    @JsonProperty(value = "waiting", access = JsonProperty.Access.READ_ONLY)
    List<String> waiting() {
        return List.copyOf(new TreeSet<>(owners.values()));
    }

    /**
     * The same with another record: a file that has come into progress is this gateway's to ingest, and one that has been completed, or got its vectors late,
     * gets the generation that this gateway has written.
     *
     * @param gateway this gateway
     * @param written the generations that it has written and nobody sees yet, by the ids of files
     */
    StoreDocument with(StoreRecord changed, String gateway, Map<String, String> written) {
        Map<String, String> nextOwners = new HashMap<>();
        Map<String, String> nextGenerations = new HashMap<>();
        changed.files().forEach((id, file) -> {
            if (file.status() == Status.IN_PROGRESS) {
                nextOwners.put(id, sameIngest(file) ? owners.getOrDefault(id, gateway) : gateway);
            }
            boolean justCompleted = file.status() == Status.COMPLETED && !wasCompleted(id);
            String generation = justCompleted
                    ? written.get(id)
                    : gotVectors(file) && written.containsKey(id) ? written.get(id) : generations.get(id);
            // What was there before a file is added again is found until its ingest has ended.
            if (generation != null && (file.status() == Status.COMPLETED || file.status() == Status.IN_PROGRESS)) {
                nextGenerations.put(id, generation);
            }
        });
        return new StoreDocument(changed, nextOwners, nextGenerations);
    }

    /** The same where the files of lost gateways are this one's. */
    StoreDocument adoptedFrom(Set<String> lost, String gateway) {
        Map<String, String> adopted = new HashMap<>(owners);
        adopted.replaceAll((file, owner) -> lost.contains(owner) ? gateway : owner);
        return new StoreDocument(record, adopted, generations);
    }

    private boolean sameIngest(StoreFile file) {
        StoreFile before = record.files().get(file.id());
        return before != null && before.status() == Status.IN_PROGRESS && before.createdAt() == file.createdAt();
    }

    private boolean gotVectors(StoreFile file) {
        StoreFile before = record.files().get(file.id());
        return before != null
                && before.status() == Status.COMPLETED
                && before.wordsOnly()
                && file.status() == Status.COMPLETED
                && !file.wordsOnly();
    }

    private boolean wasCompleted(String id) {
        StoreFile before = record.files().get(id);
        return before != null && before.status() == Status.COMPLETED;
    }
}
