package dev.foundrygateway.hybrid;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.foundrygateway.practice.PracticeUpstream;
import dev.foundrygateway.practice.ReceivedRequest;
import dev.foundrygateway.practice.Script;
import dev.foundrygateway.testing.GatewayClient;
import dev.foundrygateway.testing.GatewayClient.Reply;
import dev.foundrygateway.testing.ScriptedUpstream;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The verdict over HTTP: what two model servers are asked, and what a client sees when the large one's word is there, and when it isn't. */
@QuarkusTest
@QuarkusTestResource(ScriptedUpstream.class)
@TestProfile(WitnessQuarkusTest.Asking.class)
class WitnessQuarkusTest {
    /** Settings of this test alone. */
    public static final class Asking implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "gateway.hybrid.hybrid.draft", "phi-4-mini",
                    "gateway.hybrid.hybrid.escalation", "gpt-oss-20b",
                    "gateway.hybrid.hybrid.verdict", "always",
                    "gateway.hybrid.hybrid.witness-time", "300ms",
                    "gateway.hybrid.decided.draft", "phi-4-mini",
                    "gateway.hybrid.decided.escalation", "gpt-oss-20b",
                    "gateway.hybrid.decided.witnesses", "decision",
                    "gateway.hybrid.decided.decision-model", "little",
                    "gateway.hybrid.decided.threshold", "0.4");
        }
    }

    private final PracticeUpstream upstream = ScriptedUpstream.running();

    @ConfigProperty(name = "quarkus.http.test-port")
    int port;

    @BeforeEach
    void begin() {
        upstream.clear();
    }

    @Test
    void aNoEscalatesAndIsToldInHeadersReportAndMetrics() {
        Reply reply = ask(Script.start().json(200, answer("gpt-oss-20b", "no")));
        assertTrue(reply.body().contains("Canberra"), reply::body);
        assertFalse(reply.body().contains("Sydney"), reply::body);
        JsonObject gateway = new JsonObject(reply.body()).getJsonObject("gateway");
        assertEquals("escalated", gateway.getString("route"));
        assertEquals("verdict", gateway.getString("reason"));
        assertEquals(List.of("draft", "verdict", "escalation"), roles(gateway));
        assertTrue(new GatewayClient(port)
                .send("GET", "/metrics", "")
                .body()
                .contains("gateway_escalations_total{model=\"hybrid\",outcome=\"escalated\",reason=\"verdict\"}"));
    }

    @Test
    void aYesReleasesTheDraft() {
        JsonObject gateway = kept(Script.start().json(200, answer("gpt-oss-20b", "Yes.")));
        assertEquals(List.of("draft", "verdict"), roles(gateway));
    }

    @Test
    void aVerdictThatIsSlowOrFailsOrIsNotUnderstoodLeavesTheScoreToDecide() {
        kept(Script.start().stall());
        kept(Script.start().json(500, "{\"error\":{\"message\":\"no\"}}"));
        kept(Script.start().json(200, answer("gpt-oss-20b", "Canberra")));
        kept(Script.start().reset());
    }

    @Test
    void aDecisionModelIsAskedAtItsOwnPathAndIsALeg() {
        upstream.script(request -> {
            if (request.path().endsWith("/systemone")) {
                return Optional.of(
                        Script.start()
                                .json(
                                        200,
                                        "{\"model\":\"laya\",\"answers\":{\"right\":{\"type\":\"noul\",\"noul\":0.01}},\"usage\":{\"input_tokens\":33,\"output_tokens\":0}}"));
            }
            return request.path().endsWith("/chat/completions")
                    ? Optional.of(Script.start()
                            .json(
                                    200,
                                    request.json().getString("model").contains("gpt-oss")
                                            ? answer("gpt-oss-20b", "Canberra")
                                            : answer("phi-4-mini", "Sydney")))
                    : Optional.empty();
        });
        Reply reply = new GatewayClient(port)
                .chat(
                        "{\"model\":\"decided\",\"messages\":[{\"role\":\"user\",\"content\":\"What is the capital of Australia?\"}]}");
        assertTrue(reply.body().contains("Canberra"), reply::body);
        JsonObject gateway = new JsonObject(reply.body()).getJsonObject("gateway");
        assertEquals("decision", gateway.getString("reason"));
        assertEquals(List.of("draft", "decision", "escalation"), roles(gateway));
        assertEquals(33, gateway.getJsonObject("deciding").getInteger("prompt_tokens"));
        ReceivedRequest asked = upstream.received().stream()
                .filter(request -> request.path().endsWith("/systemone"))
                .findFirst()
                .orElseThrow();
        assertEquals("/v1/systemone", asked.path());
        assertTrue(asked.json().getString("model").startsWith("phi-4-mini"), asked::text);
        assertTrue(new GatewayClient(port)
                .send("GET", "/metrics", "")
                .body()
                .lines()
                .anyMatch(line -> line.startsWith("gateway_model_tokens_total{")
                        && line.contains("gen_ai_token_type=\"input\"")
                        && line.contains("tier=\"decision\"")));
    }

    @Test
    void aModelThatIsNoHybridIsAskedOnce() {
        new GatewayClient(port)
                .chat("{\"model\":\"phi-4-mini\",\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}");
        assertEquals(
                1,
                upstream.received().stream()
                        .filter(request -> request.path().endsWith("/chat/completions"))
                        .count());
    }

    private JsonObject kept(Script verdict) {
        Reply reply = ask(verdict);
        assertTrue(reply.body().contains("Sydney"), reply::body);
        JsonObject gateway = new JsonObject(reply.body()).getJsonObject("gateway");
        assertEquals("draft confident", gateway.getString("route") + " " + gateway.getString("reason"));
        return gateway;
    }

    private Reply ask(Script verdict) {
        upstream.clear();
        upstream.script(request -> {
            if (!request.path().endsWith("/chat/completions")) {
                return Optional.empty();
            }
            boolean large = request.json().getString("model").contains("gpt-oss");
            return Optional.of(
                    large && asksVerdict(request)
                            ? verdict
                            : Script.start()
                                    .json(
                                            200,
                                            large
                                                    ? answer("gpt-oss-20b", "Canberra")
                                                    : answer("phi-4-mini", "Sydney")));
        });
        return new GatewayClient(port)
                .chat(
                        "{\"model\":\"hybrid\",\"messages\":[{\"role\":\"user\",\"content\":\"What is the capital of Australia?\"}]}");
    }

    private static boolean asksVerdict(ReceivedRequest request) {
        return request.text().contains("Proposed answer: Sydney");
    }

    static String answer(String model, String text) {
        return new JsonObject()
                .put("object", "chat.completion")
                .put("model", model)
                .put(
                        "choices",
                        new JsonArray()
                                .add(new JsonObject()
                                        .put("index", 0)
                                        .put(
                                                "message",
                                                new JsonObject()
                                                        .put("role", "assistant")
                                                        .put("content", text))
                                        .put("finish_reason", "stop")))
                .put(
                        "usage",
                        new JsonObject()
                                .put("prompt_tokens", 20)
                                .put("completion_tokens", 2)
                                .put("total_tokens", 22))
                .encode();
    }

    private static List<String> roles(JsonObject gateway) {
        return gateway.getJsonArray("legs").stream()
                .map(leg -> ((JsonObject) leg).getString("role"))
                .toList();
    }
}
