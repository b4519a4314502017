package dev.foundrygateway;

import static dev.foundrygateway.RelayQuarkusTest.CHUNK;
import static dev.foundrygateway.RelayQuarkusTest.STREAM;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.foundrygateway.practice.PracticeUpstream;
import dev.foundrygateway.practice.Script;
import dev.foundrygateway.testing.GatewayClient;
import dev.foundrygateway.testing.GatewayClient.Reply;
import dev.foundrygateway.testing.ScriptedUpstream;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.util.Map;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The default wait for a first token is longer than that between two pieces, and hides it no more. */
@QuarkusTest
@TestProfile(IdleQuarkusTest.ShortIdle.class)
@QuarkusTestResource(ScriptedUpstream.class)
class IdleQuarkusTest {
    /** Silence is told soon, the first token may take its two minutes. */
    public static class ShortIdle implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("gateway.upstreams.foundry.timeouts.idle", "500ms");
        }
    }

    final PracticeUpstream upstream = ScriptedUpstream.running();

    @ConfigProperty(name = "quarkus.http.test-port")
    int port;

    @Test
    @Timeout(60)
    void aStallIsToldAfterTheIdleTimeAlsoWhereTheFirstTokenMayTakeLonger() {
        upstream.clear();
        upstream.script(Script.start().stream().event(CHUNK.formatted("half")).stall());
        Reply reply = new GatewayClient(port).chat(STREAM);
        assertTrue(
                reply.body().contains("half") && reply.body().contains("gateway.upstreams.foundry.timeouts.idle"),
                reply.body());
        upstream.script(Script.start()
                .head(200, "Content-Type", "application/json", "Content-Length", "99")
                .bytes("{\"choices\"")
                .stall());
        Reply plain = new GatewayClient(port).chat(STREAM.replace("\"stream\":true,", ""));
        assertTrue(plain.body().contains("gateway.upstreams.foundry.timeouts.idle"), plain.body());
    }
}
