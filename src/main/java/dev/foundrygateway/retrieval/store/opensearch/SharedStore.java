package dev.foundrygateway.retrieval.store.opensearch;

import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.openai.ErrorCode;
import dev.foundrygateway.retrieval.index.IndexSettings;
import dev.foundrygateway.retrieval.index.Passages;
import dev.foundrygateway.retrieval.store.StoreRecord;
import dev.foundrygateway.retrieval.store.VectorStore;
import dev.foundrygateway.retrieval.store.opensearch.Answers.StoreReply;
import dev.foundrygateway.retrieval.store.opensearch.OpenSearchClient.Reply;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A store in OpenSearch. Its record is changed by compare-and-set, so that gateways that change it at once lose nothing of each other; what was read last is
 * kept and used as long as its sequence number is the current one.
 */
final class SharedStore implements VectorStore {
    private static final int ATTEMPTS = 100;
    private static final long USE_IS_NOTED_EVERY_SECONDS = 3_600;

    private final OpenSearchClient client;
    private final Indices indices;
    private final String id;
    private final String gateway;
    private final SharedPassages passages;
    private volatile @Nullable StoreReply last;

    SharedStore(OpenSearchClient client, Indices indices, String id, String gateway, IndexSettings settings) {
        this.client = client;
        this.indices = indices;
        this.id = id;
        this.gateway = gateway;
        this.passages = new SharedPassages(client, indices, id, settings);
    }

    String id() {
        return id;
    }

    private String path() {
        return indices.stores() + "/_doc/" + id;
    }

    /** Makes its record. */
    void make(StoreRecord record) {
        StoreDocument document = new StoreDocument(record, Map.of(), Map.of());
        Reply reply = client.put(path() + "?op_type=create", document);
        if (!reply.ok()) {
            throw new GatewayException(
                    ErrorCode.RETRIEVAL_UNAVAILABLE, "OpenSearch keeps no store: " + Indices.reason(reply));
        }
    }

    /** Its document as it is now; empty once it is deleted. */
    Optional<StoreDocument> read() {
        return current().map(StoreReply::source);
    }

    private Optional<StoreReply> current() {
        StoreReply known = last;
        Reply reply = client.get(path() + (known == null ? "" : "?_source=false"));
        if (reply.missing()) {
            return Optional.empty();
        }
        StoreReply now = reply.as(StoreReply.class);
        if (known != null && known.sequence() == now.sequence() && known.term() == now.term()) {
            return Optional.of(known);
        }
        if (known != null) {
            reply = client.get(path());
            if (reply.missing()) {
                return Optional.empty();
            }
            now = reply.as(StoreReply.class);
        }
        last = now;
        return Optional.of(now);
    }

    @Override
    public StoreRecord record() {
        return read().map(StoreDocument::record).orElseThrow(this::gone);
    }

    private GatewayException gone() {
        return new GatewayException(
                ErrorCode.VECTOR_STORE_NOT_FOUND, "there is no vector store " + id, "vector_store_id");
    }

    @Override
    public Optional<Path> folder() {
        return Optional.empty();
    }

    @Override
    public synchronized StoreRecord change(UnaryOperator<StoreRecord> edit) {
        Map<String, String> written = passages.written();
        StoreDocument changed = write(document -> document.with(edit.apply(document.record()), gateway, written));
        passages.published(changed.generations());
        return changed.record();
    }

    /** Takes the ingest of lost gateways' files over; those that are this gateway's then. */
    synchronized List<String> adopt(Set<String> lost) {
        StoreDocument adopted = write(document -> document.adoptedFrom(lost, gateway));
        return adopted.owners().entrySet().stream()
                .filter(entry -> entry.getValue().equals(gateway))
                .map(Map.Entry::getKey)
                .toList();
    }

    private StoreDocument write(UnaryOperator<StoreDocument> edit) {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Optional<StoreReply> reply = current();
            StoreDocument before = reply.map(StoreReply::source).orElse(null);
            if (reply.isEmpty() || before == null) {
                // Another gateway deleted it while this one may have written passages.
                passages.drop();
                throw gone();
            }
            StoreDocument next = edit.apply(before);
            Reply written = client.replace(
                    path(), next, reply.get().sequence(), reply.get().term());
            if (written.ok()) {
                TreeSet<String> superseded = new TreeSet<>(before.generations().values());
                superseded.removeAll(next.generations().values());
                passages.clear(superseded);
                return next;
            }
            if (written.status() != 409) {
                throw new GatewayException(
                        ErrorCode.RETRIEVAL_UNAVAILABLE, "OpenSearch keeps no change: " + Indices.reason(written));
            }
        }
        throw new GatewayException(
                ErrorCode.OVERLOADED, "vector store " + id + " is being changed by too many at once; try again");
    }

    @Override
    public void usedAt(long seconds) {
        StoreReply known = last;
        StoreDocument document = known == null ? null : known.source();
        if (document != null && seconds - document.record().lastActiveAt() > USE_IS_NOTED_EVERY_SECONDS) {
            change(record -> record.activeAt(seconds));
        }
    }

    @Override
    public Optional<Passages> passages() {
        return Optional.of(passages);
    }

    @Override
    public void delete() {
        client.delete(path());
        passages.drop();
    }
}
