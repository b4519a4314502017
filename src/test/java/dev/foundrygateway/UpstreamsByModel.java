package dev.foundrygateway;

import dev.foundrygateway.practice.PracticeSettings;
import dev.foundrygateway.practice.PracticeUpstream;
import dev.foundrygateway.practice.ReceivedRequest;
import dev.foundrygateway.practice.Script;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * A gateway's surroundings for tests on the wire: the upstream {@code foundry}, which does for each model what the model's name says; {@code slow}, the same
 * server with little patience; and {@code gone}, where nobody listens.
 */
public class UpstreamsByModel implements QuarkusTestResourceLifecycleManager {
    private static final String ANSWER = "{\"id\":\"c\",\"object\":\"chat.completion\",\"choices\":[{\"index\":0,"
            + "\"message\":{\"role\":\"assistant\",\"content\":\"yes\"},\"finish_reason\":\"stop\"}]}";
    private static final String TOKEN = "{\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"choices\":[{\"index\":0,"
            + "\"delta\":{\"role\":\"assistant\",\"content\":\"yes\"},\"finish_reason\":null}]}";
    private static final String ERROR = "{\"error\":{\"message\":\"no\",\"type\":\"server_error\",\"code\":null}}";

    private final Vertx vertx = Vertx.vertx();
    private final PracticeUpstream upstream = PracticeUpstream.start(vertx, PracticeSettings.immediate());

    @Override
    public Map<String, String> start() {
        upstream.script(UpstreamsByModel::answer);
        String url = upstream.uri().toString();
        return Map.ofEntries(
                Map.entry("gateway.upstreams.foundry.url", url),
                Map.entry(
                        "gateway.upstreams.foundry.models",
                        "plain,streaming,late,breaking,limited,failing,unready,resetting,opinionated,opinionated-streaming"),
                Map.entry("gateway.upstreams.foundry.breaker.calls", "0"),
                Map.entry("gateway.upstreams.foundry.always-stream", "false"),
                Map.entry("gateway.upstreams.slow.url", url),
                Map.entry("gateway.upstreams.slow.models", "stalling"),
                Map.entry("gateway.upstreams.slow.timeouts.first-token", "50ms"),
                Map.entry("gateway.upstreams.gone.url", "http://127.0.0.1:9"),
                Map.entry("gateway.upstreams.gone.models", "gone"),
                Map.entry("gateway.upstreams.gone.breaker.calls", "0"));
    }

    private static Optional<Script> answer(ReceivedRequest request) {
        String[] model = request.text().split("\"model\":\"", 2);
        if (model.length < 2) {
            return Optional.empty();
        }
        return switch (model[1].substring(0, model[1].indexOf('"'))) {
            case "plain" -> Optional.of(Script.start().json(200, ANSWER));
            case "streaming" ->
                Optional.of(Script.start().stream().event(TOKEN).done().end());
            case "late" ->
                Optional.of(Script.start().stream()
                        .delay(Duration.ofMillis(600))
                        .event(TOKEN)
                        .done()
                        .end());
            case "breaking" -> Optional.of(Script.start().stream().event(TOKEN).reset());
            case "stalling" -> Optional.of(Script.start().stream().stall());
            case "resetting" -> Optional.of(Script.start().reset());
            case "limited" -> Optional.of(Script.start().json(429, ERROR, "Retry-After", "7"));
            case "failing" -> Optional.of(Script.start().json(500, ERROR));
            case "unready" -> Optional.of(Script.start().json(503, ERROR));
            case "opinionated" -> Optional.of(Script.start().json(200, ANSWER, looserPolicy()));
            case "opinionated-streaming" ->
                Optional.of(Script.start().stream(looserPolicy())
                        .event(TOKEN)
                        .done()
                        .end());
            default -> Optional.empty();
        };
    }

    /** What Foundry Local 1.x says to every page, and some more. */
    private static String[] looserPolicy() {
        return new String[] {
            "Access-Control-Allow-Origin", "*",
            "Access-Control-Allow-Origin", "https://evil.example",
            "Access-Control-Allow-Credentials", "true",
            "Access-Control-Expose-Headers", "X-Upstream",
            "Access-Control-Allow-Private-Network", "true",
            "Timing-Allow-Origin", "*",
            "Vary", "Origin, Accept-Encoding"
        };
    }

    @Override
    public void stop() {
        upstream.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
