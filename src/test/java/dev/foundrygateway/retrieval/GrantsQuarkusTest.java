package dev.foundrygateway.retrieval;

import static io.restassured.RestAssured.given;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.oneOf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.foundrygateway.practice.PracticeModel;
import dev.foundrygateway.practice.PracticeSettings;
import dev.foundrygateway.practice.PracticeUpstream;
import dev.foundrygateway.practice.ReceivedRequest;
import dev.foundrygateway.retrieval.store.Ids;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A key reaches the models, stores and areas that its settings list, whatever way they are named; every other key reaches all. */
@QuarkusTest
@QuarkusTestResource(value = GrantsQuarkusTest.Keys.class, restrictToAnnotatedClass = true)
class GrantsQuarkusTest {
    private static final String SMALL = "Phi-4-mini-instruct-generic-cpu:5";
    private static final String LARGE = "gpt-oss-20b-generic-cpu:1";
    private static final String MESSAGES = "[{\"role\":\"user\",\"content\":\"Where does the heron wait?\"}]";
    private static final Vertx VERTX = Vertx.vertx();
    private static final PracticeUpstream UPSTREAM = PracticeUpstream.start(
            VERTX,
            PracticeSettings.immediate()
                    .withModels(
                            PracticeModel.named(SMALL).withAlias("phi-4-mini"),
                            PracticeModel.named(LARGE).withAlias("gpt-oss-20b")));

    /** Each key is its own name. */
    public static final class Keys implements QuarkusTestResourceLifecycleManager {
        @Override
        public Map<String, String> start() {
            Map<String, String> settings = new TreeMap<>();
            try {
                Path folder = Files.createTempDirectory("grants");
                for (String store : List.of("birds", "moon")) {
                    Path docs = Files.createDirectory(folder.resolve(store));
                    Files.writeString(docs.resolve(store + ".md"), "# " + store + "\n\nThe heron waits at the weir.\n");
                    settings.put("gateway.retrieval.stores." + store + ".folder", docs.toString());
                }
                settings.put(
                        "gateway.retrieval.directory", folder.resolve("kept").toString());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            settings.put("gateway.upstreams.foundry.url", UPSTREAM.uri().toString());
            settings.put("gateway.models.tiny.id", SMALL);
            settings.put("gateway.models.moonlit.id", SMALL);
            settings.put("gateway.models.moonlit.default-store", "moon");
            settings.put("gateway.messages.models.claude-small", "phi-4-mini");
            settings.put("gateway.messages.models.claude-large", "gpt-oss-20b");
            settings.put("gateway.access.management", "true");
            for (String key : List.of("anyone", "alias", "id", "virtual", "birder", "asker", "keeper", "manager")) {
                settings.put("gateway.access.api-keys." + key + ".sha256", Ids.hash(key));
            }
            settings.put("gateway.access.api-keys.alias.models", "Phi-4-Mini");
            settings.put("gateway.access.api-keys.id.models", "phi-4-mini-instruct-generic-cpu");
            settings.put("gateway.access.api-keys.virtual.models", "hybrid");
            settings.put("gateway.access.api-keys.birder.stores", "birds,absent");
            settings.put("gateway.access.api-keys.asker.areas", "models");
            settings.put("gateway.access.api-keys.keeper.areas", "stores,operate");
            settings.put("gateway.access.api-keys.manager.areas", "manage");
            return settings;
        }

        @Override
        public void stop() {
            UPSTREAM.clear();
        }
    }

    @BeforeEach
    void listed() {
        UPSTREAM.clear();
        await().until(() -> by("anyone").get("/v1/models").asString().contains(LARGE));
    }

    private static RequestSpecification by(String key) {
        return given().header("Authorization", "Bearer " + key).urlEncodingEnabled(false);
    }

    private static Response post(String key, String path, String body) {
        return by(key).contentType("application/json").body(body).post(path);
    }

    private static Response chat(String key, String model) {
        return post(key, "/v1/chat/completions", "{\"model\":\"" + model + "\",\"messages\":" + MESSAGES + "}");
    }

    private static boolean asked() {
        return UPSTREAM.received().stream()
                .map(ReceivedRequest::path)
                .anyMatch(path -> path.startsWith("/v1/") && !path.equals("/v1/models"));
    }

    private static void refused(Response response) {
        response.then().statusCode(404).body("error.code", equalTo("model_not_found"));
        // Nor does the error list the models that there are.
        assertFalse(response.asString().contains("available"), response.asString());
    }

