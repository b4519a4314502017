package dev.foundrygateway;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.foundrygateway.practice.ReceivedRequest;
import dev.foundrygateway.testing.GatewayClient;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The table "Calls of Foundry Local's own" in docs/foundry-local.md: every call before each generation, and before a server that is none of them. */
@QuarkusTest
@QuarkusTestResource(value = FourGenerations.class, restrictToAnnotatedClass = true)
class GenerationsQuarkusTest {
    @ConfigProperty(name = "quarkus.http.test-port")
    int port;

    @BeforeEach
    void allAreListed() {
        FourGenerations.clear();
        await().untilAsserted(() -> {
            String models = get("/openai/models");
            FourGenerations.MODELS.values().forEach(id -> assertTrue(models.contains(id), models));
        });
        await().until(() -> get("/foundry/list").contains("phi-4-mini-reasoning"));
    }

    @ParameterizedTest
    @CsvSource({
        "old, PHI-3-mini-128k",
        "old, Phi-3-mini-128k-instruct-generic-cpu",
        "net, qwen2.5-0.5b",
        "net, qwen2.5-0.5b-instruct-generic-cpu",
        "cpp, phi-4-mini-reasoning",
        "cpp, phi-4-mini-reasoning-generic-cpu",
        "other, llama-3.2-1b",
        "other, LLAMA-3.2-1B"
    })
    void aChatByAnyNameIsAnsweredPlainAndStreamed(String upstream, String model) {
        GatewayClient.Reply plain = chat(model, false);
        assertEquals(200, plain.status(), plain.body());
        assertEquals(upstream, plain.header("x-gateway-upstream"));
        JsonObject choice = new JsonObject(plain.body()).getJsonArray("choices").getJsonObject(0);
        assertEquals("stop", choice.getString("finish_reason"));
        String text = choice.getJsonObject("message").getString("content");
        assertFalse(text.isEmpty());
        GatewayClient.Reply stream = chat(model, true);
        assertEquals(200, stream.status(), stream.body());
        assertEquals(text, textOf(stream.body()));
        assertTrue(stream.body().strip().endsWith("data: [DONE]"), stream.body());
        assertFalse(stream.body().contains("IsDelta"), stream.body());
    }

    @ParameterizedTest
    @CsvSource({
        "phi-3-mini-128k, Phi-3-mini-128k-instruct-generic-cpu:4",
        "qwen2.5-0.5b, qwen2.5-0.5b-instruct-generic-cpu",
        "PHI-4-mini-reasoning, Phi-4-mini-reasoning-generic-cpu:3",
        "llama-3.2-1b, llama-3.2-1b"
    })
    void aModelIsDescribedByAnyOfItsNames(String name, String id) {
        JsonObject model = new JsonObject(get("/v1/models/" + name));
        assertEquals("model", model.getString("object"));
        assertTrue(Stream.of(id, name).anyMatch(model.getString("id")::equalsIgnoreCase), model.encode());
    }

    @Test
    void healthTellsEachGenerationAndWhatIsLoaded() {
        assertEquals(200, chat("phi-4-mini-reasoning", false).status());
        await().untilAsserted(() -> {
            JsonObject told = new JsonObject();
            new JsonObject(get("/health"))
                    .getJsonArray("upstreams")
                    .forEach(one -> told.put(((JsonObject) one).getString("name"), one));
            assertEquals("foundry-0x", told.getJsonObject("old").getString("dialect"));
            assertEquals("foundry-1x", told.getJsonObject("net").getString("dialect"));
            JsonObject cpp = told.getJsonObject("cpp");
            assertEquals("foundry-2x", cpp.getString("dialect"));
            assertEquals(
                    List.of(String.valueOf(FourGenerations.MODELS.get("cpp"))),
                    cpp.getJsonArray("loaded").getList());
            JsonObject other = told.getJsonObject("other");
            assertEquals("openai", other.getString("dialect"));
            assertFalse(other.containsKey("loaded"), other.encode());
        });
    }

    @Test
    void theCatalogueHoldsTheModelsOfAll() {
        Set<String> names = new TreeSet<>();
        new JsonArray(get("/foundry/list")).forEach(item -> names.add(((JsonObject) item).getString("name")));
        assertTrue(names.containsAll(FourGenerations.MODELS.values()), names::toString);
        JsonArray ids = new JsonArray(get("/openai/models"));
        FourGenerations.MODELS.values().forEach(id -> assertTrue(ids.contains(id), ids::encode));
    }

