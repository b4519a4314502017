package dev.foundrygateway.retrieval.store.opensearch;

import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.exchange.KeptRecords;
import dev.foundrygateway.openai.ErrorCode;
import dev.foundrygateway.retrieval.store.opensearch.Answers.RecordDocument;
import dev.foundrygateway.retrieval.store.opensearch.Answers.RecordHits;
import dev.foundrygateway.retrieval.store.opensearch.Answers.RecordReply;
import dev.foundrygateway.retrieval.store.opensearch.OpenSearchClient.Reply;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Records in OpenSearch: one document each. */
final class SharedKeptRecords implements KeptRecords {
    private static final Pattern VERSION = Pattern.compile("(\\d{1,19})\\.(\\d{1,19})");
    private static final int BATCH = 1_000;
    /** So many batches go at once; the rest goes the next time. */
    private static final int MOST_BATCHES = 20;

    private final OpenSearchClient client;
    private final Indices indices;

    SharedKeptRecords(OpenSearchClient client, Indices indices) {
        this.client = client;
        this.indices = indices;
    }

    private String path(String id) {
        return indices.records() + "/_doc/" + id;
    }

    @Override
    public Optional<Found> get(String id) {
        Reply reply = client.get(path(id));
        if (reply.missing()) {
            return Optional.empty();
        }
        RecordReply read = reply.as(RecordReply.class);
        return Optional.ofNullable(read.source())
                .map(document -> new Found(
                        new Entry(
                                Optional.ofNullable(document.owner()).orElse(""),
                                Buffer.buffer(
                                        Optional.ofNullable(document.record()).orElse("")),
                                document.changed()),
                        read.sequence() + "." + read.term()));
    }

    @Override
    public boolean put(String id, Entry entry, Optional<String> version) {
        indices.ensure();
        String record = entry.record().toString();
        long size = entry.owner().length() + 1L + entry.record().length();
        RecordDocument document = new RecordDocument(entry.owner(), record, entry.changed(), size);
        Reply reply = version.isEmpty() ? client.put(path(id), document) : replace(path(id), document, version.get());
        if (!reply.ok() && reply.status() != 409) {
            throw new GatewayException(
                    ErrorCode.RETRIEVAL_UNAVAILABLE, "OpenSearch does not keep the response: " + Indices.reason(reply));
        }
        return reply.ok();
    }

    private Reply replace(String path, RecordDocument document, String version) {
        Matcher parts = VERSION.matcher(version);
        if (!parts.matches()) {
            throw new IllegalArgumentException("no version: " + version);
        }
        return client.replace(path, document, Long.parseLong(parts.group(1)), Long.parseLong(parts.group(2)));
    }

    @Override
    public void delete(String id) {
        client.delete(path(id));
    }

    @Override
    public void trim(long oldest, int most, long bytes) {
        if (client.write(indices.records() + "/_refresh", "").missing()) {
            return;
        }
        client.deleteBy(indices.records(), Map.of("range", Map.of("changed", Map.of("lt", oldest))));
        for (int i = 0; i < MOST_BATCHES; i++) {
            List<String> surplus = surplus(most, bytes);
            if (surplus.isEmpty()) {
                return;
            }
            client.deleteBy(indices.records(), Map.of("ids", Map.of("values", surplus)));
        }
    }

    /** Those that are too many or too much, the oldest of them. */
    private List<String> surplus(int most, long bytes) {
        RecordHits found = client.post(
                        indices.records() + "/_search",
                        Map.of(
                                "size",
                                BATCH,
                                "track_total_hits",
                                true,
                                "sort",
                                List.of(Map.of("changed", "asc")),
                                "_source",
                                List.of("size"),
                                "aggs",
                                Map.of("bytes", Map.of("sum", Map.of("field", "size")))))
                .as(RecordHits.class);
        long count = found.hits().total().value();
        double size = Optional.ofNullable(found.sums())
                .map(sums -> sums.bytes().value())
                .orElse(0.0);
        List<String> surplus = new ArrayList<>();
        for (RecordReply one : found.hits().hits()) {
            if (count <= most && size <= bytes) {
                break;
            }
            count--;
            size -= Optional.ofNullable(one.source()).map(RecordDocument::size).orElse(0L);
            Optional.ofNullable(one.id()).ifPresent(surplus::add);
        }
        return surplus;
    }
}
