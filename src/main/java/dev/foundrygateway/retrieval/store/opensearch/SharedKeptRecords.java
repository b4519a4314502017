package dev.foundrygateway.retrieval.store.opensearch;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.exchange.KeptRecords;
import dev.foundrygateway.openai.ErrorCode;
import dev.foundrygateway.openai.json.TypedJson;
import dev.foundrygateway.retrieval.store.opensearch.OpenSearchClient.Reply;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

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

    /** A record as it lies in its index, with its size in bytes. */
    @RegisterForReflection
    record Document(
            @JsonProperty("owner") @Nullable String owner,
            @JsonProperty("record") @Nullable String record,
            @JsonProperty("changed") long changed,
            @JsonProperty("size") long size) {}

    /** One document. */
    @RegisterForReflection
    record Read(
            @JsonProperty("_id") @Nullable String id,
            @JsonProperty("_seq_no") long sequence,
            @JsonProperty("_primary_term") long term,
            @JsonProperty("_source") @Nullable Document source) {}

    /** A search for those that were put longest ago. */
    @RegisterForReflection
    record Oldest(
            @JsonProperty("hits") Hits hits,
            @JsonProperty("aggregations") @Nullable Sums sums) {}

    /** What it found. */
    @RegisterForReflection
    record Hits(
            @JsonProperty("total") Total total,
            @JsonProperty("hits") List<Read> hits) {}

    /** How many there are. */
    @RegisterForReflection
    record Total(@JsonProperty("value") long value) {}

    /** How large they are. */
    @RegisterForReflection
    record Sums(@JsonProperty("bytes") Sum bytes) {}

    /** A sum. */
    @RegisterForReflection
    record Sum(@JsonProperty("value") double value) {}

    private String path(String id) {
        return indices.records() + "/_doc/" + id;
    }

    @Override
    public Optional<Found> get(String id) {
        Reply reply = client.get(path(id));
        if (reply.missing()) {
            return Optional.empty();
        }
        Read read = reply.as(Read.class);
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
        Reply reply = client.put(
                path(id) + version.map(SharedKeptRecords::only).orElse(""),
                new Document(entry.owner(), record, entry.changed(), size));
        if (!reply.ok() && reply.status() != 409) {
            throw new GatewayException(
                    ErrorCode.RETRIEVAL_UNAVAILABLE, "OpenSearch does not keep the response: " + Indices.reason(reply));
        }
        return reply.ok();
    }

    private static String only(String version) {
        Matcher parts = VERSION.matcher(version);
        if (!parts.matches()) {
            throw new IllegalArgumentException("no version: " + version);
        }
        return "?if_seq_no=" + parts.group(1) + "&if_primary_term=" + parts.group(2);
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
        delete(Map.of("range", Map.of("changed", Map.of("lt", oldest))));
        for (int i = 0; i < MOST_BATCHES; i++) {
            List<String> surplus = surplus(most, bytes);
            if (surplus.isEmpty()) {
                return;
            }
            delete(Map.of("ids", Map.of("values", surplus)));
        }
    }

    /** Those that are too many or too much, the oldest of them. */
    private List<String> surplus(int most, long bytes) {
        Oldest found = client.post(
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
                .as(Oldest.class);
        long count = found.hits().total().value();
        double size = Optional.ofNullable(found.sums())
                .map(sums -> sums.bytes().value())
                .orElse(0.0);
        List<String> surplus = new ArrayList<>();
        for (Read one : found.hits().hits()) {
            if (count <= most && size <= bytes) {
                break;
            }
            count--;
            size -= Optional.ofNullable(one.source()).map(Document::size).orElse(0L);
            Optional.ofNullable(one.id()).ifPresent(surplus::add);
        }
        return surplus;
    }

    private void delete(Map<String, Object> query) {
        client.write(
                indices.records() + "/_delete_by_query?conflicts=proceed&refresh=true",
                TypedJson.write(Map.of("query", query)));
    }
}
