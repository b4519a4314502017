package dev.foundrygateway;

import static dev.foundrygateway.RelayQuarkusTest.CHUNK;
import static dev.foundrygateway.RelayQuarkusTest.FINISH;
import static dev.foundrygateway.RelayQuarkusTest.PLAIN;
import static dev.foundrygateway.RelayQuarkusTest.STREAM;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.foundrygateway.practice.PracticeUpstream;
import dev.foundrygateway.practice.Script;
import dev.foundrygateway.testing.GatewayClient;
import dev.foundrygateway.testing.GatewayClient.Live;
import dev.foundrygateway.testing.GatewayClient.Reply;
import dev.foundrygateway.testing.ScriptedUpstream;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A gateway whose waits are short: what it does when they end, and what it says while one lasts. */
@QuarkusTest
@TestProfile(ImpatientQuarkusTest.Impatient.class)
@QuarkusTestResource(ScriptedUpstream.class)
class ImpatientQuarkusTest {
    /** Short waits. */
    public static class Impatient implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "gateway.sse.keep-alive", "300ms",
                    "gateway.upstreams.foundry.always-stream", "true",
                    "gateway.upstreams.foundry.timeouts.first-token", "1500ms",
                    "gateway.upstreams.foundry.timeouts.idle", "1500ms",
                    "gateway.upstreams.foundry.timeouts.total", "4s");
        }
    }

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
    void commentsKeepAWaitingClientAndTheAnswerFollows() {
        CompletableFuture<Void> gate = new CompletableFuture<>();
        upstream.script(Script.start().stream()
                .await(gate)
                .event(CHUNK.formatted("late"))
                .event(FINISH)
                .done()
                .end());
        try (Live live = client().open("POST", "/v1/chat/completions", STREAM)) {
            String head = live.readUntil(": keep-alive\n\n");
            assertTrue(head.startsWith("HTTP/1.1 200") && head.contains("text/event-stream"), head);
            gate.complete(null);
            String rest = live.readUntil("[DONE]");
            assertTrue(rest.contains("late") && rest.endsWith("[DONE]"), rest);
        }
    }

    @Test
    void anErrorAfterTheKeepAliveTimeIsAnEvent() {
        CompletableFuture<Void> gate = new CompletableFuture<>();
        upstream.script(Script.start()
                .await(gate)
                .json(404, "{\"error\":{\"message\":\"no such model\",\"type\":\"invalid_request_error\"}}"));
        try (Live live = client().open("POST", "/v1/chat/completions", STREAM)) {
            live.readUntil(": keep-alive\n\n");
            gate.complete(null);
            String rest = live.readUntil("0\r\n\r\n");
            assertTrue(rest.contains("data: {\"error\":{\"message\":\"no such model\""), rest);
            assertFalse(rest.contains("[DONE]"), rest);
        }
    }

    @Test
    void theFirstTokenHasATimeThatCommentsDoNotProlong() {
        Script comments = Script.start().stream();
        for (int i = 0; i < 40; i++) {
            comments = comments.comment("keep-alive").delay(Duration.ofMillis(100));
        }
        upstream.script(
                comments.event(CHUNK.formatted("too late")).event(FINISH).done().end());
        Reply reply = client().chat(STREAM);
        assertTrue(reply.body().contains("\"code\":\"upstream_timeout\""), reply.body());
        assertTrue(reply.body().contains("gateway.upstreams.foundry.timeouts.first-token"), reply.body());
        assertFalse(reply.body().contains("too late"), reply.body());
    }

    @Test
    void silenceAfterATokenHasATime() {
        upstream.script(Script.start().stream().event(CHUNK.formatted("half")).stall());
        Reply reply = client().chat(STREAM);
        assertTrue(reply.whole());
        assertTrue(
                reply.body().contains("half") && reply.body().contains("gateway.upstreams.foundry.timeouts.idle"),
                reply.body());
        assertFalse(reply.body().contains("[DONE]"));
    }

    @Test
    void aGatheredAnswerWaitsForItsFirstTokenAndAnyOtherHasTheWholeTime() {
        upstream.script(Script.start().stall());
        Reply chat = client().chat(PLAIN);
        assertEquals(504, chat.status());
        assertTrue(chat.body().contains("gateway.upstreams.foundry.timeouts.first-token"), chat.body());
        Reply reply = client().send(
                        "POST",
                        "/v1/embeddings",
                        "{\"model\":\"phi-4-mini\",\"input\":\"a\"}",
                        "Content-Type",
                        "application/json");
        assertEquals(504, reply.status());
        assertTrue(reply.body().contains("gateway.upstreams.foundry.timeouts.total"), reply.body());
    }

    @Test
    void commentsKeepASilentStreamAliveBetweenTwoTokens() {
        CompletableFuture<Void> gate = new CompletableFuture<>();
        upstream.script(Script.start().stream()
                .event(CHUNK.formatted("early"))
                .await(gate)
                .event(CHUNK.formatted("late"))
                .event(FINISH)
                .done()
                .end());
        try (Live live = client().open("POST", "/v1/chat/completions", STREAM)) {
            // On a slow machine comments come before the first token, too.
            assertTrue(live.readUntil("early").contains("200"));
            live.readUntil(": keep-alive\n\n\r\n");
            assertTrue(live.readUntil(": keep-alive\n\n").startsWith("e\r\n"));
            gate.complete(null);
            String rest = live.readUntil("[DONE]");
            assertTrue(rest.contains("late"), rest);
        }
    }
}
