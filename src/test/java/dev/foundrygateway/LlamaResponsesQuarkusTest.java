package dev.foundrygateway;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.foundrygateway.practice.PracticeSettings;
import dev.foundrygateway.practice.PracticeUpstream;
import dev.foundrygateway.practice.ReceivedRequest;
import dev.foundrygateway.practice.Script;
import dev.foundrygateway.testing.GatewayClient;
import dev.foundrygateway.testing.GatewayClient.Reply;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** llama.cpp has Responses that keep nothing and that OpenAI's clients can't read as a stream: it is asked for chats, where a chat can say it. */
@QuarkusTest
@QuarkusTestResource(value = LlamaResponsesQuarkusTest.Llama.class, restrictToAnnotatedClass = true)
class LlamaResponsesQuarkusTest {
    private static final String OWN = "{\"id\":\"resp_1\",\"object\":\"response\",\"odd\":1.50}";
    private static final String CHAT =
            "{\"id\":\"c\",\"model\":\"qwen\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"Yes.\"},\"finish_reason\":\"stop\"}]}";
    private static final String LIST =
            "{\"object\":\"list\",\"data\":[{\"id\":\"qwen\",\"object\":\"model\",\"owned_by\":\"llamacpp\"}]}";

    /** A server that says that it is llama.cpp. */
    public static final class Llama implements QuarkusTestResourceLifecycleManager {
        private static final PracticeUpstream UPSTREAM =
                PracticeUpstream.start(Vertx.vertx(), PracticeSettings.immediate());

        @Override
        public Map<String, String> start() {
            UPSTREAM.script(request -> Optional.of(Script.start().json(200, answer(request))));
            return Map.of(
                    "gateway.upstreams.foundry.url",
                    UPSTREAM.uri().toString(),
                    "gateway.upstreams.foundry.dialect",
                    "openai",
                    "gateway.models.slm.upstream",
                    "foundry");
        }

        private static String answer(ReceivedRequest request) {
            if (request.path().endsWith("/models")) {
                return LIST;
            }
            return request.path().endsWith("/chat/completions") ? CHAT : OWN;
        }

        @Override
        public void stop() {
            UPSTREAM.clear();
        }
    }

    @ConfigProperty(name = "quarkus.http.test-port")
    int port;

    @BeforeEach
    void begin() {
        await().atMost(Duration.ofMinutes(1))
                .until(() -> new GatewayClient(port)
                        .send("GET", "/v1/models", "")
                        .body()
                        .contains("qwen"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"qwen", "slm"})
    void aResponseIsKeptAndGoneOnFrom(String model) {
        String first = new JsonObject(ask(model, "").body()).getString("id");
        assertTrue(first.startsWith("resp_gw_"), first);
        assertEquals(
                200,
                new GatewayClient(port)
                        .send("GET", "/v1/responses/" + first, "")
                        .status());
        JsonObject next = new JsonObject(
                ask(model, ",\"previous_response_id\":\"" + first + "\"").body());
        assertEquals(first, next.getString("previous_response_id"));
    }

    @Test
    void whatAChatHasNoPlaceForIsTheServersOwn() {
        assertEquals(OWN, ask("qwen", ",\"top_k\":5").body());
    }

    private Reply ask(String model, String members) {
        Reply reply = new GatewayClient(port)
                .send(
                        "POST",
                        "/v1/responses",
                        "{\"model\":\"" + model + "\",\"input\":\"Hi\"" + members + "}",
                        "Content-Type",
                        "application/json");
        assertEquals(200, reply.status(), reply::body);
        return reply;
    }
}
