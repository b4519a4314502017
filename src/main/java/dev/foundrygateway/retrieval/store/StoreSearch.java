package dev.foundrygateway.retrieval.store;

import dev.foundrygateway.exchange.Caller;
import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.exchange.NanoClock;
import dev.foundrygateway.exchange.RetrievalObserver;
import dev.foundrygateway.exchange.RetrievalObserver.Stage;
import dev.foundrygateway.openai.ErrorCode;
import dev.foundrygateway.retrieval.Deadline;
import dev.foundrygateway.retrieval.Findings;
import dev.foundrygateway.retrieval.index.AttributeFilter;
import dev.foundrygateway.retrieval.index.Hit;
import dev.foundrygateway.retrieval.index.Passages;
import dev.foundrygateway.retrieval.index.Question;
import dev.foundrygateway.retrieval.index.Vectors;
import dev.foundrygateway.retrieval.store.StoreFile.Status;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.lucene.store.AlreadyClosedException;

/** Searches stores for a question. Thread-safe; for worker threads. */
@ApplicationScoped
public class StoreSearch {
    private final VectorStores stores;
    private final Vectors vectors;
    private final NanoClock clock;
    private final RetrievalObserver observer;
    private final MissingVectors missing = new MissingVectors();

    StoreSearch(VectorStores stores, Vectors vectors, NanoClock clock, RetrievalObserver observer) {
        this.stores = stores;
        this.vectors = vectors;
        this.clock = clock;
        this.observer = observer;
    }

    /**
     * The best passages of all these stores together.
     *
     * @param caller with whose authority the stores are opened
     * @param limit how many at most
     * @param filter which files; empty for all
     * @param threshold the least score
     * @param deadline when the search must end
     * @throws GatewayException when a store is unknown or expired
     */
    public Findings search(
            List<String> ids,
            Caller caller,
            Question question,
            int limit,
            Optional<AttributeFilter> filter,
            double threshold,
            Deadline deadline) {
        deadline.check();
        List<VectorStore> found =
                ids.stream().distinct().map(id -> stores.open(id, caller)).toList();
        long start = clock.nanos();
        float[] vector = vectors.ofQuestion(question);
        if (vectors.wanted()) {
            observer.took(Stage.EMBED, clock.nanos() - start);
        }
        List<Hit> hits = new ArrayList<>();
        Map<VectorStore, StoreRecord> lacking = new LinkedHashMap<>();
        double support = 0;
        double share = 1;
        long searching = clock.nanos();
        for (VectorStore store : found) {
            StoreRecord record = store.record();
            Findings one = search(store, record, question, vector, limit, filter, deadline);
            if (one.vectors() < 1) {
                lacking.put(store, record);
            }
            // What is being taken out of the index is not found any more.
            one.hits().stream()
                    .filter(hit -> record.has(hit.passage().fileId()))
                    .map(hit -> of(record, hit))
                    .forEach(hits::add);
            support = Math.max(support, one.support());
            share = Math.min(share, one.vectors());
        }
        observer.took(Stage.SEARCH, clock.nanos() - searching);
        lacking.forEach((store, record) -> missing.later(store, record, vector.length));
        if (found.size() > 1) {
            hits.sort(Comparator.comparingDouble(Hit::score).reversed());
        }
        return new Findings(
                hits.stream()
                        .filter(hit -> hit.score() >= threshold)
                        .limit(limit)
                        .toList(),
                support,
                vectors.wanted() && vector.length == 0,
                share);
    }

    private static Hit of(StoreRecord record, Hit hit) {
        StoreFile file = record.files().get(hit.passage().fileId());
        return file == null ? hit : hit.of(file.filename(), file.attributes());
    }

    private Findings search(
            VectorStore store,
            StoreRecord record,
            Question question,
            float[] vector,
            int limit,
            Optional<AttributeFilter> filter,
            Deadline deadline) {
        if (stores.expired(record)) {
            throw new GatewayException(
                    ErrorCode.VECTOR_STORE_NOT_FOUND,
                    "vector store " + record.id() + " has expired",
                    "vector_store_id");
        }
        Optional<Set<String>> files = filter.map(wanted -> {
                    // Asked once for nothing, so that a wrong filter is told of an empty store, too.
                    wanted.matches(Map.of());
                    return record.files().values().stream()
                            .filter(file -> file.status() == Status.COMPLETED && wanted.matches(file.attributes()))
                            .map(StoreFile::id)
                            .collect(Collectors.toSet());
                })
                .or(() -> store.owes()
                        ? Optional.of(record.files().keySet().stream()
                                .filter(record::has)
                                .collect(Collectors.toSet()))
                        : Optional.empty());
        try {
            Optional<Passages> passages = store.passages();
            if (passages.isEmpty()) {
                throw new AlreadyClosedException("deleted");
            }
            store.usedAt(Clock.systemUTC().instant().getEpochSecond());
            return passages.get().search(question, vector, limit, files, deadline);
        } catch (AlreadyClosedException e) {
            throw new GatewayException(
                    ErrorCode.VECTOR_STORE_NOT_FOUND,
                    "vector store " + record.id() + " was deleted meanwhile",
                    "vector_store_id");
        } catch (IOException e) {
            throw DiskFailure.of("vector store " + record.id() + " was not searched", e);
        }
    }
}
