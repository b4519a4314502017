package dev.foundrygateway;

import static dev.foundrygateway.RelayQuarkusTest.STREAM;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.foundrygateway.practice.ReceivedRequest;
import dev.foundrygateway.practice.Script;
import dev.foundrygateway.testing.GatewayClient;
import dev.foundrygateway.testing.GatewayClient.Reply;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Oddities of single generations that a client must not meet. */
@QuarkusTest
@QuarkusTestResource(value = FourGenerations.class, restrictToAnnotatedClass = true)
class OddGenerationsQuarkusTest {
    private static final String TOO_LONG =
            "{\"error\":{\"message\":\"This request requires 27020 total tokens (27012 input + 8 output), which exceeds the model's maximum context length of 4096 tokens\",\"type\":\"invalid_request_error\",\"code\":null}}";

    @ConfigProperty(name = "quarkus.http.test-port")
    int port;

    @BeforeEach
    void allAreListed() {
        FourGenerations.clear();
        await().untilAsserted(() -> {
            String models = client().send("GET", "/openai/models", "").body();
            FourGenerations.MODELS.values().forEach(id -> assertTrue(models.contains(id), models));
        });
    }

    private GatewayClient client() {
        return new GatewayClient(port);
    }

    private static String asking(String model, String more) {
        return STREAM.replace("phi-4-mini\"", model + "\"" + more);
    }

    @Test
    void anOverlongStreamedPromptOf1xIsA400AndOpensNoBreaker() {
        client().send("GET", "/models/load/qwen2.5-0.5b", "");
        for (String more : new String[] {"", ",\"stop\":[\"END\"]"}) {
            FourGenerations.at("net")
                    .script(received -> received.path().endsWith("/chat/completions")
                            ? Optional.of(
                                    new JsonObject(received.text()).getBoolean("stream", false)
                                            ? Script.start().stream().endWithoutTerminator()
                                            : Script.start().json(400, TOO_LONG))
                            : Optional.empty());
            // Twice the calls that a breaker looks at.
            for (int call = 0; call < 40; call++) {
                Reply reply = client().chat(asking("qwen2.5-0.5b", more));
                assertEquals(400, reply.status(), reply.body());
                assertTrue(reply.body().contains("\"code\":\"context_length_exceeded\""), reply.body());
                assertTrue(reply.body().contains("\"param\":\"messages\""), reply.body());
            }
        }
        FourGenerations.clear();
        assertEquals(200, client().chat(asking("qwen2.5-0.5b", "")).status());
    }

    @Test
    void aModelThat0xHasUnloadedByItselfIsLoadedAnew() {
        client().send("GET", "/models/load/phi-3-mini-128k", "");
        AtomicInteger calls = new AtomicInteger();
        FourGenerations.at("old")
                .script(received -> received.path().endsWith("/chat/completions") && calls.getAndIncrement() == 0
                        ? Optional.of(
                                Script.start()
                                        .json(
                                                500,
                                                "{\"error\":{\"message\":\"No OpenAIService provider found for modelName: x\"}}"))
                        : Optional.empty());
        Reply reply = client().chat(asking("phi-3-mini-128k", ""));
        assertEquals(200, reply.status(), reply.body());
        assertTrue(
                FourGenerations.at("old").received().stream()
                        .map(ReceivedRequest::path)
                        .anyMatch(path -> path.startsWith("/openai/load/")),
                "it was loaded");
    }

    @Test
    void theListOfModelsHasNoMembersOfCSharpAndLoadedOnesKeepTheirVersion() {
        String models = client().send("GET", "/v1/models", "").body();
        for (String member : List.of("IsDelta", "Successful", "HttpStatusCode", "CreatedTime")) {
            assertFalse(models.contains(member), models);
        }
        client().send("GET", "/models/load/qwen2.5-0.5b", "");
        assertTrue(new JsonArray(client().send("GET", "/models/loaded", "").body())
                .contains("qwen2.5-0.5b-instruct-generic-cpu:4"));
        assertTrue(
                new JsonArray(client().send("GET", "/openai/loadedmodels", "").body())
                        .contains("qwen2.5-0.5b-instruct-generic-cpu"),
                "the old call names what the list names");
    }

    @Test
    void theCatalogueHasAPromptTemplateThatEverySdkTakes() {
        for (Object item :
                new JsonArray(client().send("GET", "/foundry/list", "").body())) {
            assertTrue(((JsonObject) item).getValue("promptTemplate") instanceof JsonObject, item.toString());
        }
    }

    @Test
    void anEmbeddingsCallThatWouldEndA1xIsRefusedBefore() {
        Reply reply = client().send(
                        "POST",
                        "/v1/embeddings",
                        "{\"model\":\"qwen2.5-0.5b\",\"input\":\"a\"}",
                        "Content-Type",
                        "application/json");
        assertEquals(400, reply.status());
        assertTrue(reply.body().contains("\"param\":\"model\""), reply.body());
        assertTrue(FourGenerations.at("net").received().stream()
                .noneMatch(received -> received.path().endsWith("/embeddings")));
    }
}
