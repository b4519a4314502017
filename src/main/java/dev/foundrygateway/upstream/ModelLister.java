package dev.foundrygateway.upstream;

import dev.foundrygateway.openai.ModelList;
import dev.foundrygateway.upstream.foundry.ModelServers;
import io.vertx.core.Future;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Asks upstreams what they list and, where they tell, what they have loaded, and puts it into the catalog. Thread-safe. */
@ApplicationScoped
public class ModelLister {
    /**
     * Told when an upstream's list has been read.
     *
     * @param upstream whose
     */
    record Listed(Upstream upstream) {}

    /** Foundry Local without its catalogue takes four seconds for its list. */
    private static final Duration LIST_TIMEOUT = Duration.ofSeconds(8);

    private static final Duration LOADED_TIMEOUT = Duration.ofSeconds(2);

    private final ModelServers servers;
    private final ModelCatalog catalog;
    private final Event<Listed> listed;
    private final Map<Upstream, Future<Void>> underWay = new ConcurrentHashMap<>();

    ModelLister(ModelServers servers, ModelCatalog catalog, Event<Listed> listed) {
        this.servers = servers;
        this.catalog = catalog;
        this.listed = listed;
    }

    /** Asks for both lists anew; callers meanwhile share one asking. Fails when there is no list; what was listed before then stays known. */
    public Future<Void> refresh(Upstream upstream) {
        Future<Void> asked = underWay.computeIfAbsent(
                upstream,
                key -> servers.ask(upstream, LIST_TIMEOUT, upstream.kind()::list)
                        .compose(answer -> {
                            if (!answer.ok()) {
                                return Future.failedFuture("status " + answer.status());
                            }
                            catalog.list(upstream, ModelList.parse(answer.body()));
                            return refreshLoaded(upstream).otherwiseEmpty();
                        })
                        .onSuccess(ignored -> listed.fire(new Listed(upstream))));
        asked.onComplete(ignored -> underWay.remove(upstream, asked));
        return asked;
    }

    /** Asks for the loaded models anew, of a Foundry Local; others don't tell. */
    public Future<Void> refreshLoaded(Upstream upstream) {
        if (!upstream.kind().loads()) {
            return Future.succeededFuture();
        }
        return servers.ask(upstream, LOADED_TIMEOUT, upstream.kind()::loaded).compose(answer -> {
            if (!answer.ok()) {
                return Future.failedFuture("status " + answer.status());
            }
            catalog.loaded(upstream, ModelList.parse(answer.body()).ids());
            return Future.succeededFuture();
        });
    }
}