    @ParameterizedTest
    @CsvSource({
        "alias, phi-4-mini",
        "alias, PHI-4-MINI",
        "alias, " + SMALL,
        "alias, Phi-4-mini-instruct-generic-cpu",
        "alias, tiny",
        "id, phi-4-mini",
        "id, " + SMALL,
        "id, tiny",
        "virtual, hybrid",
        "virtual, hybrid@0.2",
        "virtual, HYBRID",
        "anyone, " + LARGE,
        "birder, gpt-oss-20b",
        "asker, gpt-oss-20b"
    })
    void aModelIsReachedByEveryNameOfIts(String key, String model) {
        chat(key, model).then().statusCode(200);
        by(key).get("/v1/models/" + model).then().statusCode(oneOf(200, model.contains("@") ? 404 : 200));
    }

    @ParameterizedTest
    @CsvSource({
        "alias, gpt-oss-20b",
        "alias, " + LARGE,
        "alias, gpt-oss-20b-generic-cpu",
        "alias, hybrid",
        "alias, hybrid@0.5",
        "alias, nobodys",
        "alias, ''",
        "id, gpt-oss-20b",
        "id, hybrid",
        "virtual, phi-4-mini",
        "virtual, " + LARGE
    })
    void whatIsNotListedIsRefusedAsIfItWereNotThere(String key, String model) {
        refused(chat(key, model));
        String body = "{\"model\":\"" + model + "\",\"";
        refused(post(key, "/v1/chat/completions", body + "stream\":true,\"messages\":" + MESSAGES + "}"));
        refused(post(key, "/chat/completions", body + "messages\":" + MESSAGES + "}"));
        refused(post(key, "/openai/v1/chat/completions", body + "messages\":" + MESSAGES + "}"));
        refused(post(key, "/v1/completions", body + "prompt\":\"x\"}"));
        refused(post(key, "/v1/embeddings", body + "input\":\"x\"}"));
        refused(post(key, "/v1/rerank", body + "query\":\"x\",\"documents\":[\"x\"]}"));
        refused(post(key, "/v1/reranking", body + "query\":\"x\",\"documents\":[\"x\"]}"));
        refused(post(key, "/v2/rerank", body + "query\":\"x\",\"documents\":[\"x\"]}"));
        refused(post(key, "/v1/responses", body + "input\":\"x\"}"));
        refused(by(key).multiPart("file", "a.wav", new byte[10])
                .multiPart("model", model)
                .post("/v1/audio/transcriptions"));
        if (!model.isEmpty()) {
            refused(post(
                    key,
                    "/v1/responses",
                    body + "input\":\"x\",\"tools\":[{\"type\":\"file_search\",\"vector_store_ids\":[\"birds\"]}]}"));
            post(key, "/v1/messages", body + "max_tokens\":9,\"messages\":" + MESSAGES + "}")
                    .then()
                    .statusCode(404)
                    .body("error.type", equalTo("not_found_error"));
            String path = model.replace("@", "%40");
            refused(post(key, "/openai/deployments/" + path + "/chat/completions", "{\"messages\":" + MESSAGES + "}"));
            for (String list : List.of("/v1/models/", "/models/", "/openai/v1/models/")) {
                refused(by(key).get(list + path));
            }
            for (String call : List.of("/openai/load/", "/models/load/", "/openai/unload/", "/models/unload/")) {
                refused(by(key).get(call + path));
            }
            refused(post(key, "/openai/download", "{\"model\":{\"Name\":\"" + model + "\"}}"));
        }
        refused(post(key, "/v1/chat/completions/tokenizer/encode/count", body + "messages\":" + MESSAGES + "}"));
        assertFalse(asked());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"model\":\"phi-4-mini\",\"models\":[\"gpt-oss-20b\"],\"messages\":" + MESSAGES + "}",
                "{\"models\":[\"phi-4-mini\",\"" + LARGE + "\"],\"model\":\"phi-4-mini\",\"messages\":" + MESSAGES
                        + "}",
                "{\"model\":\"phi-4-mini\",\"Model\":\"gpt-oss-20b\",\"messages\":" + MESSAGES + "}",
                "{\"model\":\"gpt-oss-20b\",\"model\":\"phi-4-mini\",\"messages\":" + MESSAGES + "}",
                "{\"\\u006dodel\":\"gpt-oss-20b\",\"model\":\"phi-4-mini\",\"messages\":" + MESSAGES + "}",
                "{\"model\":\"phi-4-mini\",\"MODELS\":[\"gpt-oss-20b\"],\"messages\":" + MESSAGES + "}",
                "{\"model\":\"phi-4-mini\",\"fallbacks\":[\"gpt-oss-20b\"],\"messages\":" + MESSAGES + "}",
                "{\"model\":\"phi-4-mini\",\"fallbacks\":[{\"phi-4-mini\":[\"gpt-oss-20b\"]}],\"messages\":" + MESSAGES
                        + "}",
                "{\"model\":\"phi-4-mini\",\"draft_model\":\"gpt-oss-20b\",\"messages\":" + MESSAGES + "}",
                "{\"model\":\"phi-4-mini\",\"tools\":[{\"type\":\"image_generation\",\"model\":\"gpt-oss-20b\"}],\"messages\":"
                        + MESSAGES + "}"
            })
    void aSecondNameBesideTheOneThatIsCheckedIsNoWayIn(String body) {
        post("alias", "/v1/chat/completions", body).then().statusCode(oneOf(400, 404));
        assertFalse(asked());
        post("anyone", "/v1/chat/completions", body).then().statusCode(200);
    }

