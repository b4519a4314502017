package dev.foundrygateway.retrieval;

import static io.restassured.RestAssured.given;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.foundrygateway.retrieval.store.Ids;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A key sees its own files and stores and what is shared; authority goes with the caller, not with the path. */
@QuarkusTest
@QuarkusTestResource(value = OwnershipQuarkusTest.Keys.class, restrictToAnnotatedClass = true)
class OwnershipQuarkusTest {
    private static final String ANN = "key-of-ann";
    private static final String BOB = "key-of-bob";

    /** Two keys. */
    public static final class Keys implements QuarkusTestResourceLifecycleManager {
        private final RetrievalResource retrieval = new RetrievalResource();

        @Override
        public Map<String, String> start() {
            Map<String, String> settings = new TreeMap<>(retrieval.start());
            settings.put("gateway.access.api-keys.ann.sha256", Ids.hash(ANN));
            settings.put("gateway.access.api-keys.bob.sha256", Ids.hash(BOB));
            return settings;
        }

        @Override
        public void stop() {
            retrieval.stop();
        }
    }

    @BeforeEach
    void forget() {
        RetrievalResource.UPSTREAM.clear();
    }

    private static RequestSpecification by(String key) {
        return given().header("Authorization", "Bearer " + key).urlEncodingEnabled(false);
    }

    private static Response post(String key, String path, String body) {
        return by(key).contentType("application/json").body(body).post(path);
    }

    private static String file(String key, String text, boolean shared) {
        return by(key).multiPart("file", "note.txt", text.getBytes(StandardCharsets.UTF_8))
                .multiPart("purpose", "assistants")
                .multiPart("shared", Boolean.toString(shared))
                .post("/v1/files")
                .then()
                .statusCode(200)
                .extract()
                .path("id");
    }

    private static String store(String key, String file, boolean shared) {
        String store = post(key, "/v1/vector_stores", "{\"file_ids\":[\"" + file + "\"],\"shared\":" + shared + "}")
                .then()
                .statusCode(200)
                .extract()
                .path("id");
        await().atMost(Duration.ofMinutes(1))
                .until(() -> by(key).get("/v1/vector_stores/" + store)
                        .path("file_counts.in_progress")
                        .equals(0));
        return store;
    }

    private static String chat(String store) {
        return "{\"model\":\"phi-4-mini\",\"messages\":[{\"role\":\"user\",\"content\":\"Where does the heron wait?\"}],"
                + "\"gateway\":{\"vector_store_ids\":[\"" + store + "\"],\"sources\":[\"chunks\"]}}";
    }

    @Test
    void whatOneKeyKeepsAnotherNeitherSeesNorChanges() {
        String file = file(ANN, "The heron waits at the weir.", false);
        String store = store(ANN, file, false);
        String batch = post(ANN, "/v1/vector_stores/" + store + "/file_batches", "{\"file_ids\":[\"" + file + "\"]}")
                .path("id");
        String own = file(BOB, "Bob's.", false);
        String mine = store(BOB, own, false);
        String files = "/v1/vector_stores/" + store + "/files";
        for (String path : List.of(
                "/v1/files/" + file,
                "/v1/files/" + file + "/content",
                "/v1/vector_stores/" + store,
                files,
                files + "/" + file,
                "/v1/vector_stores/" + store + "/file_batches/" + batch,
                "/v1/vector_stores/" + store + "/file_batches/" + batch + "/files")) {
            by(BOB).get(path).then().statusCode(404);
            by(ANN).get(path).then().statusCode(200);
        }
        for (String path : List.of("/v1/files/" + file, "/v1/vector_stores/" + store, files + "/" + file)) {
            by(BOB).delete(path).then().statusCode(404);
        }
        post(BOB, "/v1/vector_stores/" + store, "{\"name\":\"mine\"}").then().statusCode(404);
        post(BOB, files + "/" + file, "{\"attributes\":{\"a\":1}}").then().statusCode(404);
        post(BOB, files, "{\"file_id\":\"" + own + "\"}").then().statusCode(404);
        post(BOB, "/v1/vector_stores/" + store + "/file_batches/" + batch + "/cancel", "")
                .then()
                .statusCode(404);
        post(BOB, "/v1/vector_stores/" + store + "/search", "{\"query\":\"heron\"}")
                .then()
                .statusCode(404)
                .body("error.code", equalTo("vector_store_not_found"));
        post(BOB, "/v1/chat/completions", chat(store)).then().statusCode(404);
        // Another's file cannot be read by way of one's own store.
        post(BOB, "/v1/vector_stores", "{\"file_ids\":[\"" + file + "\"]}")
                .then()
                .statusCode(404);
        post(BOB, "/v1/vector_stores/" + mine + "/files", "{\"file_id\":\"" + file + "\"}")
                .then()
                .statusCode(404);
        post(BOB, "/v1/vector_stores/" + mine + "/file_batches", "{\"file_ids\":[\"" + file + "\"]}")
                .then()
                .statusCode(404);
        for (String list : List.of("/v1/files", "/v1/vector_stores")) {
            by(BOB).get(list).then().body("data.id", not(hasItem(list.equals("/v1/files") ? file : store)));
            by(ANN).get(list).then().body("data.id", hasItem(list.equals("/v1/files") ? file : store));
        }
        post(ANN, "/v1/chat/completions", chat(store))
                .then()
                .statusCode(200)
                .body("gateway.chunks[0].text", containsString("weir"));
    }

