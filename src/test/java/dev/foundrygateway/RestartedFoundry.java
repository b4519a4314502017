package dev.foundrygateway;

import dev.foundrygateway.practice.PracticeModel;
import dev.foundrygateway.practice.PracticeSettings;
import dev.foundrygateway.practice.PracticeUpstream;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.vertx.core.Vertx;
import java.util.Map;
import java.util.Optional;

/** A Foundry Local that can be killed and started again at the same port. */
public class RestartedFoundry implements QuarkusTestResourceLifecycleManager {
    static final String ID = "Phi-4-mini-instruct-generic-cpu:5";

    private static volatile Optional<RestartedFoundry> started = Optional.empty();

    private final Vertx vertx = Vertx.vertx();
    private volatile PracticeUpstream upstream = run(0);

    /** The one that the tests' gateway calls. */
    static RestartedFoundry instance() {
        return started.orElseThrow();
    }

    private PracticeUpstream run(int port) {
        return PracticeUpstream.start(
                vertx,
                PracticeSettings.immediate()
                        .withPort(port)
                        .withModels(PracticeModel.named(ID).withAlias("phi-4-mini")));
    }

    /** The server as it runs now. */
    PracticeUpstream upstream() {
        return upstream;
    }

    /** Closes the port and every connection. */
    void kill() {
        upstream.close();
    }

    /** Starts it again where it was. */
    void restart(int port) {
        upstream = run(port);
    }

    @Override
    public Map<String, String> start() {
        started = Optional.of(this);
        return Map.of(
                "gateway.upstreams.foundry.url", upstream.uri().toString(),
                "gateway.upstreams.foundry.concurrency", "48",
                "gateway.upstreams.foundry.breaker.delay", "200ms");
    }

    @Override
    public void stop() {
        upstream.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
