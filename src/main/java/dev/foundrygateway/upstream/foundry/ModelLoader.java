package dev.foundrygateway.upstream.foundry;

import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.exchange.Observation;
import dev.foundrygateway.exchange.Observer;
import dev.foundrygateway.openai.ErrorCode;
import dev.foundrygateway.openai.UpstreamError;
import dev.foundrygateway.upstream.Failures;
import dev.foundrygateway.upstream.ModelCatalog;
import dev.foundrygateway.upstream.ModelLister;
import dev.foundrygateway.upstream.Upstream;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Future;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Has models loaded, each by one call at a time, however many wait for it; in the form that the upstream's generation wants. Thread-safe. */
@ApplicationScoped
public class ModelLoader {
    private final ModelServers servers;
    private final ModelCatalog catalog;
    private final ModelLister lister;
    private final Observer observer;
    private final Map<ModelCatalog.Target, Uni<Void>> underWay = new ConcurrentHashMap<>();
    /** The name by which a 2.x took a model, where several were possible. */
    private final Map<ModelCatalog.Target, String> taken = new ConcurrentHashMap<>();

    ModelLoader(ModelServers servers, ModelCatalog catalog, ModelLister lister, Observer observer) {
        this.servers = servers;
        this.catalog = catalog;
        this.lister = lister;
        this.observer = observer;
    }

    /**
     * Has a model loaded. One that leaves doesn't end it for the others.
     *
     * @return done when it is loaded; fails with {@link GatewayException} {@code upstream_error}, saying what the upstream said
     */
    public Uni<Void> load(ModelCatalog.Target target) {
        return Uni.createFrom()
                .deferred(() -> underWay.computeIfAbsent(
                        target,
                        key -> Uni.createFrom()
                                .completionStage(() -> start(key).toCompletionStage())
                                .onTermination()
                                .invoke(() -> underWay.remove(key))
                                .memoize()
                                .indefinitely()));
    }

    /** The ids that are being loaded at an upstream right now. */
    public List<String> loading(Upstream upstream) {
        return underWay.keySet().stream()
                .filter(target -> target.upstream() == upstream)
                .map(ModelCatalog.Target::id)
                .sorted()
                .toList();
    }

    private Future<Void> start(ModelCatalog.Target target) {
        return attempt(target, "load", 0)
                .compose(name -> {
                    taken.put(target, name);
                    return lister.refreshLoaded(target.upstream()).otherwiseEmpty();
                })
                .onComplete(done -> observer.observe(new Observation.ModelLoad(
                        target.id(),
                        done.succeeded()
                                ? Observation.ModelLoad.Outcome.LOADED
                                : Observation.ModelLoad.Outcome.FAILED)));
    }

    /**
     * 2.x loads and unloads by alias alone, chats by id alone, and tells nobody which alias an id has; a wrong one is a 404.
     *
     * @param verb {@code load} or {@code unload}
     * @return the name that was taken
     */
    private Future<String> attempt(ModelCatalog.Target target, String verb, int choice) {
        Upstream upstream = target.upstream();
        List<String> names = names(target);
        String name = names.get(choice);
        return servers.ask(
                        upstream,
                        upstream.timeouts().load(),
                        server -> verb.equals("load")
                                ? upstream.kind().load(server, name)
                                : upstream.kind().unload(server, name))
                .recover(gone -> Future.failedFuture(Failures.ofConnecting(upstream, gone)))
                .compose(answer -> {
                    if (answer.ok()) {
                        return Future.succeededFuture(name);
                    }
                    if (answer.status() == 404 && choice + 1 < names.size()) {
                        return attempt(target, verb, choice + 1);
                    }
                    String told = UpstreamError.read(answer.body()).body().message();
                    return Future.failedFuture(new GatewayException(
                            ErrorCode.UPSTREAM_ERROR,
                            "upstream " + upstream.name() + " could not " + verb + " the model " + target.id() + ": "
                                    + told));
                });
    }

    /** Has a model unloaded, where its upstream is a Foundry Local. */
    Future<Void> unload(ModelCatalog.Target target) {
        Upstream upstream = target.upstream();
        if (!upstream.kind().loads()) {
            return Future.failedFuture(new GatewayException(
                    ErrorCode.UNSUPPORTED,
                    "upstream " + upstream.name() + " is not a Foundry Local server and cannot unload models"));
        }
        return attempt(target, "unload", 0)
                .compose(ignored -> lister.refreshLoaded(upstream).otherwiseEmpty());
    }

    /** What the model may be called when it is loaded or unloaded, the likeliest first; never empty. */
    List<String> names(ModelCatalog.Target target) {
        String known = taken.get(target);
        return known != null
                ? List.of(known)
                : target.upstream().kind().loadNames(target.id(), catalog.aliases(target));
    }
}
