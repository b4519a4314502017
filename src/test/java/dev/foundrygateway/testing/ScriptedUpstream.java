package dev.foundrygateway.testing;

import dev.foundrygateway.practice.PracticeSettings;
import dev.foundrygateway.practice.PracticeUpstream;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.vertx.core.Vertx;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Starts the scripted upstream before the gateway under test, as the one named {@code foundry}. One for all tests of a JVM; tests clear it. */
public class ScriptedUpstream implements QuarkusTestResourceLifecycleManager {
    private static final AtomicReference<@Nullable PracticeUpstream> RUNNING = new AtomicReference<>();

    private final Vertx vertx = Vertx.vertx();
    private final PracticeUpstream upstream = PracticeUpstream.start(vertx, PracticeSettings.immediate());

    /** The one that runs. */
    public static PracticeUpstream running() {
        return Objects.requireNonNull(
                RUNNING.get(), "annotate the test with @QuarkusTestResource(ScriptedUpstream.class)");
    }

    @Override
    public Map<String, String> start() {
        RUNNING.set(upstream);
        return Map.of(
                "gateway.upstreams.foundry.url",
                upstream.uri().toString(),
                // A plain call is to arrive as it was sent.
                "gateway.upstreams.foundry.always-stream",
                "false",
                // Tests of faults: one of them must not refuse the next.
                "gateway.upstreams.foundry.breaker.calls",
                "0",
                "gateway.upstreams.down.breaker.calls",
                "0",
                // Nothing listens at port 1.
                "gateway.upstreams.down.url",
                "http://127.0.0.1:1/v1",
                "gateway.models.absent.upstream",
                "down",
                "gateway.models.little.upstream",
                "foundry",
                "gateway.models.little.id",
                "phi-4-mini",
                "gateway.access.body-limit",
                "12M",
                "gateway.access.origins",
                "https://app.example,https://*.apps.example");
    }

    @Override
    public void stop() {
        upstream.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
