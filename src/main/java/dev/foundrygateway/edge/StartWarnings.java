package dev.foundrygateway.edge;

import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.exchange.UpstreamState;
import dev.foundrygateway.exchange.VirtualModels;
import dev.foundrygateway.retrieval.RetrievalConfig;
import dev.foundrygateway.retrieval.index.Vectors;
import dev.foundrygateway.retrieval.store.DefaultStores;
import dev.foundrygateway.routing.Catalogue;
import dev.foundrygateway.upstream.ModelCatalog;
import dev.foundrygateway.upstream.ModelsConfig;
import dev.foundrygateway.upstream.Upstreams;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jboss.logging.Logger;

/** Says once, when the model servers had time to answer, which models and stores that settings name are not there. */
@ApplicationScoped
public class StartWarnings {
    private static final Logger LOG = Logger.getLogger(StartWarnings.class);
    /** Two rounds of probes, and a list that takes its time. */
    private static final long WAIT_MILLIS = 6_000;

    private static final Map<String, String> VARIABLES =
            Map.of("gateway.hybrid.hybrid.draft", "SLM_ALIAS", "gateway.hybrid.hybrid.escalation", "LLM_ALIAS");

    private final Vertx vertx;
    private final UpstreamState.Source upstreams;
    private final VirtualModels virtual;
    private final Catalogue rules;
    private final ModelCatalog catalog;
    private final DefaultStores stores;
    /** The models that settings name, by these. */
    private final Map<String, String> named = new TreeMap<>();

    StartWarnings(
            Vertx vertx,
            UpstreamState.Source upstreams,
            VirtualModels virtual,
            Catalogue rules,
            ModelCatalog catalog,
            DefaultStores stores,
            ModelsConfig models,
            MessagesConfig messages,
            RetrievalConfig retrieval) {
        this.rules = rules;
        this.vertx = vertx;
        this.upstreams = upstreams;
        this.virtual = virtual;
        this.catalog = catalog;
        this.stores = stores;
        for (String name : virtual.names()) {
            String prefix = "gateway.hybrid." + name + ".";
            List<String> tiers = virtual.tiers(name);
            for (int i = 0; i < tiers.size(); i++) {
                named.put(prefix + (i == 0 ? "draft" : "escalation"), tiers.get(i));
            }
            named.put(prefix + "decision-model", virtual.judge(name));
        }
        models.byAlias()
                .forEach((alias, model) ->
                        model.fallback().ifPresent(other -> named.put("gateway.models." + alias + ".fallback", other)));
        messages.models().forEach((name, model) -> named.put("gateway.messages.models." + name, model));
        String embedder = retrieval.embeddingModel();
        if (!embedder.equalsIgnoreCase("none") && !Vectors.isBuiltIn(embedder)) {
            named.put("gateway.retrieval.embedding-model", embedder);
        }
        named.values().removeIf(String::isBlank);
    }

    void start(@Observes StartupEvent event) {
        vertx.setTimer(WAIT_MILLIS, ignored -> {
            absent().forEach(LOG::warn);
            warnings().forEach(LOG::warn);
            vertx.executeBlocking(() -> {
                storeless().forEach(LOG::warn);
                return true;
            });
        });
    }

    /** The configured model servers that don't answer, a sentence each. That of {@code foundry} is told by who looked for it. */
    List<String> absent() {
        return upstreams.states().stream()
                .filter(state -> !state.up() && !state.name().equals(Upstreams.FOUNDRY))
                .map(state -> "gateway.upstreams." + state.name() + ".url: no model server answers at " + state.url()
                        + "; start it, or set its address")
                .toList();
    }

    /** What there is to say of models now; empty if all is there, or no model server is. */
    List<String> warnings() {
        return upstreams.states().stream().anyMatch(UpstreamState::up) ? unserved() : List.of();
    }

    /** The models that settings and rules name and that nobody lists, a sentence each. */
    List<String> unserved() {
        List<String> sentences = new ArrayList<>();
        named.forEach((setting, model) -> {
            if (isUnserved(model)) {
                String variable = VARIABLES.getOrDefault(setting, "");
                sentences.add(setting + ": nobody serves " + model + " now; load that model, or name another"
                        + (variable.isEmpty() ? "" : " by " + variable));
            }
        });
        rules.chosen().forEach((model, rule) -> {
            if (isUnserved(model)) {
                sentences.add("gateway.catalogue.file: rule " + rule + " chooses " + model
                        + ", which nobody serves now; load that model, or name another");
            }
        });
        return sentences;
    }

    private boolean isUnserved(String model) {
        return virtual.nameOf(model).isEmpty() && catalog.find(model).isEmpty();
    }

    /** The stores that settings name for models and that are not there, a sentence each; none where they can't be asked now. For worker threads. */
    List<String> storeless() {
        List<String> sentences = new ArrayList<>();
        try {
            stores.missing()
                    .forEach((model, store) -> sentences.add("gateway.models." + model
                            + ".default-store: there is no vector store " + store + ", so chats of " + model
                            + " get a 404; make the store, or name one that there is"));
        } catch (GatewayException e) {
            LOG.debugf("the stores of models were not looked for: %s", e.getMessage());
        }
        return sentences;
    }
}
