package dev.foundrygateway.upstream;

import dev.foundrygateway.exchange.Call;
import dev.foundrygateway.exchange.Caller;
import dev.foundrygateway.exchange.NanoClock;
import dev.foundrygateway.exchange.Operation;
import dev.foundrygateway.exchange.Timeline;
import dev.foundrygateway.openai.ChatRequest;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;

/** Calls the models that are to be warm, each once, when their upstream has listed them: that loads them, and the first prompt's slowness is nobody's. */
@ApplicationScoped
public class WarmUp {
    private static final Logger LOG = Logger.getLogger(WarmUp.class);

    private final UpstreamClient client;
    private final ModelCatalog catalog;
    private final NanoClock clock;
    private final Set<String> cold = ConcurrentHashMap.newKeySet();

    WarmUp(UpstreamClient client, ModelCatalog catalog, ModelsConfig models, NanoClock clock) {
        this.client = client;
        this.catalog = catalog;
        this.clock = clock;
        models.byAlias().forEach((alias, config) -> {
            if (config.warmUp()) {
                cold.add(alias);
            }
        });
    }

    void listed(@Observes ModelLister.Listed event) {
        for (String alias : List.copyOf(cold)) {
            boolean here = catalog.find(alias)
                    .filter(target -> target.upstream() == event.upstream())
                    .isPresent();
            if (here && cold.remove(alias)) {
                warm(alias);
            }
        }
    }

    private void warm(String alias) {
        client.send(Call.of(
                        Operation.CHAT,
                        ChatRequest.parse(prompt(alias)),
                        MultiMap.caseInsensitiveMultiMap(),
                        Timeline.arrivedAt(clock.nanos()),
                        Caller.program("warm-up")))
                .chain(reply -> reply.body().collect().last().replaceWith(reply.status()))
                .subscribe()
                .with(
                        status -> LOG.infof("warmed up %s: status %d", alias, status),
                        failure -> LOG.warnf("could not warm up %s: %s", alias, failure.getMessage()));
    }

    private static Buffer prompt(String alias) {
        JsonObject message = new JsonObject().put("role", "user").put("content", "Hi");
        return Buffer.buffer(new JsonObject()
                .put("model", alias)
                .put("max_tokens", 1)
                .put("messages", new JsonArray().add(message))
                .encode());
    }
}
