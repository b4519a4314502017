package dev.foundrygateway;

import dev.foundrygateway.practice.PracticeModel;
import dev.foundrygateway.practice.PracticeSettings;
import dev.foundrygateway.practice.PracticeUpstream;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.vertx.core.Vertx;
import java.util.Map;
import java.util.Optional;

/** A Foundry Local 2.x of one model that isn't loaded, behind a short queue and a quick breaker. */
public class ColdFoundry implements QuarkusTestResourceLifecycleManager {
    static final String ID = "Phi-4-mini-instruct-generic-cpu:5";
    static final int SLOTS = 2;
    static final int PLACES = 18;

    private static volatile Optional<PracticeUpstream> running = Optional.empty();

    private final Vertx vertx = Vertx.vertx();
    private final PracticeUpstream upstream = PracticeUpstream.start(
            vertx,
            PracticeSettings.immediate()
                    .withModels(PracticeModel.named(ID).withAlias("phi-4-mini").notLoaded()));

    /** The one that the tests' gateway calls. */
    static PracticeUpstream running() {
        return running.orElseThrow();
    }

    @Override
    public Map<String, String> start() {
        running = Optional.of(upstream);
        String prefix = "gateway.upstreams.foundry.";
        return Map.of(
                prefix + "url", upstream.uri().toString(),
                prefix + "concurrency", Integer.toString(SLOTS),
                prefix + "queue", Integer.toString(PLACES),
                prefix + "breaker.calls", "4",
                prefix + "breaker.delay", "500ms");
    }

    @Override
    public void stop() {
        upstream.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
