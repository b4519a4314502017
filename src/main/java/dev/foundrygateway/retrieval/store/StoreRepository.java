package dev.foundrygateway.retrieval.store;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Where stores are kept. Thread-safe; for worker threads. */
public interface StoreRepository {
    /** Takes up the ingest of a file that nobody works on; one that this gateway has under way already is left to it. */
    @FunctionalInterface
    interface Resume {
        /** Takes up a file of a store. */
        void file(VectorStore store, String fileId);
    }

    /** Begins: files whose ingest was interrupted are taken up, now and whenever a gateway that shares the repository is lost. */
    void open(Resume resume);

    /** Makes a store. */
    VectorStore create(StoreRecord record) throws IOException;

    /** The store of that id; empty if there is none. */
    Optional<VectorStore> find(String id);

    /** All stores, in no order. */
    List<VectorStore> all();

    /** Deletes a store with all its passages. */
    void delete(VectorStore store) throws IOException;

    /** Ends; nothing acknowledged is lost without it. */
    void close() throws IOException;
}
