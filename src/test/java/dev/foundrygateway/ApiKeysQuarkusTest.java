package dev.foundrygateway;

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
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** API keys on the wire. */
@QuarkusTest
@QuarkusTestResource(ScriptedUpstream.class)
@TestProfile(ApiKeysQuarkusTest.Keys.class)
class ApiKeysQuarkusTest {
    private static final String CHAT =
            "{\"model\":\"phi-4-mini\",\"messages\":[{\"role\":\"user\",\"content\":\"why\"}]}";
    private static final String ANSWER =
            "{\"id\":\"1\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"phi-4-mini\","
                    + "\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"sky\"},\"finish_reason\":\"stop\"}],"
                    + "\"usage\":{\"prompt_tokens\":40,\"completion_tokens\":30,\"total_tokens\":70}}";

    /** Three keys: the SHA-256 of "free", "few" and "short". */
    public static class Keys implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "gateway.access.api-keys.free.sha256",
                    "ad95d5fa651ba86d8923fe1238d24a4f1988a752acfe426ac72ac7c04471bc17",
                    "gateway.access.api-keys.few.sha256",
                    "fa95e5080882f52bd40ccab2dee9c88c4d1fad7ad1093f93a0edcd8fb42d2bee",
                    "gateway.access.api-keys.few.requests-per-minute",
                    "2",
                    "gateway.access.api-keys.short.sha256",
                    "f9b0078b5df596d2ea19010c001bbd009e651de2c57e8fb7e355f31eb9d3f739",
                    "gateway.access.api-keys.short.tokens-per-minute",
                    "60");
        }
    }

    final PracticeUpstream upstream = ScriptedUpstream.running();

    @ConfigProperty(name = "quarkus.http.test-port")
    int port;

    @BeforeEach
    void begin() {
        upstream.clear();
        upstream.script(request -> request.path().endsWith("/chat/completions")
                ? Optional.of(Script.start().json(200, ANSWER, "x-ratelimit-limit-requests", "9"))
                : Optional.empty());
    }

    @Test
    void withoutAKeyTheAnswerIsOpenAis401() {
        for (Reply reply : new Reply[] {client().chat(CHAT), client().chat(CHAT, "Authorization", "Bearer wrong")}) {
            assertEquals(401, reply.status());
            assertEquals("Bearer", reply.header("www-authenticate"));
            assertTrue(reply.body().startsWith("{\"error\":{\"message\":"), reply.body());
            assertTrue(reply.body().contains("\"code\":\"invalid_api_key\""), reply.body());
            assertFalse(reply.body().contains("wrong"), reply.body());
        }
        assertTrue(
                upstream.received().stream().noneMatch(request -> request.path().endsWith("/chat/completions")));
    }

    @Test
    void aPageCanReadTheRefusalAndItsPreflightNeedsNoKey() {
        String origin = "https://app.example";
        Reply refused = client().chat(CHAT, "Origin", origin);
        assertEquals(401, refused.status());
        assertEquals(origin, refused.header("access-control-allow-origin"));
        Reply preflight = client().send(
                        "OPTIONS",
                        "/v1/chat/completions",
                        "",
                        "Origin",
                        origin,
                        "Access-Control-Request-Method",
                        "POST",
                        "Access-Control-Request-Headers",
                        "authorization");
        assertEquals(204, preflight.status());
    }

    @ParameterizedTest
    @ValueSource(strings = {"Authorization: Bearer free", "x-api-key: free", "api-key: free"})
    void aKeyLetsInAndStaysHere(String header) {
        int colon = header.indexOf(": ");
        Reply reply = client().chat(CHAT, header.substring(0, colon), header.substring(colon + 2));
        assertEquals(200, reply.status());
        assertEquals(ANSWER, reply.body());
        ReceivedRequest received = upstream.received().stream()
                .filter(request -> request.path().endsWith("/chat/completions"))
                .findFirst()
                .orElseThrow();
        assertTrue(received.headers().stream().noneMatch(sent -> sent.getValue().contains("free")));
        assertEquals("9", reply.header("x-ratelimit-limit-requests"));
    }

    @Test
    void tooManyRequestsAre429WithTheTimeToWait() {
        Reply first = client().chat(CHAT, "x-api-key", "few");
        assertEquals(200, first.status());
        assertEquals("application/json", first.header("content-type"));
        assertEquals("2", first.header("x-ratelimit-limit-requests"));
        assertEquals("1", first.header("x-ratelimit-remaining-requests"));
        assertEquals(200, client().chat(CHAT, "x-api-key", "few").status());
        Reply third = client().chat(CHAT, "x-api-key", "few");
        assertEquals(429, third.status());
        assertTrue(third.body().contains("\"code\":\"rate_limit_exceeded\""), third.body());
        assertTrue(Integer.parseInt(third.header("retry-after")) > 0);
        assertEquals("0", third.header("x-ratelimit-remaining-requests"));
        assertTrue(third.header("x-ratelimit-reset-requests").endsWith("s"));
    }

    @Test
    void tooManyTokensAre429OnceTheAnswerHasTold() {
        Reply first = client().chat(CHAT, "x-api-key", "short");
        assertEquals(200, first.status());
        assertEquals("60", first.header("x-ratelimit-limit-tokens"));
        Reply second = client().chat(CHAT, "x-api-key", "short");
        assertEquals(429, second.status());
        assertTrue(second.body().contains("60 tokens a minute"), second.body());
        assertEquals("0", second.header("x-ratelimit-remaining-tokens"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/health", "/v1/health", "/q/health/live", "/metrics"})
    void healthAndMetricsNeedNoKey(String path) {
        assertEquals(200, client().send("GET", path, "").status());
    }

    private GatewayClient client() {
        return new GatewayClient(port);
    }
}
