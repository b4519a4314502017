package dev.foundrygateway.edge;

import dev.foundrygateway.exchange.UpstreamState;
import dev.foundrygateway.exchange.VirtualModels;
import dev.foundrygateway.upstream.ModelCatalog;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.ArrayList;
import java.util.List;
import org.jboss.logging.Logger;

/** Says once, when the model servers had time to answer, that nobody serves a virtual model's models. */
@ApplicationScoped
public class StartWarnings {
    private static final Logger LOG = Logger.getLogger(StartWarnings.class);
    /** Two rounds of probes, and a list that takes its time. */
    private static final long WAIT_MILLIS = 6_000;

    private final Vertx vertx;
    private final UpstreamState.Source upstreams;
    private final VirtualModels virtual;
    private final ModelCatalog catalog;

    StartWarnings(Vertx vertx, UpstreamState.Source upstreams, VirtualModels virtual, ModelCatalog catalog) {
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

    /** The models of virtual models that nobody lists, a sentence each. */
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
        return sentences;
    }
}
