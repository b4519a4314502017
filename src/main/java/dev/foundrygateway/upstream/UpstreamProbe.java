package dev.foundrygateway.upstream;

import dev.foundrygateway.exchange.NanoClock;
import dev.foundrygateway.exchange.UpstreamState;
import dev.foundrygateway.upstream.foundry.ModelLoader;
import dev.foundrygateway.upstream.foundry.ModelServer;
import dev.foundrygateway.upstream.foundry.ModelServers;
import dev.foundrygateway.upstream.foundry.ServerKind;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.enterprise.event.Observes;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Asks the upstreams whether they are there, at {@code /status} and where that is unknown at {@code /v1/models}, and what they list. In the background, so
 * that health, metrics and routing read a value and wait for nobody. Thread-safe.
 */
@ApplicationScoped
public class UpstreamProbe implements UpstreamState.Source {
    private static final int PERIOD_MILLIS = 2_000;
    private static final Duration TIMEOUT = Duration.ofMillis(900);
    private static final long LIST_PERIOD_NANOS = Duration.ofSeconds(20).toNanos();

    private final Vertx vertx;
    private final Upstreams upstreams;
    private final ModelServers servers;
    private final ModelCatalog catalog;
    private final ModelLister lister;
    private final ModelLoader loader;
    private final Dispatcher dispatcher;
    private final NanoClock clock;
    private final Event<UpstreamState.Found> found;
    private final Map<Upstream, Boolean> up = new ConcurrentHashMap<>();
    private final Map<Upstream, Long> listedAt = new ConcurrentHashMap<>();
    private volatile long timer = -1;

    UpstreamProbe(
            Vertx vertx,
            Upstreams upstreams,
            ModelServers servers,
            ModelCatalog catalog,
            ModelLister lister,
            ModelLoader loader,
            Dispatcher dispatcher,
            NanoClock clock,
            Event<UpstreamState.Found> found) {
        this.vertx = vertx;
        this.upstreams = upstreams;
        this.catalog = catalog;
        this.lister = lister;
        this.loader = loader;
        this.dispatcher = dispatcher;
        this.clock = clock;
        this.servers = servers;
        this.found = found;
    }

    void start(@Observes StartupEvent event) {
        probeAll();
        timer = vertx.setPeriodic(PERIOD_MILLIS, ignored -> probeAll());
    }

    void stop(@Observes ShutdownEvent event) {
        vertx.cancelTimer(timer);
    }

    private void probeAll() {
        for (Upstream upstream : upstreams.sought()) {
            probe(upstream);
        }
    }

    /**
     * Asks one upstream now.
     *
     * @return whether it answered, within a second; never fails
     */
    public Future<Boolean> probe(Upstream upstream) {
        UpstreamAddress dialled = upstream.dialled();
        return recognise(upstream)
                .onFailure(gone -> {
                    if (Failures.isNobodyThere(gone)) {
                        upstream.unanswered(dialled);
                    }
                })
                .compose(recognised -> recognised ? Future.succeededFuture(true) : answers(upstream))
                .otherwise(false)
                .onSuccess(answered -> {
                    if (answered && upstreams.found(upstream)) {
                        found.fire(new UpstreamState.Found(upstream.name()));
                    }
                    boolean appeared = !Boolean.TRUE.equals(up.put(upstream, answered)) && answered;
                    if (answered && (appeared || listIsOld(upstream))) {
                        list(upstream);
                    }
                });
    }

    private boolean listIsOld(Upstream upstream) {
        Long last = listedAt.get(upstream);
        return last == null || clock.nanos() - last > LIST_PERIOD_NANOS;
    }

    private void list(Upstream upstream) {
        listedAt.put(upstream, clock.nanos());
        lister.refresh(upstream)
                // Gone again meanwhile, or no list: the next probe asks anew. What it listed before stays known.
                .onFailure(ignored -> listedAt.remove(upstream));
    }

    /** Whether it answered like one of Foundry Local's generations. The 0.x service is asked for only where another server has just appeared. */
    private Future<Boolean> recognise(Upstream upstream) {
        return ask(upstream, ModelServer::status).compose(status -> {
            Optional<ServerKind> kind = ServerKind.ofStatus(status);
            kind.ifPresent(upstream::recognised);
            boolean known =
                    Boolean.TRUE.equals(up.get(upstream)) && !upstream.kind().loads();
            return kind.isPresent() || known ? Future.succeededFuture(kind.isPresent()) : recognise0x(upstream);
        });
    }

    private Future<Boolean> recognise0x(Upstream upstream) {
        return ask(upstream, ModelServer::oldStatus).map(status -> {
            ServerKind kind = ServerKind.ofOldStatus(status);
            upstream.recognised(kind);
            return kind.loads();
        });
    }

    /** The body of an answer of status 200, empty for another; fails only where none came. */
    private Future<String> ask(Upstream upstream, Function<ModelServer, Uni<Response>> call) {
        return servers.ask(upstream, TIMEOUT, call)
                .map(answer -> answer.status() == 200 ? answer.body().toString() : "");
    }

    private Future<Boolean> answers(Upstream upstream) {
        return servers.ask(upstream, TIMEOUT, ModelServer::models).map(answer -> answer.status() == 200);
    }

    /** Whether it answered when it was last asked. */
    public boolean isUp(Upstream upstream) {
        return up.getOrDefault(upstream, false);
    }

    @Override
    public List<UpstreamState> states() {
        return upstreams.all().stream()
                .map(upstream -> new UpstreamState(
                        upstream.name(),
                        upstream.address().toString(),
                        isUp(upstream),
                        isKnown(upstream) ? upstream.dialect().setting() : "",
                        catalog.count(upstream),
                        upstream.circuit().state(),
                        dispatcher.waiting(upstream),
                        loader.loading(upstream),
                        catalog.of(upstream).loadedNames(),
                        dispatcher.slotsByModel(upstream)))
                .toList();
    }

    /** Whether its kind is more than a guess. */
    private boolean isKnown(Upstream upstream) {
        return isUp(upstream)
                || upstream.kind().loads()
                || upstream.config().dialect() != UpstreamsConfig.DialectSetting.AUTO;
    }
}
