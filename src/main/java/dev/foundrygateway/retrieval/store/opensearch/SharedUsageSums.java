package dev.foundrygateway.retrieval.store.opensearch;

import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.exchange.SharedUsage;
import dev.foundrygateway.openai.ErrorCode;
import dev.foundrygateway.retrieval.store.opensearch.Answers.UsageDocument;
import dev.foundrygateway.retrieval.store.opensearch.Answers.UsageHit;
import dev.foundrygateway.retrieval.store.opensearch.Answers.UsageHits;
import dev.foundrygateway.retrieval.store.opensearch.OpenSearchClient.Reply;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Usage in OpenSearch: one document for each gateway and day. Its index has one shard, so that OpenSearch numbers all writes in their order; who asks for news
 * asks from a number on.
 */
final class SharedUsageSums implements SharedUsage {
    private static final String NUMBER = "_seq_no";
    private static final int BATCH = 100;
    /** Writes that have come together may be seen in another order than they were numbered. */
    private static final int TOGETHER = 50;

    private final OpenSearchClient client;
    private final Indices indices;

    SharedUsageSums(OpenSearchClient client, Indices indices) {
        this.client = client;
        this.indices = indices;
    }

    @Override
    public void put(Part part) {
        indices.ensureUsage();
        accept(client.put(
                indices.usage() + "/_doc/" + part.gateway() + "_" + part.day(),
                new UsageDocument(part.gateway(), part.day().toEpochDay(), part.rows())));
    }

    @Override
    public News since(long position) {
        if (client.write(indices.usage() + "/_refresh", "").missing()) {
            return new News(List.of(), 0);
        }
        List<Part> parts = new ArrayList<>();
        long from = Math.max(0, position - TOGETHER);
        long next = 0;
        while (true) {
            List<UsageHit> hits = hits(from);
            for (UsageHit hit : hits) {
                UsageDocument document = hit.source();
                if (document != null) {
                    parts.add(new Part(document.gateway(), LocalDate.ofEpochDay(document.day()), document.rows()));
                }
                next = Math.max(next, hit.sequence() + 1);
            }
            if (hits.size() < BATCH) {
                return new News(parts, next);
            }
            from = next;
        }
    }

    private List<UsageHit> hits(long from) {
        Reply reply = client.post(
                indices.usage() + "/_search",
                Map.of(
                        "size",
                        BATCH,
                        "seq_no_primary_term",
                        true,
                        "query",
                        Map.of("range", Map.of(NUMBER, Map.of("gte", from))),
                        "sort",
                        List.of(Map.of(NUMBER, "asc"))));
        return accept(reply).as(UsageHits.class).hits().hits();
    }

    @Override
    public void forget(LocalDate before) {
        client.deleteBy(indices.usage(), Map.of("range", Map.of("day", Map.of("lt", before.toEpochDay()))));
    }

    private static Reply accept(Reply reply) {
        if (!reply.ok()) {
            throw new GatewayException(
                    ErrorCode.RETRIEVAL_UNAVAILABLE,
                    "OpenSearch does not share the account of usage: " + Indices.reason(reply));
        }
        return reply;
    }
}
