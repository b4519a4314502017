package dev.foundrygateway.upstream;

import dev.foundrygateway.exchange.NanoClock;
import dev.foundrygateway.exchange.UpstreamState;
import dev.foundrygateway.upstream.foundry.ModelLoader;
import dev.foundrygateway.upstream.foundry.ServerKind;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Asks the upstreams whether they are there, at {@code /status} and where that is unknown at {@code /v1/models}, and what they list. In the background, so
 * that health, metrics and routing read a value and wait for nobody. Thread-safe.
 */
@ApplicationScoped
public class UpstreamProbe implements UpstreamState.Source {
    private static final int PERIOD_MILLIS = 2_000;
    private static final int TIMEOUT_MILLIS = 900;
    private static final long LIST_PERIOD_NANOS = Duration.ofSeconds(20).toNanos();

    private final Vertx vertx;
    private final Upstreams upstreams;
    private final ModelCatalog catalog;
    private final ModelLister lister;
    private final ModelLoader loader;
    private final Dispatcher dispatcher;
    private final NanoClock clock;
    private final HttpClient client;
    private final Map<Upstream, Boolean> up = new ConcurrentHashMap<>();
    private final Map<Upstream, Long> listedAt = new ConcurrentHashMap<>();
    private volatile long timer = -1;

    UpstreamProbe(
            Vertx vertx,
            Upstreams upstreams,
            ModelCatalog catalog,
            ModelLister lister,
            ModelLoader loader,
            Dispatcher dispatcher,
            NanoClock clock) {
        this.vertx = vertx;
        this.upstreams = upstreams;
        this.catalog = catalog;
        this.lister = lister;
        this.loader = loader;
        this.dispatcher = dispatcher;
        this.clock = clock;
        this.client = vertx.createHttpClient(
                new HttpClientOptions().setConnectTimeout(TIMEOUT_MILLIS).setHttp2ClearTextUpgrade(false));
    }

    void start(@Observes StartupEvent event) {
        probeAll();
        timer = vertx.setPeriodic(PERIOD_MILLIS, ignored -> probeAll());
    }

    void stop(@Observes ShutdownEvent event) {
        vertx.cancelTimer(timer);
        client.close();
    }

    private void probeAll() {
        for (Upstream upstream : upstreams.all()) {
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
                .compose(found -> found ? Future.succeededFuture(true) : answers(upstream, "/v1/models"))
                .otherwise(false)
                .onSuccess(answered -> {
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
        return ask(upstream, "/status").compose(status -> {
            Optional<ServerKind> found = ServerKind.ofStatus(status);
            found.ifPresent(upstream::recognised);
            boolean known =
                    Boolean.TRUE.equals(up.get(upstream)) && !upstream.kind().loads();
            return found.isPresent() || known ? Future.succeededFuture(found.isPresent()) : recognise0x(upstream);
        });
    }

    private Future<Boolean> recognise0x(Upstream upstream) {
        return ask(upstream, "/openai/status").map(status -> {
            ServerKind found = ServerKind.ofOldStatus(status);
            upstream.recognised(found);
            return found.loads();
        });
    }

    /** The body of an answer of status 200, empty for another; fails only where none came. */
    private Future<String> ask(Upstream upstream, String path) {
        return client.request(options(upstream, path, TIMEOUT_MILLIS))
                .compose(request -> request.send()
                        .compose(response ->
                                response.body().map(body -> response.statusCode() == 200 ? body.toString() : "")));
    }

    private Future<Boolean> answers(Upstream upstream, String path) {
        return client.request(options(upstream, path, TIMEOUT_MILLIS))
                .compose(request -> request.send()
                        .compose(response -> response.body().map(ignored -> response.statusCode() == 200)));
    }

    private static RequestOptions options(Upstream upstream, String path, int timeoutMillis) {
        UpstreamAddress address = upstream.dialled();
        RequestOptions options = new RequestOptions()
                .setMethod(HttpMethod.GET)
                .setHost(address.host())
                .setPort(address.port())
                .setSsl(address.tls())
                .setURI(address.path() + path)
                .setTimeout(timeoutMillis);
        if (!upstream.authorization().isEmpty()) {
            options.putHeader("Authorization", upstream.authorization());
        }
        return options;
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
                        up.getOrDefault(upstream, false),
                        catalog.count(upstream),
                        upstream.circuit().state(),
                        dispatcher.waiting(upstream),
                        loader.loading(upstream),
                        dispatcher.slotsByModel(upstream)))
                .toList();
    }
}
