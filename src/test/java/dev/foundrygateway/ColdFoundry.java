package dev.foundrygateway;

import dev.foundrygateway.practice.PracticeModel;
import dev.foundrygateway.practice.PracticeSettings;
import dev.foundrygateway.practice.PracticeUpstream;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.vertx.core.Vertx;
import java.util.Map;

/** A Foundry Local 2.x of one model that isn't loaded, behind a short queue and a quick breaker. */
public class ColdFoundry implements QuarkusTestResourceLifecycleManager {
    static final String ID = "Phi-4-mini-instruct-generic-cpu:5";
    static final int SLOTS = 2;
    static final int PLACES = 18;

    private final Vertx vertx = Vertx.vertx();
    private final PracticeUpstream upstream = PracticeUpstream.start(
            vertx,
            PracticeSettings.immediate()
                    .withModels(PracticeModel.named(ID).withAlias("phi-4-mini").notLoaded()));

    @Override
    public Map<String, String> start() {
        String prefix = "gateway.upstreams.foundry.";
        return Map.of(
                prefix + "url", upstream.uri().toString(),
                prefix + "concurrency", Integer.toString(SLOTS),
                prefix + "queue", Integer.toString(PLACES),
                prefix + "breaker.calls", "4",
                prefix + "breaker.delay", "500ms");
    }

    @Override
    public void inject(TestInjector injector) {
        injector.injectIntoFields(upstream, new TestInjector.MatchesType(PracticeUpstream.class));
    }

    @Override
    public void stop() {
        upstream.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
