package dev.foundrygateway.upstream;

import dev.foundrygateway.chat.NanoClock;
import dev.foundrygateway.chat.UpstreamState;
import dev.foundrygateway.openai.ModelList;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Asks the upstreams whether they are there, at {@code /status} and where that is unknown at {@code /v1/models}, and what they list. In the background, so
 * that health, metrics and routing read a value and wait for nobody. Thread-safe.
 */
@ApplicationScoped
public class UpstreamProbe implements UpstreamState.Source {
    private static final int PERIOD_MILLIS = 2_000;
    private static final int TIMEOUT_MILLIS = 900;
    /** Foundry Local without its catalogue takes four seconds for its list. */
    private static final int LIST_TIMEOUT_MILLIS = 8_000;

    private static final long LIST_PERIOD_NANOS = Duration.ofSeconds(20).toNanos();

    private final Vertx vertx;
    private final Upstreams upstreams;
    private final ModelCatalog catalog;
    private final NanoClock clock;
    private final HttpClient client;
    private final Map<Upstream, Boolean> up = new ConcurrentHashMap<>();
    private final Map<Upstream, Long> listedAt = new ConcurrentHashMap<>();
    private volatile long timer = -1;

    UpstreamProbe(Vertx vertx, Upstreams upstreams, ModelCatalog catalog, NanoClock clock) {
        this.vertx = vertx;
        this.upstreams = upstreams;
        this.catalog = catalog;
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
        return answers(upstream, "/status")
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
        get(upstream, "/v1/models", LIST_TIMEOUT_MILLIS)
                .map(body -> ModelList.parse(body).ids())
                .onSuccess(ids -> catalog.list(upstream, ids))
                // Gone again meanwhile, or no list: the next probe asks anew. What it listed before stays known.
                .onFailure(ignored -> listedAt.remove(upstream));
    }

    private Future<Boolean> answers(Upstream upstream, String path) {
        return client.request(options(upstream, path, TIMEOUT_MILLIS))
                .compose(request -> request.send()
                        .compose(response -> response.body().map(ignored -> response.statusCode() == 200)));
    }

    private Future<Buffer> get(Upstream upstream, String path, int timeoutMillis) {
        return client.request(options(upstream, path, timeoutMillis))
                .compose(request -> request.send()
                        .compose(response -> response.statusCode() == 200
                                ? response.body()
                                : Future.failedFuture("status " + response.statusCode())));
    }

    private static RequestOptions options(Upstream upstream, String path, int timeoutMillis) {
        UpstreamAddress address = upstream.address();
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

    @Override
    public List<UpstreamState> states() {
        return upstreams.all().stream()
                .map(upstream -> new UpstreamState(
                        upstream.name(),
                        upstream.address().toString(),
                        up.getOrDefault(upstream, false),
                        catalog.count(upstream)))
                .toList();
    }
}
