package dev.foundrygateway.retrieval.store.opensearch;

import dev.foundrygateway.retrieval.RetrievalConfig;
import dev.foundrygateway.retrieval.TestSettings;
import dev.foundrygateway.retrieval.store.StoreFile;
import dev.foundrygateway.retrieval.store.StoreFile.Status;
import dev.foundrygateway.retrieval.store.StoreRecord;
import dev.foundrygateway.retrieval.store.VectorStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.Map;
import javax.net.ssl.SSLContext;

/** Records as the tests of shared stores need them. */
final class SharedRecords {
    private SharedRecords() {}

    static OpenSearchClient client(String... urls) {
        RetrievalConfig config = TestSettings.with("gateway.retrieval.opensearch.url", String.join(",", urls));
        try {
            return new OpenSearchClient(config.opensearch(), SSLContext.getDefault());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    static StoreRecord empty(String id) {
        return new StoreRecord(id, "", 1, 1, 0, Map.of(), Map.of(), Map.of());
    }

    static StoreRecord inProgress(StoreRecord record, String file) {
        return with(record, file, Status.IN_PROGRESS, false);
    }

    static StoreRecord completed(StoreRecord record, String file) {
        return with(record, file, Status.COMPLETED, false);
    }

    /** Completed while the embedding model was down. */
    static StoreRecord wordsOnly(StoreRecord record, String file) {
        return with(record, file, Status.COMPLETED, true);
    }

    private static StoreRecord with(StoreRecord record, String file, Status status, boolean wordsOnly) {
        Map<String, StoreFile> files = new HashMap<>(record.files());
        files.put(file, new StoreFile(file, file, 1, status, Map.of(), 300, 45, 0, "", wordsOnly, ""));
        return files(record, files);
    }

    static StoreRecord without(StoreRecord record, String file) {
        Map<String, StoreFile> files = new HashMap<>(record.files());
        files.remove(file);
        return files(record, files);
    }

    private static StoreRecord files(StoreRecord record, Map<String, StoreFile> files) {
        return new StoreRecord(record.id(), record.name(), 1, 1, 0, Map.of(), files, Map.of());
    }

    /** Puts one file in progress. */
    static void begin(VectorStore store) {
        try {
            store.change(record -> inProgress(record, "a"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