    @Test
    void aFormThatNamesTwoModelsIsRefused() {
        by("alias")
                .multiPart("model", "phi-4-mini")
                .multiPart("file", "a.wav", new byte[10])
                .multiPart("model", "gpt-oss-20b")
                .post("/v1/audio/transcriptions")
                .then()
                .statusCode(400)
                .body("error.message", containsString("comes twice"));
        assertFalse(asked());
    }

    @Test
    void listsShowWhatTheKeyMayUse() {
        Set<String> small = Set.of(SMALL, "phi-4-mini", "phi-4-mini-instruct", "tiny", "moonlit", "little");
        for (String path : List.of("/v1/models", "/models", "/openai/v1/models")) {
            by("alias").get(path).then().statusCode(200).body("data.id", everyItem(is(oneOf(small.toArray()))));
            by("alias").get(path).then().body("data.id", hasItem(SMALL)).body("data.id", hasItem("phi-4-mini"));
            by("virtual").get(path).then().body("data.id", contains("hybrid"));
            by("anyone").get(path).then().body("data.id", hasItem("hybrid")).body("data.id", hasItem(LARGE));
        }
        Response anthropic =
                by("alias").header("anthropic-version", "2023-06-01").get("/v1/models?limit=100");
        anthropic.then().statusCode(200).body("data.id", hasItem("claude-small"));
        assertFalse(anthropic.asString().contains("claude-large")
                || anthropic.asString().contains("oss"));
        for (String path : List.of("/openai/models", "/openai/loadedmodels", "/models/loaded", "/foundry/list")) {
            String list = by("alias").get(path).asString();
            assertTrue(list.contains(SMALL) && !list.contains("oss"), path + " " + list);
            assertTrue(by("anyone").get(path).asString().contains("oss"), path);
            assertFalse(by("virtual").get(path).asString().contains("cpu"), path);
        }
    }

    @Test
    void aComparisonTellsOfTheRefusedModelAndOfNoOther() {
        String body = "{\"prompt\":\"x\",\"models\":[\"phi-4-mini\",\"gpt-oss-20b\"],\"judge\":\"gpt-oss-20b\"}";
        Response compared = post("alias", "/v1/gateway/compare", body);
        compared.then().statusCode(200).body("results[1].error", containsString("does not exist for API key alias"));
        assertTrue(UPSTREAM.received().stream().noneMatch(one -> one.text().contains("oss")), compared.asString());
    }

    @Test
    void anEndOfAllModelsIsNoneForAKeyOfSome() {
        post("alias", "/shutdown", "").then().statusCode(403).body("error.code", equalTo("key_denied"));
        by("virtual").get("/openai/unloadall").then().statusCode(200);
        by("anyone").get("/openai/loadedmodels").then().body(containsString(SMALL));
    }

    @Test
    void aKeyWithStoresOpensThoseAlone() {
        for (String store : List.of("birds", "moon")) {
            await().atMost(Duration.ofMinutes(1))
                    .until(() -> by("anyone")
                            .get("/v1/vector_stores/" + store)
                            .path("file_counts.completed")
                            .equals(1));
        }
        by("birder").get("/v1/vector_stores").then().body("data.id", contains("birds"));
        String birds = by("birder").get("/v1/vector_stores/birds/files").path("data[0].id");
        String moon = by("anyone").get("/v1/vector_stores/moon/files").path("data[0].id");
        by("birder")
                .get("/v1/vector_stores/birds/files/" + birds + "/content")
                .then()
                .statusCode(200);
        for (String path : List.of("", "/files", "/files/" + moon, "/files/" + moon + "/content")) {
            by("birder")
                    .get("/v1/vector_stores/moon" + path)
                    .then()
                    .statusCode(404)
                    .body("error.code", equalTo("vector_store_not_found"));
        }
        post("birder", "/v1/vector_stores/birds/search", "{\"query\":\"heron\"}")
                .then()
                .statusCode(200);
        post("birder", "/v1/vector_stores/moon/search", "{\"query\":\"heron\"}")
                .then()
                .statusCode(404);
        post("birder", "/v1/vector_stores/moon", "{\"name\":\"x\"}").then().statusCode(404);
        by("birder").delete("/v1/vector_stores/moon").then().statusCode(404);
        for (String store : List.of("birds", "moon")) {
            int status = store.equals("birds") ? 200 : 404;
            String head = "{\"model\":\"phi-4-mini\",\"messages\":" + MESSAGES + ",";
            String tool = "\"tools\":[{\"type\":\"file_search\",\"vector_store_ids\":[\"" + store + "\"]}]}";
            post("birder", "/v1/chat/completions", head + "\"gateway\":{\"vector_store_ids\":[\"" + store + "\"]}}")
                    .then()
                    .statusCode(status);
            post("birder", "/v1/chat/completions", head + tool).then().statusCode(status);
            post("birder", "/v1/responses", "{\"model\":\"phi-4-mini\",\"input\":\"heron\"," + tool)
                    .then()
                    .statusCode(status);
        }
        chat("birder", "moonlit").then().statusCode(404);
        chat("anyone", "moonlit").then().statusCode(200);
    }

