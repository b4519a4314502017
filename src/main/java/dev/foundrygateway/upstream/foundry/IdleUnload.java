package dev.foundrygateway.upstream.foundry;

import dev.foundrygateway.exchange.NanoClock;
import dev.foundrygateway.upstream.Admission;
import dev.foundrygateway.upstream.ModelCatalog;
import dev.foundrygateway.upstream.Upstream;
import dev.foundrygateway.upstream.Upstreams;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.List;
import org.jboss.logging.Logger;

/** Unloads models that the gateway called and that nobody has called for as long as {@code idle-unload} says. */
@ApplicationScoped
public class IdleUnload {
    private static final Logger LOG = Logger.getLogger(IdleUnload.class);
    private static final int PERIOD_MILLIS = 10_000;

    private final Vertx vertx;
    private final List<Upstream> upstreams;
    private final Admission admission;
    private final ModelCatalog catalog;
    private final ModelLoader loader;
    private final NanoClock clock;
    private volatile long timer = -1;

    IdleUnload(
            Vertx vertx,
            Upstreams upstreams,
            Admission admission,
            ModelCatalog catalog,
            ModelLoader loader,
            NanoClock clock) {
        this.vertx = vertx;
        this.upstreams = upstreams.all().stream()
                .filter(upstream -> upstream.config().idleUnload().isPresent())
                .toList();
        this.admission = admission;
        this.catalog = catalog;
        this.loader = loader;
        this.clock = clock;
    }

    void start(@Observes StartupEvent event) {
        if (!upstreams.isEmpty()) {
            timer = vertx.setPeriodic(PERIOD_MILLIS, ignored -> unloadIdle());
        }
    }

    void stop(@Observes ShutdownEvent event) {
        vertx.cancelTimer(timer);
    }

    /** Looks once at every upstream. */
    public void unloadIdle() {
        upstreams.forEach(this::unloadIdle);
    }

    private void unloadIdle(Upstream upstream) {
        Duration limit = upstream.config().idleUnload().orElse(Duration.ZERO);
        long now = clock.nanos();
        List<String> loaded = catalog.of(upstream).loadedIds();
        admission.idleSinceNanos(upstream).forEach((model, since) -> {
            if (since != Long.MAX_VALUE && loaded.contains(model) && now - since > limit.toNanos()) {
                LOG.infof("unloading %s, which nobody has called for %s", model, limit);
                loader.unload(new ModelCatalog.Target(upstream, model));
            }
        });
    }
}
