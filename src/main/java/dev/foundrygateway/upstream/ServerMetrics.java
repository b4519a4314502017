package dev.foundrygateway.upstream;

import dev.foundrygateway.exchange.ServerPages;
import dev.foundrygateway.upstream.foundry.ModelServer;
import dev.foundrygateway.upstream.foundry.ModelServers;
import io.vertx.core.Future;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jboss.logging.Logger;

/**
 * Asks the model servers for their own metrics when the gateway is asked for its, those whose {@code metrics} is on: each upstream's address at most once at a
 * time, all askers meanwhile share the answer. Thread-safe.
 */
@Singleton
public class ServerMetrics implements ServerPages {
    private static final Logger LOG = Logger.getLogger(ServerMetrics.class);
    /** Prometheus gives a scrape ten seconds by default. */
    private static final Duration LIMIT = Duration.ofSeconds(2);

    private static final int MOST_BYTES = 1 << 20;

    private final List<Upstream> upstreams;
    private final BiFunction<Upstream, UpstreamAddress, Future<ModelServers.Answer>> servers;
    private final Function<Upstream, ListedModels> listed;
    private final Map<Server, Future<List<Page>>> underWay = new ConcurrentHashMap<>();
    private final Map<Server, String> told = new ConcurrentHashMap<>();

    /** Two upstreams may have one address and two keys for it. */
    private record Server(String upstream, UpstreamAddress address) {}

    @Inject
    ServerMetrics(Upstreams upstreams, ModelServers servers, ModelCatalog catalog) {
        this(
                List.copyOf(upstreams.all()),
                (upstream, address) -> servers.askAt(upstream, address, LIMIT, ModelServer::metrics),
                catalog::of);
    }

    /**
     * With servers of any kind.
     *
     * @param servers asks an upstream at one of its addresses
     * @param listed the models it has
     */
    ServerMetrics(
            List<Upstream> upstreams,
            BiFunction<Upstream, UpstreamAddress, Future<ModelServers.Answer>> servers,
            Function<Upstream, ListedModels> listed) {
        this.upstreams = upstreams.stream()
                .filter(upstream -> upstream.config().metrics())
                .toList();
        this.servers = servers;
        this.listed = listed;
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
        Server server = new Server(upstream.name(), address);
        Future<List<Page>> asked = underWay.computeIfAbsent(
                server,
                key -> servers.apply(upstream, address)
                        .map(answer -> read(upstream, server, answer))
                        .otherwise(failure -> missing(server, "does not answer within " + LIMIT.toSeconds() + " s")));
        asked.onComplete(ignored -> underWay.remove(server, asked));
        return asked;
    }

    private List<Page> read(Upstream upstream, Server server, ModelServers.Answer answer) {
        if (answer.status() != 200) {
            return missing(server, "answers with status " + answer.status());
        }
        if (answer.body().length() > MOST_BYTES) {
            return missing(server, "answers with more than " + MOST_BYTES + " bytes");
        }
        told.remove(server);
        String at = upstream.dialledAll().size() > 1
                ? server.address().host() + ":" + server.address().port()
                : "";
        return List.of(
                new Page(upstream.name(), model(upstream), at, answer.body().toString()));
    }

    /** Once for each reason, not at every scrape. */
    private List<Page> missing(Server server, String reason) {
        if (!reason.equals(told.put(server, reason))) {
            LOG.warnf(
                    "the metrics of upstream %s are missing: %s/metrics %s",
                    server.upstream(), server.address().root(), reason);
        }
        return List.of();
    }

    private String model(Upstream upstream) {
        ListedModels models = listed.apply(upstream);
        List<String> ids = models.ids().size() == 1 ? models.ids() : models.loadedIds();
        return ids.size() == 1 ? ids.get(0) : "";
    }
}