    @Test
    void aKeyWithStoresMakesNoneAndSeesItsOwnFilesAlone() {
        String shared = upload("anyone");
        String own = upload("birder");
        by("birder").get("/v1/files/" + own).then().statusCode(200);
        by("birder").get("/v1/files/" + shared).then().statusCode(404);
        by("birder").get("/v1/files/" + shared + "/content").then().statusCode(404);
        by("birder").get("/v1/files").then().body("data.id", hasItem(own)).body("data.id", not(hasItem(shared)));
        post("birder", "/v1/vector_stores", "{\"name\":\"mine\"}")
                .then()
                .statusCode(403)
                .body("error.code", equalTo("key_denied"))
                .body("error.message", containsString("api-keys.birder.stores"));
    }

    private static String upload(String key) {
        return by(key).multiPart("file", "note.txt", "A note.".getBytes(StandardCharsets.UTF_8))
                .multiPart("purpose", "assistants")
                .multiPart("shared", "true")
                .post("/v1/files")
                .then()
                .statusCode(200)
                .extract()
                .path("id");
    }

    @Test
    void aModelServersListOfResponsesIsTheOperators() {
        for (String path : List.of("/v1/responses", "/responses", "/openai/v1/responses")) {
            by("anyone").get(path).then().statusCode(403).body("error.code", equalTo("key_denied"));
        }
        assertFalse(asked());
    }

    @Test
    void anAreaIsReachedByItsOwnPathsAndByNoBody() {
        for (String path : List.of("/v1/files", "/v1/vector_stores", "/v1/vector_stores/birds")) {
            by("asker").get(path).then().statusCode(403).body("error.code", equalTo("key_denied"));
            by("manager").get(path).then().statusCode(403);
            by("keeper").get(path).then().statusCode(200);
        }
        post("asker", "/v1/uploads", "{}").then().statusCode(403);
        for (String key : List.of("keeper", "manager")) {
            chat(key, "phi-4-mini").then().statusCode(403).body("error.message", containsString(".areas"));
            post(key, "/openai/deployments/phi-4-mini/chat/completions", "{}")
                    .then()
                    .statusCode(403);
            post(key, "/v1/messages", "{}").then().statusCode(403);
        }
        for (String path : List.of("/openai/load/phi-4-mini", "/models/unload/phi-4-mini", "/openai/unloadall")) {
            by("asker").get(path).then().statusCode(403);
            by("keeper").get(path).then().statusCode(403);
        }
        by("manager").get("/openai/load/phi-4-mini").then().statusCode(200);
        String body = "{\"model\":\"phi-4-mini\",\"messages\":" + MESSAGES
                + ",\"gateway\":{\"vector_store_ids\":[\"birds\"]}}";
        post("asker", "/v1/chat/completions", body).then().statusCode(404);
        chat("asker", "moonlit").then().statusCode(404);
        assertEquals(200, by("asker").get("/v1/gateway/exchanges").statusCode());
        // Who operates sees all that the gateway tells of itself, and asks no model for that.
        for (String path : List.of("exchanges", "usage", "log", "explain")) {
            by("keeper").get("/v1/gateway/" + path).then().statusCode(200);
            by("manager").get("/v1/gateway/" + path).then().statusCode(403).body("error.code", equalTo("key_denied"));
        }
        by("asker").get("/v1/gateway/usage").then().statusCode(200);
        post("keeper", "/v1/gateway/compare", "{}").then().statusCode(403);
        by("asker").get("/v1/models").then().statusCode(200).body("data", not(empty()));
    }
}
