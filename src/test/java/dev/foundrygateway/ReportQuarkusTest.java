package dev.foundrygateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.foundrygateway.practice.PracticeUpstream;
import dev.foundrygateway.testing.GatewayClient;
import dev.foundrygateway.testing.GatewayClient.Reply;
import dev.foundrygateway.testing.ScriptedUpstream;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code "gateway":{"report":true}} on a plain model's chat. */
@QuarkusTest
@QuarkusTestResource(ScriptedUpstream.class)
class ReportQuarkusTest {
    private final PracticeUpstream upstream = ScriptedUpstream.running();

    @ConfigProperty(name = "quarkus.http.test-port")
    int port;

    @BeforeEach
    void begin() {
        upstream.clear();
    }

    @Test
    void aWholeAnswerSaysWhatItTookAndCost() {
        JsonObject reply = new JsonObject(chat(false, true).body());
        assertReport(reply.getJsonObject("gateway"), reply.getJsonObject("usage"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aStreamSaysItInItsFinishChunk(boolean usage) {
        Reply reply = chat(true, usage);
        assertTrue(reply.whole());
        List<JsonObject> chunks = reply.body()
                .lines()
                .filter(line -> line.startsWith("data: {"))
                .map(line -> new JsonObject(line.substring("data: ".length())))
                .toList();
        List<JsonObject> reports =
                chunks.stream().filter(chunk -> chunk.containsKey("gateway")).toList();
        assertEquals(1, reports.size());
        JsonObject report = reports.get(0);
        assertEquals("length", report.getJsonArray("choices").getJsonObject(0).getString("finish_reason"));
        assertReport(report.getJsonObject("gateway"), new JsonObject("{\"prompt_tokens\":5,\"completion_tokens\":6}"));
        assertEquals(usage, chunks.stream().anyMatch(chunk -> chunk.getValue("usage") instanceof JsonObject));
        assertTrue(reply.body().endsWith("data: [DONE]\n\n"), reply::body);
        assertFalse(upstream.calls().get(0).json().containsKey("gateway"));
    }

    @Test
    void whatTheMemberGetsWrongIsNamed() {
        Reply reply =
                new GatewayClient(port).chat("{\"model\":\"little\",\"messages\":[],\"gateway\":{\"report\":\"yes\"}}");
        assertEquals(400, reply.status());
        assertTrue(reply.body().contains("gateway.report must be true or false"), reply::body);
    }

    private static void assertReport(JsonObject report, JsonObject usage) {
        assertEquals("direct", report.getString("route"));
        assertFalse(report.getBoolean("usage_estimated"));
        double cost = usage.getInteger("prompt_tokens") + 2.0 * usage.getInteger("completion_tokens");
        assertEquals(cost, report.getDouble("cost"), report::encode);
        JsonObject leg = report.getJsonArray("legs").getJsonObject(0);
        assertEquals("phi-4-mini", leg.getString("model"));
        assertEquals(usage.getInteger("completion_tokens"), leg.getInteger("completion_tokens"));
        JsonObject timing = report.getJsonObject("timing");
        assertTrue(timing.getDouble("total") >= timing.getDouble("send"), report::encode);
    }

    private Reply chat(boolean stream, boolean usage) {
        JsonObject body = new JsonObject(
                        "{\"model\":\"little\",\"max_tokens\":6,\"messages\":[{\"role\":\"user\",\"content\":\"Why is the sky blue?\"}],\"gateway\":{\"report\":true}}")
                .put("stream", stream);
        if (stream && usage) {
            body.put("stream_options", new JsonObject().put("include_usage", true));
        }
        Reply reply = new GatewayClient(port).chat(body.encode());
        assertEquals(200, reply.status(), reply::body);
        return reply;
    }
}
