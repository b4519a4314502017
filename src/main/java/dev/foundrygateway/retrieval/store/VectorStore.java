package dev.foundrygateway.retrieval.store;

import dev.foundrygateway.retrieval.index.Passages;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** One store: its record, safe before anyone sees it, and its passages. Thread-safe; for worker threads. */
public interface VectorStore {
    /** The store as it is now. */
    StoreRecord record();

    /** The folder whose files are its files; empty where they are uploaded. */
    Optional<Path> folder();

    /**
     * Changes the record.
     *
     * @param edit pure: asked again where another gateway was faster
     */
    StoreRecord change(UnaryOperator<StoreRecord> edit) throws IOException;

    /** Notes that it was used, in seconds since 1970; perhaps later, since a search shall not write. */
    void usedAt(long seconds);

    /** Its passages; empty once the store is deleted. */
    Optional<Passages> passages() throws IOException;

    /** Deletes the passages of files, and makes that sure. */
    default void forget(List<String> fileIds) throws IOException {
        Optional<Passages> passages = passages();
        if (passages.isPresent()) {
            for (String fileId : fileIds) {
                passages.get().remove(fileId);
            }
            passages.get().commit();
        }
    }

    /** Whether its index may have passages of files that its record lacks. */
    default boolean owes() {
        return false;
    }

    /** Deletes it with all its passages. */
    void delete() throws IOException;
}
