package dev.foundrygateway.retrieval.store.opensearch;

import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.openai.json.TypedJson;
import dev.foundrygateway.retrieval.Findings;
import dev.foundrygateway.retrieval.index.IndexSettings;
import dev.foundrygateway.retrieval.index.Passage;
import dev.foundrygateway.retrieval.index.Passages;
import dev.foundrygateway.retrieval.index.Question;
import dev.foundrygateway.retrieval.store.opensearch.Answers.BulkReply;
import dev.foundrygateway.retrieval.store.opensearch.Answers.PassageDocument;
import dev.foundrygateway.retrieval.store.opensearch.OpenSearchClient.Reply;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * The passages of one store in an index of its own. An ingest writes them under a new generation, which nobody sees before the store's document names it; what
 * no document names any more is deleted, at once where this gateway knows of it, else a day later.
 */
final class SharedPassages implements Passages {
    private static final Logger LOG = Logger.getLogger(SharedPassages.class);
    private static final float[] NO_VECTOR = new float[0];
    private static final int BULK_CHARACTERS = 4 << 20;
    /** Longer than any round of an ingest takes: what is older and unseen was left by a crash. */
    private static final long LEFT_OVER_SECONDS = 86_400;

    private final OpenSearchClient client;
    private final Indices indices;
    private final String storeId;
    private final IndexSettings settings;
    private final VectorField vectors;
    private final PassageQuery query;
    /** What this gateway has written and no document names yet: generations by the ids of files. */
    private final Map<String, String> written = new HashMap<>();

    SharedPassages(OpenSearchClient client, Indices indices, String storeId, IndexSettings settings) {
        this.client = client;
        this.indices = indices;
        this.storeId = storeId;
        this.settings = settings;
        this.vectors = new VectorField(client, indices.passages(storeId), settings.vectors());
        this.query = new PassageQuery(client, indices, storeId, settings, vectors);
    }

    /** What was written and is not seen yet. */
    synchronized Map<String, String> written() {
        return Map.copyOf(written);
    }

    /** Takes note of what is seen now. */
    synchronized void published(Map<String, String> generations) {
        written.entrySet().removeIf(entry -> entry.getValue().equals(generations.get(entry.getKey())));
    }

    @Override
    public void replace(String fileId, List<Passage> passages, List<float[]> passageVectors) throws IOException {
        remove(fileId);
        indices.ensurePassages(storeId, settings);
        for (int dimensions : lengths(passageVectors)) {
            vectors.ensure(dimensions);
        }
        String generation = UUID.randomUUID().toString();
        synchronized (this) {
            written.put(fileId, generation);
        }
        long now = Clock.systemUTC().instant().getEpochSecond();
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < passages.size(); i++) {
            lines.append("{\"index\":{\"_id\":\"")
                    .append(generation)
                    .append('-')
                    .append(i)
                    .append("\"}}\n")
                    .append(TypedJson.write(document(
                            PassageDocument.of(passages.get(i), fileId, generation, now),
                            passageVectors.isEmpty() ? NO_VECTOR : passageVectors.get(i))))
                    .append('\n');
            if (lines.length() > BULK_CHARACTERS) {
                bulk(lines);
            }
        }
        bulk(lines);
    }

    private static Set<Integer> lengths(List<float[]> vectors) {
        return vectors.stream().map(vector -> vector.length).collect(Collectors.toSet());
    }

    private Map<String, Object> document(Map<String, Object> passage, float[] vector) {
        if (vector.length > 0) {
            passage.put(vectors.name(vector.length), vectors.value(vector));
        }
        return passage;
    }

    private void bulk(StringBuilder lines) throws IOException {
        if (lines.isEmpty()) {
            return;
        }
        Reply reply = client.write(indices.passages(storeId) + "/_bulk", lines.toString());
        lines.setLength(0);
        if (!reply.ok()) {
            throw new IOException("OpenSearch refused passages: " + Indices.reason(reply));
        }
        BulkReply bulk = reply.as(BulkReply.class);
        if (bulk.errors()) {
            String why = bulk.items().stream()
                    .flatMap(item -> item.values().stream())
                    .flatMap(item -> Stream.ofNullable(item.error()))
                    .flatMap(cause -> Stream.ofNullable(cause.type()))
                    .findFirst()
                    .orElse("no reason given");
            throw new IOException("OpenSearch refused passages: " + why);
        }
    }

    @Override
    public void remove(String fileId) {
        String unseen;
        synchronized (this) {
            unseen = written.getOrDefault(fileId, "");
            written.remove(fileId);
        }
        if (!unseen.isEmpty()) {
            clear(Set.of(unseen));
        }
    }

    @Override
    public void commit() {
        client.write(indices.passages(storeId) + "/_refresh", "");
    }

    @Override
    public void recover() {
        List<String> dropped;
        synchronized (this) {
            dropped = new ArrayList<>(written.values());
            written.clear();
        }
        clear(dropped);
    }

    /** Deletes generations that nobody sees, and what a crash has left. What fails here is made up for a day later. */
    void clear(Collection<String> generations) {
        if (generations.isEmpty()) {
            return;
        }
        long old = Clock.systemUTC().instant().getEpochSecond() - LEFT_OVER_SECONDS;
        Map<String, Object> leftOver = Map.of(
                "must_not", List.of(query.visible()),
                "filter", List.of(Map.of("range", Map.of("written_at", Map.of("lt", old)))));
        Map<String, Object> any = Map.of(
                "should",
                List.of(Map.of("terms", Map.of("generation", List.copyOf(generations))), Map.of("bool", leftOver)));
        try {
            commit();
            client.deleteBy(indices.passages(storeId), Map.of("bool", any));
        } catch (GatewayException e) {
            LOG.warnf("passages that nobody sees stay for now: %s", e.getMessage());
        }
    }

    @Override
    public Set<String> filesWithoutVectors(int dimensions) throws IOException {
        return query.filesWithoutVectors(dimensions);
    }

    /** Deletes the index. */
    void drop() {
        client.delete(indices.passages(storeId));
    }

    @Override
    public Findings search(Question question, float[] vector, int limit, Optional<Set<String>> files)
            throws IOException {
        return query.search(question, vector, limit, files);
    }
}
