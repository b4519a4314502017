package dev.foundrygateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.foundrygateway.practice.PracticeUpstream;
import dev.foundrygateway.practice.ReceivedRequest;
import dev.foundrygateway.practice.Script;
import dev.foundrygateway.testing.GatewayClient;
import dev.foundrygateway.testing.GatewayClient.Live;
import dev.foundrygateway.testing.GatewayClient.Reply;
import dev.foundrygateway.testing.ScriptedUpstream;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code POST /v1/gateway/compare} against the scripted upstream. */
@QuarkusTest
@QuarkusTestResource(ScriptedUpstream.class)
class CompareQuarkusTest {
    private static final String BODY =
            "{\"models\":[\"phi-4-mini\",\"gpt-oss-20b\"],\"prompt\":\"Why is the sky blue?\",\"max_tokens\":9}";

    private final PracticeUpstream upstream = ScriptedUpstream.running();

    @ConfigProperty(name = "quarkus.http.test-port")
    int port;

    @BeforeEach
    void begin() {
        upstream.clear();
    }

    @Test
    void bothModelsAnswerAndAreMeasured() {
        JsonArray results = compare(BODY);
        assertEquals(2, results.size());
        assertEquals("phi-4-mini", results.getJsonObject(0).getString("alias"));
        for (int i = 0; i < 2; i++) {
            JsonObject result = results.getJsonObject(i);
            assertEquals(9, result.getInteger("tokens"));
            assertFalse(result.getBoolean("tokens_estimated"));
            assertEquals("direct", result.getString("route"));
            assertTrue(result.getString("text").startsWith(result.getString("sample")), result::encode);
            assertTrue(result.getDouble("latency_sec") >= result.getDouble("first_token_sec"), result::encode);
        }
        assertEquals(2, posts().size());
        assertEquals(9, posts().get(0).json().getInteger("max_tokens"));
    }

    @Test
    void hybridIsComparedAsAnyOther() {
        JsonObject result = compare(BODY.replace("gpt-oss-20b", "hybrid")).getJsonObject(1);
        assertEquals("hybrid", result.getString("alias"));
        assertEquals("draft", result.getString("route"));
    }

    @Test
    void oneAfterTheOtherIsWhatItSays() {
        CompletableFuture<String> gate = new CompletableFuture<>();
        upstream.script(request -> isPost(request) && request.text().contains("phi-4-mini")
                ? Optional.of(Script.start().stream().await(gate).done().end())
                : Optional.empty());
        CompletableFuture<JsonArray> results =
                CompletableFuture.supplyAsync(() -> compare(BODY.replace("}", ",\"mode\":\"sequential\"}")));
        upstream.call(0).join();
        assertEquals(1, posts().size());
        gate.complete("");
        assertEquals(2, results.join().size());
        assertEquals(2, posts().size());
    }

    @Test
    void aModelThatFailsSaysWhyAndTheOtherIsReported() {
        upstream.script(request -> isPost(request) && request.text().contains("phi-4-mini")
                ? Optional.of(Script.start().json(500, "{\"error\":{\"message\":\"out of memory\"}}"))
                : Optional.empty());
        JsonArray results = compare(BODY);
        assertEquals("out of memory", results.getJsonObject(0).getString("error"));
        assertFalse(results.getJsonObject(1).containsKey("error"));
    }

    @Test
    void aJudgeFillsTheRubric() {
        String scores = "{\\\"coherence\\\":4,\\\"factuality\\\":5,\\\"conciseness\\\":3}";
        upstream.script(request -> isPost(request) && request.text().contains("You grade answers")
                ? Optional.of(Script.start().stream()
                        .event(RelayQuarkusTest.CHUNK.formatted(scores))
                        .event(RelayQuarkusTest.FINISH)
                        .done()
                        .end())
                : Optional.empty());
        JsonArray results = compare(BODY.replace("}", ",\"judge\":\"gpt-oss-20b\"}"));
        assertEquals(
                new JsonObject("{\"coherence\":4,\"factuality\":5,\"conciseness\":3}"),
                results.getJsonObject(1).getJsonObject("rubric"));
        assertEquals("gpt-oss-20b", results.getJsonObject(0).getString("judge"));
    }

    @Test
    void aClientThatLeavesStopsTheModels() throws Exception {
        upstream.script(request -> isPost(request)
                ? Optional.of(Script.start().stream().mark("open").stall())
                : Optional.empty());
        Live live = new GatewayClient(port).open("POST", "/v1/gateway/compare", BODY);
        upstream.call(1).get(10, TimeUnit.SECONDS).reached("open").join();
        live.close();
        for (ReceivedRequest request : posts()) {
            assertEquals(
                    ReceivedRequest.How.RESET,
                    request.ended().get(10, TimeUnit.SECONDS).how());
        }
    }

    @Test
    void whatIsWrongIsTold() {
        Reply reply =
                new GatewayClient(port).send("POST", "/v1/gateway/compare", "{\"models\":[\"a\"],\"prompt\":\"x\"}");
        assertEquals(400, reply.status());
        assertEquals(
                "models", new JsonObject(reply.body()).getJsonObject("error").getString("param"));
        assertEquals(
                405,
                new GatewayClient(port).send("GET", "/v1/gateway/compare", "").status());
    }

    private JsonArray compare(String body) {
        Reply reply = new GatewayClient(port).send("POST", "/v1/gateway/compare", body);
        assertEquals(200, reply.status(), reply::body);
        return new JsonObject(reply.body()).getJsonArray("results");
    }

    private List<ReceivedRequest> posts() {
        return upstream.received().stream().filter(CompareQuarkusTest::isPost).toList();
    }

    private static boolean isPost(ReceivedRequest request) {
        return request.method().equals("POST");
    }
}
