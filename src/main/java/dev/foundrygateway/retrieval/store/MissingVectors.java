package dev.foundrygateway.retrieval.store;

import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.retrieval.index.Passages;
import dev.foundrygateway.retrieval.store.StoreFile.Status;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.lucene.store.AlreadyClosedException;
import org.jboss.logging.Logger;

/** Files that were indexed while no embedding model was set, or by an older version: their records don't say that they lack vectors. */
public final class MissingVectors {
    private static final Logger LOG = Logger.getLogger(MissingVectors.class);

    private MissingVectors() {}

    /**
     * Notes them in the record of a store of which a search has seen that it lacks some, so that they get them. Where others are noted already, those come first.
     * For worker threads.
     */
    public static void note(VectorStore store) {
        try {
            StoreRecord record = store.record();
            Optional<Passages> passages = store.passages();
            if (passages.isEmpty()
                    || record.files().values().stream()
                            .anyMatch(file -> file.wordsOnly() || file.status() == Status.IN_PROGRESS)) {
                return;
            }
            Set<String> lacking = passages.get().filesWithoutVectors();
            if (!lacking.isEmpty()) {
                store.change(now -> now.with(lacking(now, lacking)));
            }
        } catch (IOException | GatewayException | AlreadyClosedException e) {
            LOG.debugf(e, "a store's files without vectors are noted at another search");
        }
    }

    private static List<StoreFile> lacking(StoreRecord record, Set<String> files) {
        return files.stream()
                .map(id -> Optional.ofNullable(record.files().get(id)))
                .flatMap(Optional::stream)
                .filter(file -> file.status() == Status.COMPLETED)
                .map(file -> file.completed(file.usageBytes(), true))
                .toList();
    }
}
