package dev.foundrygateway.retrieval.store.opensearch;

import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.exchange.NanoClock;
import dev.foundrygateway.retrieval.store.StoreRepository;
import dev.foundrygateway.retrieval.store.opensearch.Answers.GatewayHit;
import dev.foundrygateway.retrieval.store.opensearch.Answers.GatewayHits;
import dev.foundrygateway.retrieval.store.opensearch.Answers.StoreHit;
import dev.foundrygateway.retrieval.store.opensearch.Answers.StoreHits;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jboss.logging.Logger;

/**
 * Finds ingests that nobody works on. Every gateway writes a sign of life of its own now and then; one whose sign has not changed for a while, measured by the
 * observer's own clock, or that has none, is lost, and its files in progress are taken over by compare-and-set. A gateway that was only slow does no harm when
 * it comes back: both ingests write generations of their own, and the first one whose record is written counts. One thread at a time.
 */
final class TakeOver {
    private static final Logger LOG = Logger.getLogger(TakeOver.class);
    private static final int MOST = 1_000;

    private final OpenSearchClient client;
    private final Indices indices;
    private final String gateway;
    private final long patienceNanos;
    private final NanoClock clock;
    private final Map<String, Sign> signs = new HashMap<>();
    private long beats;

    private record Sign(long sequence, long sinceNanos) {}

    TakeOver(OpenSearchClient client, Indices indices, String gateway, Duration patience, NanoClock clock) {
        this.client = client;
        this.indices = indices;
        this.gateway = gateway;
        this.patienceNanos = patience.toNanos();
        this.clock = clock;
    }

    private String path(String id) {
        return indices.gateways() + "/_doc/" + id;
    }

    /** Gives a sign of life. */
    void beat() {
        indices.ensure();
        client.put(path(gateway), Map.of("beat", ++beats));
    }

    /** Says good-bye: what is in progress here is the others' at once. */
    void leave() {
        client.delete(path(gateway));
    }

    /** Takes up what is this gateway's, and what lost ones have left. */
    void look(Function<String, SharedStore> stores, StoreRepository.Resume resume) {
        client.write(indices.stores() + "/_refresh", "");
        List<StoreHit> waiting = client.post(
                        indices.stores() + "/_search",
                        Map.of(
                                "size",
                                MOST,
                                "_source",
                                List.of("owners"),
                                "query",
                                Map.of("exists", Map.of("field", "waiting"))))
                .as(StoreHits.class)
                .hits()
                .hits();
        // After the stores: whoever owns a file there has given its sign before.
        Set<String> alive = alive();
        for (StoreHit hit : waiting) {
            var owned = hit.source();
            Map<String, String> owners = owned == null || owned.owners() == null ? Map.of() : owned.owners();
            Set<String> lost = new TreeSet<>(owners.values());
            lost.removeAll(alive);
            if (!lost.isEmpty() || owners.containsValue(gateway)) {
                take(stores.apply(hit.id()), lost, resume);
            }
        }
    }

    private static void take(SharedStore store, Set<String> lost, StoreRepository.Resume resume) {
        try {
            if (!lost.isEmpty()) {
                LOG.infof("taking over what %s left of the ingest of %s", lost, store.id());
            }
            store.adopt(lost).forEach(file -> resume.file(store, file));
        } catch (GatewayException e) {
            LOG.warnf("the ingest of %s was not taken over: %s", store.id(), e.getMessage());
        }
    }

    private Set<String> alive() {
        client.write(indices.gateways() + "/_refresh", "");
        List<GatewayHit> hits = client.post(
                        indices.gateways() + "/_search",
                        Map.of("size", MOST, "_source", false, "seq_no_primary_term", true))
                .as(GatewayHits.class)
                .hits()
                .hits();
        long now = clock.nanos();
        Set<String> alive = new TreeSet<>(List.of(gateway));
        Map<String, Sign> seen = new HashMap<>();
        for (GatewayHit hit : hits) {
            Sign before = signs.get(hit.id());
            Sign sign = before != null && before.sequence() == hit.sequence() ? before : new Sign(hit.sequence(), now);
            seen.put(hit.id(), sign);
            if (now - sign.sinceNanos() < patienceNanos) {
                alive.add(hit.id());
            } else {
                client.delete(path(hit.id()));
            }
        }
        signs.clear();
        signs.putAll(seen);
        return alive;
    }
}
