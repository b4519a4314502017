package dev.foundrygateway.retrieval.store.opensearch;

import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.exchange.NanoClock;
import dev.foundrygateway.retrieval.index.IndexSettings;
import dev.foundrygateway.retrieval.store.StoreRecord;
import dev.foundrygateway.retrieval.store.StoreRepository;
import dev.foundrygateway.retrieval.store.VectorStore;
import dev.foundrygateway.retrieval.store.opensearch.Answers.StoreHit;
import dev.foundrygateway.retrieval.store.opensearch.Answers.StoreHits;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;

/** The stores in OpenSearch: every gateway with the same prefix sees and changes the same ones, and takes over what a lost one was ingesting. */
final class SharedStoreRepository implements StoreRepository {
    private static final Logger LOG = Logger.getLogger(SharedStoreRepository.class);
    private static final Pattern ID = Pattern.compile("vs_[0-9a-f]{24}");
    private static final int MOST = 10_000;
    private static final int BEATS = 3;

    private final OpenSearchClient client;
    private final Indices indices;
    private final IndexSettings settings;
    private final Duration takeOverAfter;
    private final String gateway = UUID.randomUUID().toString();
    private final Map<String, SharedStore> stores = new ConcurrentHashMap<>();
    private final TakeOver takeOver;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "retrieval-take-over");
        thread.setDaemon(true);
        return thread;
    });

    SharedStoreRepository(
            OpenSearchClient client, Indices indices, IndexSettings settings, Duration takeOverAfter, NanoClock clock) {
        this.client = client;
        this.indices = indices;
        this.settings = settings;
        this.takeOverAfter = takeOverAfter;
        this.takeOver = new TakeOver(client, indices, gateway, takeOverAfter, clock);
    }

    @Override
    public void open(Resume resume) {
        long period = takeOverAfter.toMillis() / BEATS;
        ScheduledFuture<?> unused =
                timer.scheduleWithFixedDelay(() -> beat(resume), 0, Math.max(1, period), TimeUnit.MILLISECONDS);
    }

    /** Tells the others that this gateway lives, and takes up what it has to. */
    void beat(Resume resume) {
        try {
            takeOver.beat();
            takeOver.look(this::store, resume);
        } catch (GatewayException e) {
            LOG.warnf("no sign of life was given: %s", e.getMessage());
        } catch (RuntimeException e) {
            // Else the timer would never come again.
            LOG.error("interrupted ingests were not looked for", e);
        }
    }

    private SharedStore store(String id) {
        return stores.computeIfAbsent(id, key -> new SharedStore(client, indices, key, gateway, settings));
    }

    @Override
    public VectorStore create(StoreRecord record) {
        indices.ensure();
        SharedStore store = store(record.id());
        store.make(record);
        return store;
    }

    @Override
    public Optional<VectorStore> find(String id) {
        if (!ID.matcher(id).matches()) {
            return Optional.empty();
        }
        SharedStore store = store(id);
        if (store.read().isEmpty()) {
            stores.remove(id);
            return Optional.empty();
        }
        return Optional.of(store);
    }

    @Override
    public List<VectorStore> all() {
        if (client.write(indices.stores() + "/_refresh", "").missing()) {
            return List.of();
        }
        List<StoreHit> hits = client.post(indices.stores() + "/_search", Map.of("size", MOST, "_source", false))
                .as(StoreHits.class)
                .hits()
                .hits();
        return hits.stream().flatMap(hit -> find(hit.id()).stream()).toList();
    }

    @Override
    public void delete(VectorStore store) {
        SharedStore shared = store(store.record().id());
        stores.remove(shared.id());
        shared.delete();
    }

    @Override
    public void close() {
        timer.shutdownNow();
        try {
            takeOver.leave();
        } catch (GatewayException e) {
            LOG.debugf("the others learn by its silence that this gateway has left: %s", e.getMessage());
        }
    }
}
