package dev.foundrygateway;

import static dev.foundrygateway.RelayQuarkusTest.CHUNK;
import static dev.foundrygateway.RelayQuarkusTest.FINISH;
import static dev.foundrygateway.RelayQuarkusTest.PLAIN;
import static dev.foundrygateway.RelayQuarkusTest.STREAM;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.foundrygateway.practice.PracticeUpstream;
import dev.foundrygateway.practice.ReceivedRequest;
import dev.foundrygateway.practice.ReceivedRequest.How;
import dev.foundrygateway.practice.Script;
import dev.foundrygateway.testing.GatewayClient;
import dev.foundrygateway.testing.GatewayClient.Live;
import dev.foundrygateway.testing.GatewayClient.Reply;
import dev.foundrygateway.testing.ScriptedUpstream;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.concurrent.CompletableFuture;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What goes wrong before the head, after it, and by the client's leaving. */
@QuarkusTest
@QuarkusTestResource(ScriptedUpstream.class)
class StreamFaultsQuarkusTest {
    private static final String ROLE =
            "{\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"},\"finish_reason\":null}]}";
    private static final String REFUSED =
            "{\"error\":{\"message\":\"too long\",\"type\":\"invalid_request_error\",\"param\":null,\"code\":null}}";
    private static final String BROKEN = "{\"error\":{\"message\":\"inference failed\",\"type\":\"server_error\"}}";

    final PracticeUpstream upstream = ScriptedUpstream.running();

    @ConfigProperty(name = "quarkus.http.test-port")
    int port;

    @BeforeEach
    void begin() {
        upstream.clear();
    }

    private GatewayClient client() {
        return new GatewayClient(port);
    }

    @Test
    void anErrorEventBeforeTheFirstTokenBecomesAStatus() {
        upstream.script(Script.start().stream()
                .comment("keep-alive")
                .event(ROLE)
                .event(REFUSED)
                .end());
        Reply refused = client().chat(STREAM);
        assertEquals(400, refused.status());
        assertTrue(refused.body().startsWith("{\"error\":{\"message\":\"too long\""), refused.body());
        assertEquals("application/json", refused.header("content-type"));
        upstream.script(Script.start().stream().event(BROKEN).end());
        Reply broken = client().chat(STREAM);
        assertEquals(502, broken.status());
        assertTrue(broken.body().contains("inference failed"));
        assertTrue(broken.body().contains("\"code\":\"upstream_error\""));
    }

    @Test
    void anEmptyStreamBecomesAStatus() {
        for (Script script : new Script[] {
            Script.start().stream().end(),
            Script.start().stream().comment("keep-alive").event(ROLE).end(),
            Script.start().stream().event(ROLE).endWithoutTerminator(),
            Script.start().stream().reset()
        }) {
            upstream.script(script);
            Reply reply = client().chat(STREAM);
            assertEquals(502, reply.status(), reply.body());
            assertTrue(reply.body().contains("\"code\":\"upstream_error\""), reply.body());
        }
    }

    @Test
    void anAnswerWithoutATokenIsAnAnswer() {
        upstream.script(Script.start().stream().event(ROLE).event(FINISH).done().end());
        Reply reply = client().chat(STREAM);
        assertEquals(200, reply.status());
        assertTrue(reply.body().endsWith("data: [DONE]\n\n"));
    }

    @Test
    void aFaultAfterTheHeadIsOneErrorEventAndTheEnd() {
        for (Script end : new Script[] {
            Script.start().endWithoutTerminator(),
            Script.start().reset(),
            Script.start().end()
        }) {
            upstream.script(Script.start().stream()
                    .event(ROLE)
                    .event(CHUNK.formatted("half"))
                    .bytes("data: {\"cho")
                    .then(end));
            Reply reply = client().chat(STREAM);
            assertEquals(200, reply.status());
            assertTrue(reply.whole(), reply.body());
            assertFalse(reply.body().contains("[DONE]"));
            assertFalse(reply.body().contains("cho\n"), reply.body());
            String last = reply.body().substring(reply.body().lastIndexOf("data: "));
            assertTrue(last.startsWith("data: {\"error\":{\"message\":") && last.endsWith("}}\n\n"), reply.body());
            assertTrue(last.contains("\"code\":\"upstream_error\""), last);
        }
    }

    @Test
    void anErrorEventOfTheUpstreamsOwnPassesOnceWithTheMembersThatItLacks() {
        upstream.script(Script.start().stream()
                .event(CHUNK.formatted("half"))
                .event(BROKEN)
                .end());
        Reply reply = client().chat(STREAM);
        assertEquals(200, reply.status());
        String whole = BROKEN.replace("}}", ",\"param\":null,\"code\":\"upstream_error\"}}");
        assertTrue(reply.body().endsWith("data: " + whole + "\n\n"), reply.body());
        assertEquals(reply.body().indexOf("\"error\""), reply.body().lastIndexOf("\"error\""));
    }

    @Test
    void anUpstreamsOwnRefusalIsAnAnswer() {
        for (int status : new int[] {400, 404, 429, 500, 503}) {
            upstream.script(Script.start().json(status, REFUSED, "Retry-After", "7"));
            Reply reply = client().chat(STREAM);
            assertEquals(status, reply.status());
            assertEquals(REFUSED, reply.body());
            assertEquals("7", reply.header("retry-after"));
        }
        upstream.script(Script.start().head(500, "Content-Length", "0").end());
        Reply silent = client().chat(PLAIN);
        assertEquals(500, silent.status());
        assertTrue(silent.body().contains("\"error\""), silent.body());
    }

    @Test
    void aPlainAnswerThatBreaksOffIsAStatus() {
        upstream.script(Script.start()
                .head(200, "Content-Type", "application/json", "Content-Length", "99")
                .bytes("{\"choices\"")
                .endWithoutTerminator());
        Reply reply = client().chat(PLAIN);
        assertEquals(502, reply.status());
        assertTrue(reply.body().contains("\"code\":\"upstream_error\""), reply.body());
    }

    @Test
    void aPlainAnswerToACallForAStreamIsWholeHoweverItComes() {
        String answer = "{\"choices\":[],\"text\":\"" + "x".repeat(50_000) + "\"}";
        upstream.script(Script.start()
                .head(200, "Content-Type", "application/json", "Transfer-Encoding", "chunked")
                .pieces(answer, 997)
                .end());
        Reply reply = client().chat(STREAM);
        assertEquals(200, reply.status());
        assertEquals(answer, reply.body());
    }

    @Test
    void anUpstreamThatIsDownIsToldAtOnce() {
        for (String body : new String[] {STREAM, PLAIN}) {
            Reply reply = client().chat(body.replace("phi-4-mini", "absent"));
            assertEquals(502, reply.status());
            assertTrue(reply.body().contains("\"code\":\"upstream_unreachable\""), reply.body());
            assertTrue(reply.body().contains("gateway.upstreams.down.url"), reply.body());
        }
    }

    @Test
    void badJsonIsRefusedWithItsPlace() {
        for (String body : new String[] {"{\"model\":", "[]", "{\"model\":\"phi-4-mini\"} x", "nonsense"}) {
            Reply reply = client().chat(body);
            assertEquals(400, reply.status());
            assertTrue(
                    reply.body().contains("\"code\":\"invalid_json\"")
                            && reply.body().contains("line 1"),
                    reply.body());
        }
    }

    @Test
    void anAliasGoesToItsModelUnderItsId() {
        Reply reply = client().chat(PLAIN.replace("phi-4-mini", "little"));
        assertEquals(200, reply.status());
        assertEquals("phi-4-mini", reply.header("x-gateway-model"));
        assertTrue(client().send("GET", "/v1/models", "").body().contains("\"little\""));
    }

    @Test
    void aClientThatLeavesBeforeTheHeadResetsTheUpstream() {
        upstream.script(Script.start().stall());
        leaves(STREAM);
        upstream.clear();
        upstream.script(Script.start().stall());
        leaves(PLAIN);
    }

    @Test
    void aClientThatLeavesBeforeTheFirstTokenResetsTheUpstream() {
        upstream.script(Script.start().stream()
                .event(ROLE)
                .comment("keep-alive")
                .mark("opened")
                .stall());
        leaves(STREAM);
    }

    private void leaves(String body) {
        Live live = client().open("POST", "/v1/chat/completions", body);
        ReceivedRequest request = chatRequest();
        live.close();
        assertResetSoon(request);
    }

    @Test
    void aClientThatLeavesMidStreamResetsTheUpstream() {
        upstream.script(Script.start().stream().event(CHUNK.formatted("one")).stall());
        try (Live live = client().open("POST", "/v1/chat/completions", STREAM)) {
            assertTrue(live.readUntil("one").contains("200"));
        }
        assertResetSoon(chatRequest());
    }

    @Test
    void aSlowReaderHoldsTheUpstreamBackAndLosesNothing() {
        String token = "x".repeat(8_000);
        Script script = Script.start().stream();
        for (int i = 0; i < 1_500; i++) {
            script = script.event(CHUNK.formatted(token));
        }
        upstream.script(script.mark("all written").event(FINISH).done().end());
        try (Live live = client().open("POST", "/v1/chat/completions", STREAM)) {
            assertTrue(live.readUntil("xxx").contains("200"));
            CompletableFuture<Long> written = chatRequest().reached("all written");
            // 12 MB fit into no socket buffer: the upstream is still writing while nobody reads.
            assertFalse(written.isDone());
            String rest = live.readUntil("[DONE]");
            assertTrue(rest.length() > 1_499 * token.length());
        }
    }

    @Test
    void gaugesReturnToZero() {
        upstream.script(Script.start().stream().event(CHUNK.formatted("one")).stall());
        try (Live live = client().open("POST", "/v1/chat/completions", STREAM)) {
            assertTrue(live.readUntil("one").contains("200"));
            // An earlier test's call may be ending just now.
            await().atMost(10, SECONDS)
                    .untilAsserted(() -> assertTrue(metrics().contains("gateway_in_flight_requests 1.0"), metrics()));
        }
        await().atMost(10, SECONDS).until(() -> metrics().contains("gateway_in_flight_requests 0.0"));
        assertTrue(metrics().contains("outcome=\"cancelled\""));
    }

    private String metrics() {
        return client().send("GET", "/metrics", "").body();
    }

    /** The chat request, once it has come. */
    private ReceivedRequest chatRequest() {
        return await().atMost(10, SECONDS)
                .until(
                        () -> upstream.received().stream()
                                .filter(request -> request.path().endsWith("/chat/completions"))
                                .toList(),
                        chats -> !chats.isEmpty())
                .get(0);
    }

    private static void assertResetSoon(ReceivedRequest request) {
        assertEquals(How.RESET, request.ended().orTimeout(10, SECONDS).join().how());
    }
}
