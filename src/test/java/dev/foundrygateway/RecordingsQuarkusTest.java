package dev.foundrygateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.foundrygateway.practice.PracticeUpstream;
import dev.foundrygateway.practice.Script;
import dev.foundrygateway.testing.GatewayClient;
import dev.foundrygateway.testing.GatewayClient.Reply;
import dev.foundrygateway.testing.Recording;
import dev.foundrygateway.testing.ScriptedUpstream;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

/** What the real runtime 2.2.1 answered, played by the scripted upstream: through the gateway it is the same, byte for byte. */
@QuarkusTest
@TestProfile(RecordingsQuarkusTest.AsItCame.class)
class RecordingsQuarkusTest {
    /** The recorded model, and plain answers left plain. */
    public static class AsItCame implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "gateway.upstreams.foundry.models", "tiny-instruct-generic-cpu:1,gemma-3-270m-generic-cpu:1",
                    "gateway.upstreams.foundry.always-stream", "false");
        }

        @Override
        public List<TestResourceEntry> testResources() {
            return List.of(new TestResourceEntry(ScriptedUpstream.class));
        }
    }

    private static final int PIECE = 777;

    final PracticeUpstream upstream = ScriptedUpstream.running();

    @ConfigProperty(name = "quarkus.http.test-port")
    int port;

    @Test
    void everyRecordedChatOfTheRuntimePassesByteForByte() {
        List<Recording> chats = Recording.all().stream()
                .filter(recording -> recording.name().startsWith("runtime-2.2.1/"))
                .filter(recording -> recording.path().equals("/v1/chat/completions"))
                .filter(recording ->
                        recording.method().equals("POST") && recording.status() == 200 && recording.ended())
                .filter(recording -> !text(recording.body()).contains("data: {\"error\""))
                // Several answers, which the runtime doesn't give, are the gateway's work.
                .filter(recording -> !recording.name().endsWith("-n2"))
                .toList();
        assertTrue(chats.size() > 20, "recorded chats: " + chats.size());
        for (Recording chat : chats) {
            upstream.clear();
            Script script = chat.stream()
                    ? Script.start().stream()
                    : Script.start().head(200, "Content-Type", "application/json");
            for (int from = 0; from < chat.body().length(); from += PIECE) {
                script = script.bytes(
                        chat.body().getBuffer(from, Math.min(chat.body().length(), from + PIECE)));
            }
            upstream.script(script.end());
            Reply reply = new GatewayClient(port).chat(request(chat));
            if (chat.name().matches(".*-json-(object|schema)")) {
                // The recorded model is a random one: its words are no JSON, and those who asked for JSON get no other
                // 200.
                assertEquals(502, reply.status(), chat.name());
                assertTrue(reply.body().contains("\"schema_violation\""), reply.body());
            } else {
                assertEquals(200, reply.status(), chat.name());
                assertEquals(text(chat.body()), reply.body(), chat.name());
            }
            upstream.clear();
        }
    }

    /** Of one recording the request was too long to be kept whole. */
    private static String request(Recording chat) {
        return chat.requestBody().endsWith("}") ? chat.requestBody() : RelayQuarkusTest.STREAM;
    }

    private static String text(Buffer bytes) {
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