    @Test
    void whatIsSharedIsSearchedByAllAndChangedByItsOwner() {
        String file = file(ANN, "The heron waits at the weir.", true);
        String store = store(ANN, file, true);
        by(BOB).get("/v1/files/" + file + "/content").then().statusCode(200);
        post(BOB, "/v1/vector_stores/" + store + "/search", "{\"query\":\"heron\"}")
                .then()
                .statusCode(200)
                .body("data[0].file_id", equalTo(file));
        by(BOB).delete("/v1/vector_stores/" + store)
                .then()
                .statusCode(404)
                .body("error.message", containsString("shared"));
        by(BOB).delete("/v1/files/" + file).then().statusCode(404);
        post(ANN, "/v1/vector_stores/" + store, "{\"shared\":false}").then().statusCode(200);
        post(BOB, "/v1/vector_stores/" + store + "/search", "{\"query\":\"heron\"}")
                .then()
                .statusCode(404);
        by(ANN).delete("/v1/vector_stores/" + store).then().statusCode(200);
    }

    @Test
    void aFoldersStoreIsEverybodys() {
        for (String key : List.of(ANN, BOB)) {
            await().atMost(Duration.ofMinutes(1))
                    .until(() -> by(key).get("/v1/vector_stores/docs").statusCode() == 200);
        }
    }

    @Test
    void aPageThatMayNotSearchStoresDoesNotReadThemByAChat() {
        String store = store(ANN, file(ANN, "The heron waits at the weir.", false), false);
        String tool = chat(store)
                .replaceFirst(
                        "\"gateway\":.*",
                        "\"tools\":[{\"type\":\"file_search\",\"vector_store_ids\":[\"" + store + "\"]}]}");
        String byDefault = chat(store).replaceFirst(",\"gateway\":.*", "}").replace("phi-4-mini", "gpt-oss-20b");
        for (String body : List.of(chat(store), tool, byDefault)) {
            Response refused = by(ANN).header("Origin", "null")
                    .contentType("application/json")
                    .body(body)
                    .post("/v1/chat/completions");
            refused.then().statusCode(403).body("error.code", equalTo("origin_denied"));
            assertFalse(refused.asString().contains("weir"));
        }
        String search = "\"tools\":[{\"type\":\"file_search\",\"vector_store_ids\":[\"" + store + "\"]}]}";
        Map<String, String> others = Map.of(
                "/v1/responses",
                "{\"model\":\"phi-4-mini\",\"input\":\"heron\"," + search,
                "/v1/messages",
                chat(store).replaceFirst("\\{", "{\"max_tokens\":9,"),
                "/chat/completions",
                chat(store));
        others.forEach((path, body) -> {
            Response refused = by(ANN).header("Origin", "null")
                    .contentType("application/json")
                    .body(body)
                    .post(path);
            assertEquals(403, refused.statusCode(), path + refused.asString());
            assertFalse(refused.asString().contains("weir"), path);
        });
        by(ANN).header("Origin", "null")
                .contentType("application/json")
                .body(byDefault.replace("}]}", "}],\"gateway\":{\"rag\":\"off\"}}"))
                .post("/v1/chat/completions")
                .then()
                .statusCode(200);
        by(ANN).header("Origin", "null")
                .contentType("application/json")
                .body(
                        "{\"model\":\"phi-4-mini\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"gateway\":{\"documents\":[\"x y\"]}}")
                .post("/v1/chat/completions")
                .then()
                .statusCode(200);
        by(ANN).header("Origin", "null")
                .contentType("application/json")
                .body("{\"query\":\"heron\"}")
                .post("/v1/vector_stores/" + store + "/search")
                .then()
                .statusCode(403);
    }
}
