package dev.foundrygateway;

import static dev.foundrygateway.RelayQuarkusTest.CHUNK;
import static dev.foundrygateway.RelayQuarkusTest.FINISH;
import static dev.foundrygateway.RelayQuarkusTest.STREAM;
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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

/** A model server that refuses what the gateway adds: in a gateway of its own, which remembers it. */
@QuarkusTest
@TestProfile(RefusedOptionsQuarkusTest.Fresh.class)
@QuarkusTestResource(ScriptedUpstream.class)
class RefusedOptionsQuarkusTest {
    /** A gateway that has not been called, and whose large model nobody has. */
    public static class Fresh implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("gateway.hybrid.hybrid.escalation", "nobody-has-it");
        }
    }

    private static final String REFUSED =
            "{\"error\":{\"message\":\"Unrecognized request argument supplied: stream_options\",\"type\":\"invalid_request_error\",\"param\":null,\"code\":null}}";

    final PracticeUpstream upstream = ScriptedUpstream.running();

    @ConfigProperty(name = "quarkus.http.test-port")
    int port;

    @Test
    void aServerThatRefusesStreamOptionsIsAskedAgainWithoutOnceAndRemembered() {
        upstream.clear();
        upstream.script(received -> received.path().endsWith("/chat/completions")
                ? Optional.of(
                        received.text().contains("stream_options")
                                ? Script.start().json(400, REFUSED)
                                : Script.start().stream()
                                        .event(CHUNK.formatted("all"))
                                        .event(FINISH)
                                        .done()
                                        .end())
                : Optional.empty());
        String asking =
                STREAM.replace("\"stream\":true", "\"stream\":true,\"stream_options\":{\"include_usage\":true}");
        Reply own = new GatewayClient(port).chat(asking);
        assertEquals(400, own.status());
        assertEquals(REFUSED, own.body());
        assertEquals(1, chats().size());
        for (int call = 0; call < 2; call++) {
            Reply reply = new GatewayClient(port).chat(STREAM);
            assertEquals(200, reply.status());
            assertTrue(reply.body().contains("all") && reply.body().endsWith("[DONE]\n\n"), reply.body());
        }
        assertEquals(4, chats().size());
        assertEquals(STREAM, chats().get(3).text());
    }

    @Test
    void aVirtualModelIsListedOnlyWhereItsTiersAre() {
        String models = new GatewayClient(port).send("GET", "/v1/models", "").body();
        assertTrue(models.contains("\"phi-4-mini\""), models);
        assertFalse(models.contains("\"hybrid\""), models);
    }

    private List<ReceivedRequest> chats() {
        return upstream.received().stream()
                .filter(request -> request.path().endsWith("/chat/completions"))
                .toList();
    }
}
