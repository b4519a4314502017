package dev.foundrygateway.edge;

import dev.foundrygateway.practice.PracticeSettings;
import dev.foundrygateway.practice.PracticeUpstream;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.vertx.core.Vertx;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One model server and one that is away, neither of the name {@code foundry}, of which nothing is set; and settings that name what is not there. */
public class OneOtherServer implements QuarkusTestResourceLifecycleManager {
    private static volatile @Nullable PracticeUpstream running;

    private final Vertx vertx = Vertx.vertx();
    private final PracticeUpstream upstream = PracticeUpstream.start(vertx, PracticeSettings.immediate());

    /** Where it listens. */
    static String url() {
        return Objects.requireNonNull(running).uri().toString();
    }

    @Override
    public Map<String, String> start() {
        running = upstream;
        return Map.of(
                "gateway.upstreams.only.url", url(),
                // Nothing listens at port 1.
                "gateway.upstreams.away.url", "http://127.0.0.1:1/v1",
                "gateway.models.phi-4-mini.default-store", "handbok",
                "gateway.models.gpt-oss-20b.fallback", "nobodys-model",
                "gateway.messages.models.claude", "nobodys-model",
                "gateway.retrieval.embedding-model", "nobodys-vectors",
                "gateway.hybrid.judged.draft", "phi-4-mini",
                "gateway.hybrid.judged.escalation", "gpt-oss-20b",
                "gateway.hybrid.judged.witnesses", "decision",
                "gateway.hybrid.judged.decision-model", "nobodys-judge");
    }

    @Override
    public void stop() {
        upstream.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