    @ParameterizedTest
    @CsvSource({
        "old, phi-3-mini-128k, /openai/load/Phi-3-mini-128k-instruct-generic-cpu:4",
        "net, qwen2.5-0.5b, /models/load/qwen2.5-0.5b-instruct-generic-cpu",
        "cpp, Phi-4-mini-reasoning-generic-cpu:3, /models/load/phi-4-mini-reasoning"
    })
    void aModelIsLoadedInTheFormThatItsGenerationWants(String upstream, String name, String path) {
        for (String call : new String[] {"/openai/load/" + name + "?ttl=600", "/models/load/" + name}) {
            FourGenerations.clear();
            assertEquals("{\"status\":\"loaded\"}", get(call), call);
            assertTrue(
                    FourGenerations.at(upstream).received().stream()
                            .map(ReceivedRequest::path)
                            .anyMatch(received -> received.replace("%3A", ":").startsWith(path)),
                    () -> FourGenerations.at(upstream).received().toString());
            assertTrue(get("/openai/loadedmodels").contains(FourGenerations.MODELS.get(upstream)));
            assertTrue(get("/models/loaded").contains(FourGenerations.MODELS.get(upstream)));
        }
    }

    @Test
    void aServerThatIsNoFoundryLocalHasAllItsModelsLoaded() {
        assertEquals("{\"status\":\"already_loaded\"}", get("/openai/load/llama-3.2-1b"));
        assertTrue(get("/openai/loadedmodels").contains("llama-3.2-1b"));
    }

    @Test
    void aDownloadOfAListedModelIsDoneAndAnyOtherIsUnsupported() {
        GatewayClient client = new GatewayClient(port);
        assertTrue(client.send("POST", "/openai/download", "{\"model\":{\"Name\":\"phi-4-mini-reasoning\"}}")
                .body()
                .contains("\"success\":true"));
        GatewayClient.Reply unknown = client.send("POST", "/openai/download", "{\"model\":{\"Name\":\"gpt-9\"}}");
        assertEquals(501, unknown.status());
        assertTrue(unknown.body().contains("\"code\":\"unsupported\""), unknown.body());
    }

    @Test
    void tokensAreCountedByAnOldServerAndStatusIsTheGateways() {
        String count = new GatewayClient(port)
                .send(
                        "POST",
                        "/v1/chat/completions/tokenizer/encode/count",
                        "{\"model\":\"phi-3-mini-128k\",\"messages\":[{\"role\":\"user\",\"content\":\"one two\"}]}")
                .body();
        assertTrue(count.contains("tokenCount"), count);
        JsonObject status = new JsonObject(get("/openai/status"));
        assertEquals(1, status.getJsonArray("endpoints").size());
        assertTrue(status.getString("modelDirPath") != null, status.encode());
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /openai/unload/phi-4-mini-reasoning",
        "GET, /models/unload/qwen2.5-0.5b",
        "GET, /openai/unloadall",
        "POST, /shutdown"
    })
    void callsWithEffectsReachNobody(String method, String path) {
        GatewayClient.Reply reply = new GatewayClient(port).send(method, path, "");
        assertEquals(404, reply.status());
        assertTrue(reply.body().contains("gateway.access.management=true"), reply.body());
        for (String upstream : FourGenerations.MODELS.keySet()) {
            assertTrue(FourGenerations.at(upstream).received().stream()
                    .noneMatch(received -> received.path().contains("unload")
                            || received.path().contains("shutdown")));
        }
    }

    private GatewayClient.Reply chat(String model, boolean stream) {
        return new GatewayClient(port)
                .chat("{\"model\":\"" + model + "\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],\"stream\":"
                        + stream + "}");
    }

    private String get(String path) {
        return new GatewayClient(port).send("GET", path, "").body();
    }

    private static String textOf(String events) {
        StringBuilder text = new StringBuilder();
        events.lines().filter(line -> line.startsWith("data: {")).forEach(line -> {
            JsonArray choices = new JsonObject(line.substring(6)).getJsonArray("choices", new JsonArray());
            if (!choices.isEmpty()) {
                text.append(choices.getJsonObject(0)
                        .getJsonObject("delta", new JsonObject())
                        .getString("content", ""));
            }
        });
        return text.toString();
    }
}
