package dev.foundrygateway.hybrid;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.foundrygateway.practice.PracticeUpstream;
import dev.foundrygateway.practice.ReceivedRequest;
import dev.foundrygateway.practice.Script;
import dev.foundrygateway.testing.GatewayClient;
import dev.foundrygateway.testing.ScriptedUpstream;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

/** Learning over HTTP: a client's call resets the one that runs, which is made again; the users' metrics have none of it, and the disk no text. */
@QuarkusTest
@QuarkusTestResource(ScriptedUpstream.class)
@TestProfile(LearnQuarkusTest.Learning.class)
class LearnQuarkusTest {
    private static final long SECONDS = 60;

    /** Settings of this test alone. */
    public static final class Learning implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "gateway.hybrid.hybrid.draft", "phi-4-mini",
                    "gateway.hybrid.hybrid.escalation", "gpt-oss-20b",
                    "gateway.hybrid.hybrid.learn.enabled", "true",
                    "gateway.hybrid.hybrid.learn.sample", "1",
                    "gateway.hybrid.hybrid.learn.idle", "1ms",
                    "gateway.retrieval.directory", folder());
        }

        private static String folder() {
            try {
                return Files.createTempDirectory("learning").toString();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private final PracticeUpstream upstream = ScriptedUpstream.running();

    @ConfigProperty(name = "quarkus.http.test-port")
    int port;

    @ConfigProperty(name = "gateway.retrieval.directory")
    Path folder = Path.of("");

    private final CompletableFuture<ReceivedRequest> first = new CompletableFuture<>();

    @Test
    void aClientResetsTheCallThatRunsAndOnlyItsOwnCallCountsAsItsOwn() throws Exception {
        upstream.clear();
        upstream.script(this::answered);
        GatewayClient client = new GatewayClient(port);
        String question = "\"messages\":[{\"role\":\"user\",\"content\":\"What is the capital of Australia?\"}]}";
        assertTrue(client.chat("{\"model\":\"hybrid\"," + question).body().contains("Sydney"));
        ReceivedRequest shadow = first.get(SECONDS, TimeUnit.SECONDS);
        assertTrue(client.chat("{\"model\":\"gpt-oss-20b\"," + question).body().contains("Canberra"));
        assertEquals(
                ReceivedRequest.How.RESET,
                shadow.ended().get(SECONDS, TimeUnit.SECONDS).how());

        String labelled = "gateway_learning_calls_total{model=\"hybrid\",outcome=\"labelled\"} 1";
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        String metrics = client.send("GET", "/metrics", "").body();
        Path labels = folder.resolve("hybrid").resolve("hybrid").resolve("labels.jsonl");
        while ((!metrics.contains(labelled) || !Files.exists(labels)) && System.nanoTime() < until) {
            metrics = client.send("GET", "/metrics", "").body();
        }
        assertTrue(metrics.contains(labelled), metrics);
        assertTrue(metrics.contains("gateway_learning_calls_total{model=\"hybrid\",outcome=\"cancelled\"} 1"), metrics);
        assertEquals(
                2,
                metrics.lines()
                        .filter(line -> line.startsWith("gen_ai_server_request_duration_seconds_count"))
                        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                        .sum());
        String kept = Files.readString(labels);
        assertFalse(kept.contains("Sydney") || kept.contains("capital"), kept);
        assertEquals(1, new JsonObject(kept.lines().findFirst().orElseThrow()).getDouble("wrong"));
    }

    private Optional<Script> answered(ReceivedRequest request) {
        if (!request.path().endsWith("/chat/completions")) {
            return Optional.empty();
        }
        String model = request.json().getString("model");
        if (!model.contains("gpt-oss")) {
            return Optional.of(Script.start().json(200, WitnessQuarkusTest.answer(model, "Sydney")));
        }
        boolean asked = request.text().contains("Proposed answer: Sydney");
        if (asked && first.complete(request)) {
            return Optional.of(Script.start().stall());
        }
        return Optional.of(Script.start().json(200, WitnessQuarkusTest.answer(model, asked ? "No" : "Canberra")));
    }
}
