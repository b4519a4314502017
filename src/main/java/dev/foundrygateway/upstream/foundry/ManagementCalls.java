package dev.foundrygateway.upstream.foundry;

import dev.foundrygateway.exchange.Caller;
import dev.foundrygateway.exchange.ChatReply;
import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.exchange.Served;
import dev.foundrygateway.exchange.Timeline;
import dev.foundrygateway.openai.ErrorCode;
import dev.foundrygateway.openai.json.Json;
import dev.foundrygateway.upstream.ListedModels;
import dev.foundrygateway.upstream.ModelCatalog;
import dev.foundrygateway.upstream.ModelLister;
import dev.foundrygateway.upstream.Upstream;
import dev.foundrygateway.upstream.Upstreams;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Foundry Local's own calls, answered by the gateway over whatever stands behind it, so that SDKs of all its generations start against it. Thread-safe.
 *
 * @see <a href="https://learn.microsoft.com/azure/ai-foundry/foundry-local/reference/reference-rest">Foundry Local REST reference</a>
 */
@ApplicationScoped
public class ManagementCalls {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final Upstreams upstreams;
    private final ModelCatalog catalog;
    private final ModelLister lister;
    private final ModelLoader loader;
    private final ModelServers servers;

    ManagementCalls(
            Upstreams upstreams, ModelCatalog catalog, ModelLister lister, ModelLoader loader, ModelServers servers) {
        this.upstreams = upstreams;
        this.catalog = catalog;
        this.lister = lister;
        this.loader = loader;
        this.servers = servers;
    }

    /** {@code GET /foundry/list}: a 0.x tells it itself; of the others it is made from what they list. */
    public Uni<ChatReply> list(Caller caller) {
        List<Future<List<Json>>> parts = new ArrayList<>();
        for (Upstream upstream : upstreams.all()) {
            Future<List<Json>> made =
                    lister.refresh(upstream).otherwiseEmpty().map(ignored -> FoundryList.of(catalog, upstream));
            parts.add(
                    upstream.kind().answersOldCalls()
                            ? servers.ask(upstream, TIMEOUT, ModelServer::catalogue)
                                    .map(answer -> FoundryList.told(answer.body()))
                                    .recover(ignored -> made)
                            : made);
        }
        return reply(Future.all(parts).map(ignored -> {
            Json all = Json.array();
            parts.forEach(part -> part.result().forEach(item -> {
                if (!item.isObject()
                        || catalog.mayAsk(caller, item.get("name").text())
                        || catalog.mayAsk(caller, item.get("alias").text())) {
                    all.add(item);
                }
            }));
            return all.buffer();
        }));
    }

    /** {@code GET /openai/models}: the ids of all models that could be loaded. */
    public Uni<ChatReply> models(Caller caller) {
        return reply(refreshed(caller, upstream -> catalog.of(upstream).ids()));
    }

    /** {@code GET /openai/loadedmodels}, by the ids of {@link #models}: an SDK of 0.x compares the two. A server that is no Foundry Local has all of its models loaded. */
    public Uni<ChatReply> loadedIds(Caller caller) {
        return loaded(caller, ListedModels::loadedIds);
    }

    /** {@code GET /models/loaded}, by the names that the servers tell: the SDK of 1.x insists on the version, which 1.x tells here alone. */
    public Uni<ChatReply> loadedNames(Caller caller) {
        return loaded(caller, models -> models.loadedNames().orElse(List.of()));
    }

    private Uni<ChatReply> loaded(Caller caller, Function<ListedModels, List<String>> loaded) {
        return reply(refreshed(caller, upstream -> {
            ListedModels listed = catalog.of(upstream);
            return upstream.kind().loads() ? loaded.apply(listed) : listed.ids();
        }));
    }

    /** {@code GET /openai/load/{name}} and {@code GET /models/load/{name}}, with any name of the model. */
    public Uni<ChatReply> load(String name, Caller caller) {
        catalog.check(caller, name);
        ModelCatalog.Target target = catalog.resolve(name);
        if (!target.upstream().kind().loads()) {
            return Uni.createFrom().item(json(outcome("already_loaded")));
        }
        return loader.load(target).map(ignored -> json(outcome("loaded")));
    }

    /** {@code GET /openai/unload/{name}} and {@code GET /models/unload/{name}}. Has an effect: routed only where management is switched on. */
    public Uni<ChatReply> unload(String name, Caller caller) {
        catalog.check(caller, name);
        return reply(loader.unload(catalog.resolve(name)).map(ignored -> outcome("unloaded")));
    }

