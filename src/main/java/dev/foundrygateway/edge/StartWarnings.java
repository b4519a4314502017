package dev.foundrygateway.edge;

import dev.foundrygateway.exchange.UpstreamState;
import dev.foundrygateway.exchange.VirtualModels;
import dev.foundrygateway.routing.Catalogue;
import dev.foundrygateway.upstream.ModelCatalog;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.ArrayList;
import java.util.List;
import org.jboss.logging.Logger;

/** Says once, when the model servers had time to answer, that nobody serves the models of a virtual model or of a rule. */
@ApplicationScoped
public class StartWarnings {
    private static final Logger LOG = Logger.getLogger(StartWarnings.class);
    /** Two rounds of probes, and a list that takes its time. */
    private static final long WAIT_MILLIS = 6_000;

    private final Vertx vertx;
    private final UpstreamState.Source upstreams;
    private final VirtualModels virtual;
    private final Catalogue rules;
    private final ModelCatalog catalog;

    StartWarnings(
            Vertx vertx, UpstreamState.Source upstreams, VirtualModels virtual, Catalogue rules, ModelCatalog catalog) {
        this.rules = rules;
        this.vertx = vertx;
        this.upstreams = upstreams;
        this.virtual = virtual;
        this.catalog = catalog;
    }

    void start(@Observes StartupEvent event) {
        vertx.setTimer(WAIT_MILLIS, ignored -> warnings().forEach(LOG::warn));
    }

    /** What there is to say now; empty if all is there. */
    List<String> warnings() {
        // That none answers is told by who looked for them.
        return upstreams.states().stream().anyMatch(UpstreamState::up) ? unserved() : List.of();
    }

    /** The models of virtual models and of rules that nobody lists, a sentence each. */
    List<String> unserved() {
        List<String> sentences = new ArrayList<>();
        for (String name : virtual.names()) {
            List<String> tiers = virtual.tiers(name);
            for (int i = 0; i < tiers.size(); i++) {
                if (catalog.find(tiers.get(i)).isEmpty()) {
                    sentences.add(
                            "gateway.hybrid." + name + "." + (i == 0 ? "draft" : "escalation") + ": nobody serves "
                                    + tiers.get(i) + " now; load that model, or name another"
                                    + (name.equals("hybrid") ? " by " + (i == 0 ? "SLM_ALIAS" : "LLM_ALIAS") : ""));
                }
            }
        }
        rules.chosen().forEach((model, rule) -> {
            if (virtual.nameOf(model).isEmpty() && catalog.find(model).isEmpty()) {
                sentences.add("gateway.catalogue.file: rule " + rule + " chooses " + model
                        + ", which nobody serves now; load that model, or name another");
            }
        });
        return sentences;
    }
}
