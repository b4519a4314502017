package dev.foundrygateway.upstream;

import dev.foundrygateway.openai.ModelList;
import dev.foundrygateway.upstream.foundry.ManagementClient;
import dev.foundrygateway.upstream.repair.Dialect;
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

    private final ManagementClient client;
    private final ModelCatalog catalog;
    private final Event<Listed> listed;
    private final Map<Upstream, Future<Void>> underWay = new ConcurrentHashMap<>();

    ModelLister(ManagementClient client, ModelCatalog catalog, Event<Listed> listed) {
        this.client = client;
        this.catalog = catalog;
        this.listed = listed;
    }

    /** Asks for both lists anew; callers meanwhile share one asking. Fails when there is no list; what was listed before then stays known. */
    public Future<Void> refresh(Upstream upstream) {
        Future<Void> asked = underWay.computeIfAbsent(
                upstream,
                key -> client.get(upstream, path(upstream.dialect()), LIST_TIMEOUT)
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

    /** 0.x leaves the version out of OpenAI's list, and loads by the whole id alone. */
    private static String path(Dialect dialect) {
        return dialect == Dialect.FOUNDRY_0X ? "/openai/models" : "/v1/models";
    }

    /** Asks for the loaded models anew, of a Foundry Local; others don't tell. */
    public Future<Void> refreshLoaded(Upstream upstream) {
        Dialect dialect = upstream.dialect();
        if (!dialect.foundry()) {
            return Future.succeededFuture();
        }
        String path = dialect == Dialect.FOUNDRY_0X ? "/openai/loadedmodels" : "/models/loaded";
        return client.get(upstream, path, LOADED_TIMEOUT).compose(answer -> {
            if (!answer.ok()) {
                return Future.failedFuture("status " + answer.status());
            }
            catalog.loaded(upstream, ModelList.parse(answer.body()).ids());
            return Future.succeededFuture();
        });
    }
}
