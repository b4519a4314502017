package dev.foundrygateway.upstream;

import dev.foundrygateway.exchange.ServerPages;
import dev.foundrygateway.upstream.foundry.ModelServer;
import dev.foundrygateway.upstream.foundry.ModelServers;
import io.vertx.core.Future;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;

/**
 * Asks the model servers for their own metrics when the gateway is asked for its, those whose {@code metrics} is on: each address at most once at a time, all
 * askers meanwhile share the answer. Thread-safe.
 */
@Singleton
public class ServerMetrics implements ServerPages {
    private static final Logger LOG = Logger.getLogger(ServerMetrics.class);
    /** Prometheus gives a scrape ten seconds by default. */
    private static final Duration LIMIT = Duration.ofSeconds(2);

    private static final int MOST_BYTES = 1 << 20;

    private final List<Upstream> upstreams;
    private final ModelServers servers;
    private final ModelCatalog catalog;
    private final Map<UpstreamAddress, Future<List<Page>>> underWay = new ConcurrentHashMap<>();
    private final Map<UpstreamAddress, String> told = new ConcurrentHashMap<>();

    ServerMetrics(Upstreams upstreams, ModelServers servers, ModelCatalog catalog) {
        this.upstreams = upstreams.all().stream()
                .filter(upstream -> upstream.config().metrics())
                .toList();
        this.servers = servers;
        this.catalog = catalog;
    }

    @Override
    public Future<List<Page>> pages() {
        if (upstreams.isEmpty()) {
            return Future.succeededFuture(List.of());
        }
        List<Future<List<Page>>> asked = upstreams.stream()
                .flatMap(upstream -> upstream.dialledAll().stream().map(address -> page(upstream, address)))
                .toList();
        return Future.all(asked)
                .map(all -> asked.stream().flatMap(one -> one.result().stream()).toList());
    }

    private Future<List<Page>> page(Upstream upstream, UpstreamAddress address) {
        Future<List<Page>> asked = underWay.computeIfAbsent(
                address,
                key -> servers.askAt(upstream, address, LIMIT, ModelServer::metrics)
                        .map(answer -> read(upstream, address, answer))
                        .otherwise(failure -> missing(upstream, address, "does not answer within " + LIMIT)));
        asked.onComplete(ignored -> underWay.remove(address, asked));
        return asked;
    }

    private List<Page> read(Upstream upstream, UpstreamAddress address, ModelServers.Answer answer) {
        if (answer.status() != 200) {
            return missing(upstream, address, "answers with status " + answer.status());
        }
        if (answer.body().length() > MOST_BYTES) {
            return missing(upstream, address, "answers with more than " + MOST_BYTES + " bytes");
        }
        told.remove(address);
        String at = upstream.dialledAll().size() > 1 ? address.host() + ":" + address.port() : "";
        return List.of(
                new Page(upstream.name(), model(upstream), at, answer.body().toString()));
    }

    /** Once for each reason, not at every scrape. */
    private List<Page> missing(Upstream upstream, UpstreamAddress address, String reason) {
        if (!reason.equals(told.put(address, reason))) {
            LOG.warnf("the metrics of upstream %s are missing: %s/metrics %s", upstream.name(), address.root(), reason);
        }
        return List.of();
    }

    private String model(Upstream upstream) {
        ListedModels listed = catalog.of(upstream);
        List<String> ids = listed.ids().size() == 1 ? listed.ids() : listed.loadedIds();
        return ids.size() == 1 ? ids.get(0) : "";
    }
}