    /** {@code GET /openai/unloadall}: of those that the caller may ask. Has an effect, as above. */
    public Uni<ChatReply> unloadAll(Caller caller) {
        List<Future<Void>> all = new ArrayList<>();
        for (Upstream upstream : upstreams.all()) {
            for (String id : catalog.of(upstream).loadedIds()) {
                if (catalog.mayAsk(caller, id)) {
                    all.add(loader.unload(new ModelCatalog.Target(upstream, id)));
                }
            }
        }
        return reply(Future.join(all).map(ignored -> outcome("unloaded")));
    }

    /** {@code POST /shutdown} of 2.x. Has an effect, as above. */
    public Uni<ChatReply> shutdown(Caller caller) {
        if (caller.grant().models().isPresent()) {
            throw new GatewayException(
                    ErrorCode.KEY_DENIED,
                    "API key " + caller.key()
                            + " may use some models only, and a server that is shut down takes all of its models along");
        }
        Upstream upstream = first(ServerKind::shutsDown)
                .orElseThrow(() -> new GatewayException(
                        ErrorCode.UNSUPPORTED, "no upstream is a Foundry Local 2.x, which alone can be shut down"));
        return reply(servers.ask(upstream, TIMEOUT, ModelServer::shutdown).map(ignored -> outcome("shutting_down")));
    }

    /** {@code POST /openai/download}. Nothing to do for a model that is listed; any other a 0.x alone could fetch. */
    public Uni<ChatReply> download(Buffer body, Caller caller) {
        String name = FoundryList.downloadName(body);
        catalog.check(caller, name);
        if (catalog.find(name).isEmpty()) {
            throw new GatewayException(
                    ErrorCode.UNSUPPORTED,
                    "the gateway downloads no models; run: foundry model download " + name,
                    "model");
        }
        return Uni.createFrom()
                .item(json(Buffer.buffer(new JsonObject()
                        .put("success", true)
                        .putNull("errorMessage")
                        .encode())));
    }

    /**
     * {@code GET /openai/status}.
     *
     * @param ownUrl where the caller reached the gateway, without a path
     */
    public Uni<ChatReply> status(String ownUrl) {
        Optional<Upstream> upstream = first(ServerKind::loads);
        return reply(upstream.map(found -> servers.ask(found, TIMEOUT, found.kind()::status)
                        .map(answer -> FoundryList.modelDirectory(answer.body())))
                .orElseGet(() -> Future.succeededFuture(""))
                .otherwise("")
                .map(directory -> FoundryList.status(ownUrl, directory)));
    }

    /** {@code POST /v1/chat/completions/tokenizer/encode/count}: told by a 0.x, else estimated and marked so. */
    public Uni<ChatReply> countTokens(Buffer body, Caller caller) {
        catalog.check(caller, FoundryList.modelName(body));
        Optional<Upstream> teller = first(ServerKind::answersOldCalls);
        if (teller.isEmpty()) {
            return Uni.createFrom().item(json(FoundryList.estimate(body)));
        }
        return reply(servers.ask(teller.get(), TIMEOUT, server -> server.countTokens(body.getBytes()))
                .map(answer -> answer.ok() ? answer.body() : FoundryList.estimate(body)));
    }

    private Future<Buffer> refreshed(Caller caller, Function<Upstream, List<String>> ids) {
        List<Future<Void>> lists = upstreams.all().stream()
                .map(upstream -> lister.refresh(upstream).otherwiseEmpty())
                .toList();
        return Future.join(lists).map(ignored -> {
            JsonArray all = new JsonArray();
            upstreams
                    .all()
                    .forEach(upstream -> ids.apply(upstream).stream()
                            .filter(id -> catalog.mayAsk(caller, id))
                            .forEach(all::add));
            return all.toBuffer();
        });
    }

    private Optional<Upstream> first(Predicate<ServerKind> that) {
        return upstreams.all().stream()
                .filter(upstream -> that.test(upstream.kind()))
                .findFirst();
    }

    private static Buffer outcome(String word) {
        return Buffer.buffer(new JsonObject().put("status", word).encode());
    }

    private Uni<ChatReply> reply(Future<Buffer> body) {
        return Uni.createFrom().completionStage(body.toCompletionStage()).map(this::json);
    }

    private ChatReply json(Buffer body) {
        return ChatReply.json(body, Served.direct("", upstreams.fallback().name(), Timeline.NONE));
    }
}
