package dev.foundrygateway;

import dev.foundrygateway.practice.PracticeModel;
import dev.foundrygateway.practice.PracticeSettings;
import dev.foundrygateway.practice.PracticeUpstream;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Map;

/** One upstream of two addresses, whose model is to be warm and is unloaded when nobody calls it. */
public class TwoFoundries implements QuarkusTestResourceLifecycleManager {
    static final String ID = "Phi-4-mini-instruct-generic-cpu:5";

    private static volatile List<PracticeUpstream> running = List.of();

    private final Vertx vertx = Vertx.vertx();

    /** The servers at the two addresses. */
    static List<PracticeUpstream> running() {
        return running;
    }

    @Override
    public Map<String, String> start() {
        running = List.of(server(), server());
        String prefix = "gateway.upstreams.foundry.";
        return Map.of(
                prefix + "url",
                running.get(0).uri().toString(),
                prefix + "urls",
                running.get(1).uri().toString(),
                prefix + "idle-unload",
                "1ms",
                prefix + "breaker.delay",
                "1m",
                "gateway.models.phi-4-mini.warm-up",
                "true");
    }

    private PracticeUpstream server() {
        return PracticeUpstream.start(
                vertx,
                PracticeSettings.immediate()
                        .withModels(
                                PracticeModel.named(ID).withAlias("phi-4-mini").notLoaded()));
    }

    @Override
    public void stop() {
        running.forEach(PracticeUpstream::close);
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
