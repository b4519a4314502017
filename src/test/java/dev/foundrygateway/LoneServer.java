package dev.foundrygateway;

import dev.foundrygateway.practice.PracticeSettings;
import dev.foundrygateway.practice.PracticeUpstream;
import dev.foundrygateway.practice.ReceivedRequest;
import dev.foundrygateway.practice.Script;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** One model server of no kind that is known, whose list is closed by a setting. */
public class LoneServer implements QuarkusTestResourceLifecycleManager {
    private static volatile @Nullable PracticeUpstream running;

    private final Vertx vertx = Vertx.vertx();
    private final PracticeUpstream upstream = PracticeUpstream.start(vertx, PracticeSettings.immediate());

    /** Answers chats this way, the first with number 0. */
    static void chats(IntFunction<Script> answers) {
        AtomicInteger calls = new AtomicInteger();
        PracticeUpstream server = Objects.requireNonNull(running);
        server.clear();
        server.script(received -> {
            if (received.path().endsWith("/chat/completions")) {
                return Optional.of(answers.apply(calls.getAndIncrement()));
            }
            return received.path().startsWith("/v1/")
                    ? Optional.empty()
                    : Optional.of(Script.start().text(404, "no such page"));
        });
    }

    /** The chats that came since {@link #chats}. */
    static List<ReceivedRequest> received() {
        return Objects.requireNonNull(running).received().stream()
                .filter(received -> received.path().endsWith("/chat/completions"))
                .toList();
    }

    @Override
    public Map<String, String> start() {
        running = upstream;
        chats(number -> Script.start().json(500, "{}"));
        return Map.of(
                "gateway.upstreams.foundry.url", upstream.uri().toString(),
                "gateway.upstreams.foundry.breaker.calls", "0",
                "gateway.upstreams.foundry.models", "by-setting",
                "gateway.upstreams.foundry.models-closed", "true");
    }

    @Override
    public void stop() {
        upstream.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
