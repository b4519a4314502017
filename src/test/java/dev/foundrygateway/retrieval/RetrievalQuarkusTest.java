package dev.foundrygateway.retrieval;

import static io.restassured.RestAssured.given;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.foundrygateway.practice.Script;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Retrieval through the whole gateway, against a scripted upstream. */
@QuarkusTest
@QuarkusTestResource(value = RetrievalResource.class, restrictToAnnotatedClass = true)
class RetrievalQuarkusTest {
    private static final String DOCUMENTS =
            "\"gateway\":{\"documents\":[\"Cats sleep.\",{\"title\":\"Towers\",\"text\":\"The tower is 91 m high.\",\"url\":\"http://t/1\"}],\"sources\":[\"annotations\",\"chunks\"]}";
    private static final String MESSAGES =
            "\"messages\":[{\"role\":\"system\",\"content\":\"Be brief.\"},{\"role\":\"user\",\"content\":\"How high is the tower?\"}]";

    @BeforeEach
    void forget() {
        RetrievalResource.UPSTREAM.clear();
    }

    @Test
    void documentsOfARequestReachTheModelAndComeBackAsSources() {
        Response reply = chat("{\"model\":\"phi-4-mini\"," + MESSAGES + ",\"x\":1.50," + DOCUMENTS + "}");
        reply.then()
                .statusCode(200)
                .header("X-Gateway-Sources", "doc-1#0, doc-0#0")
                .body("gateway.sources[0].title", equalTo("Towers"))
                .body("gateway.chunks", hasSize(2))
                .body("choices[0].message.annotations[0].url_citation.url", equalTo("http://t/1"));
        assertTrue(reply.header("Server-Timing").contains("retrieval;dur="));
        JsonObject sent = sent();
        assertFalse(sent.containsKey("gateway"));
        assertEquals(1.5, sent.getDouble("x"));
        assertTrue(message(sent, 0).startsWith("Be brief.\n\nAnswer"), message(sent, 0));
        assertTrue(message(sent, 1).contains("[1] Towers\nThe tower is 91 m high."), message(sent, 1));
        assertTrue(message(sent, 1).endsWith("Question: How high is the tower?"));
    }

    @Test
    void aStreamCarriesItsSourcesOnTheChunkThatEndsTheAnswer() {
        String events = chat("{\"model\":\"phi-4-mini\",\"stream\":true," + MESSAGES + "," + DOCUMENTS + "}")
                .then()
                .statusCode(200)
                .header("X-Gateway-Sources", "doc-1#0, doc-0#0")
                .extract()
                .asString();
        assertTrue(events.stripTrailing().endsWith("data: [DONE]"), events);
        String last = events.lines()
                .filter(line -> line.contains("\"annotations\""))
                .findFirst()
                .orElse("");
        JsonObject chunk = new JsonObject(last.substring("data: ".length()));
        assertEquals(1, chunk.getJsonArray("choices").size());
        assertTrue(chunk.getJsonObject("gateway").getDouble("support") > 0);
    }

    @Test
    void citationsAreCheckedAgainstTheSourcesAndGetTheirPlaces() {
        RetrievalResource.UPSTREAM.script(
                Script.start()
                        .json(
                                200,
                                "{\"choices\":[{\"finish_reason\":\"stop\",\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"91 m [1], they say [7].\"}}],\"object\":\"chat.completion\",\"id\":\"c\"}"));
        chat("{\"model\":\"phi-4-mini\"," + MESSAGES + "," + DOCUMENTS + "}")
                .then()
                .body("gateway.sources.cited", contains(true, false))
                .body("gateway.unknown_citations", contains(7))
                .body("choices[0].message.annotations", hasSize(1))
                .body("choices[0].message.annotations[0].url_citation.start_index", equalTo(5))
                .body("choices[0].message.annotations[0].url_citation.end_index", equalTo(8));
    }

    @Test
    void aStreamsCitationsAreReadOverItsChunks() {
        RetrievalResource.UPSTREAM.script(Script.start().stream()
                .event(chunk("91 m [", "null"))
                .event(chunk("1].", "null"))
                .event(chunk("", "\"stop\""))
                .done()
                .end());
        String events = chat("{\"model\":\"phi-4-mini\",\"stream\":true," + MESSAGES + "," + DOCUMENTS + "}")
                .asString();
        assertTrue(events.contains("\"start_index\":5,\"end_index\":8"), events);
        assertTrue(events.contains("\"cited\":true"), events);
    }

    private static String chunk(String text, String finish) {
        return "{\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\""
                + text + "\"},\"finish_reason\":" + finish + "}]}";
    }

    @Test
    void aRequestWithRetrievalOffIsAnsweredWithoutSources() {
        Response reply = given().contentType("application/json")
                .header("X-Gateway-Rag", "off")
                .body("{\"model\":\"phi-4-mini\"," + MESSAGES + "," + DOCUMENTS + "}")
                .post("/v1/chat/completions");
        reply.then().statusCode(200);
        assertEquals("How high is the tower?", message(sent(), 1));
    }

    @Test
    void anUnknownStoreIsNamed() {
        chat("{\"model\":\"phi-4-mini\"," + MESSAGES
                        + ",\"tools\":[{\"type\":\"file_search\",\"vector_store_ids\":[\"vs_none\"]}]}")
                .then()
                .statusCode(404)
                .body("error.code", equalTo("vector_store_not_found"));
    }

    @Test
    void aStoreIsFilledSearchedAndAskedByTheToolAndDeleted() {
        String file = upload("../../etc/facts.txt", "The bridge of Oz was built in 1907 by Elphaba.");
        given().get("/v1/files/" + file).then().body("filename", equalTo("facts.txt"));
        String store = post("/v1/vector_stores", "{\"name\":\"facts\"}").path("id");
        post("/v1/vector_stores/" + store + "/files", "{\"file_id\":\"" + file + "\",\"attributes\":{\"year\":2024}}")
                .then()
                .statusCode(200)
                .body("object", equalTo("vector_store.file"));
        await().until(() -> given().get("/v1/vector_stores/" + store)
                .path("file_counts.completed")
                .equals(1));
        post("/v1/vector_stores/" + store + "/search", "{\"query\":\"who built the bridge?\"}")
                .then()
                .body("data[0].file_id", equalTo(file))
                .body("data[0].content[0].text", startsWith("The bridge"));
        post(
                        "/v1/vector_stores/" + store + "/search",
                        "{\"query\":\"bridge\",\"filters\":{\"type\":\"gt\",\"key\":\"year\",\"value\":2024}}")
                .then()
                .body("data", hasSize(0));
        chat("{\"model\":\"phi-4-mini\",\"messages\":[{\"role\":\"user\",\"content\":\"When was the bridge built?\"}],"
                        + "\"tool_choice\":\"auto\",\"tools\":[{\"type\":\"file_search\",\"vector_store_ids\":[\""
                        + store
                        + "\"]}]}")
                .then()
                .statusCode(200)
                .header("X-Gateway-Sources", file + "#0");
        assertFalse(sent().containsKey("tools"));
        assertFalse(sent().containsKey("tool_choice"));
        given().delete("/v1/files/" + file).then().body("deleted", equalTo(true));
        post("/v1/vector_stores/" + store + "/search", "{\"query\":\"bridge\"}")
                .then()
                .body("data", hasSize(0));
        given().delete("/v1/vector_stores/" + store).then().body("object", equalTo("vector_store.deleted"));
        given().get("/v1/vector_stores/" + store)
                .then()
                .statusCode(404)
                .body("error.type", equalTo("invalid_request_error"));
    }

    @Test
    void aFolderIsAStoreAndAModelsDefault() {
        await().until(() ->
                "completed".equals(given().get("/v1/vector_stores/docs/files").path("data[0].status")));
        chat("{\"model\":\"gpt-oss-20b\",\"messages\":[{\"role\":\"user\",\"content\":\"How far away is the Moon?\"}]}")
                .then()
                .statusCode(200)
                .body("gateway.sources[0].title", equalTo("The Moon"))
                .body("gateway.sources[0].heading", equalTo("The Moon > Distance"));
        given().delete("/v1/vector_stores/docs").then().statusCode(400);
    }

    @Test
    void garbageThatCallsItselfPdfFailsAndSaysSo() {
        String file = upload("broken.pdf", "%PDF-1.7 \u0000 no pdf at all");
        String store =
                post("/v1/vector_stores", "{\"file_ids\":[\"" + file + "\"]}").path("id");
        await().until(() -> "failed"
                .equals(given().get("/v1/vector_stores/" + store + "/files/" + file)
                        .path("status")));
        given().get("/v1/vector_stores/" + store + "/files/" + file)
                .then()
                .body("last_error.code", equalTo("invalid_file"));
        String zip = upload("a.zip", "PK");
        post("/v1/vector_stores/" + store + "/files", "{\"file_id\":\"" + zip + "\"}")
                .then()
                .statusCode(200);
        await().until(() -> "unsupported_file"
                .equals(given().get("/v1/vector_stores/" + store + "/files/" + zip)
                        .path("last_error.code")));
        post("/v1/vector_stores", "{\"chunking_strategy\":{\"type\":\"bogus\"}}")
                .then()
                .statusCode(400)
                .body("error.param", equalTo("chunking_strategy"));
    }

    @Test
    void wrongRequestsAreToldInOpenAisShape() {
        post("/v1/vector_stores", "{no json")
                .then()
                .statusCode(400)
                .body("error.type", equalTo("invalid_request_error"));
        given().get("/v1/vector_stores/x/y/z").then().statusCode(404).body("error.code", equalTo("not_found"));
        given().get("/v1/files/file-0").then().statusCode(404).body("error.code", equalTo("file_not_found"));
    }

    @Test
    void listsComeInPages() {
        String one = upload("page-a.txt", "a");
        String two = upload("page-b.txt", "b");
        Response all = given().get("/v1/files?order=asc");
        assertTrue(all.jsonPath().getList("data.id").containsAll(List.of(one, two)));
        given().get("/v1/files?limit=1&order=asc")
                .then()
                .body("data", hasSize(1))
                .body("has_more", equalTo(true));
        given().get("/v1/files?order=asc&limit=1&after=" + all.path("data[0].id"))
                .then()
                .body("data.id", contains((String) all.path("data[1].id")));
    }

    private static Response chat(String body) {
        return post("/v1/chat/completions", body);
    }

    private static Response post(String path, String body) {
        return given().contentType("application/json").body(body).post(path);
    }

    private static String store(String file) {
        String store =
                post("/v1/vector_stores", "{\"file_ids\":[\"" + file + "\"]}").path("id");
        await().until(() -> given().get("/v1/vector_stores/" + store)
                .path("file_counts.completed")
                .equals(1));
        return store;
    }

    @Test
    void aRequestsDocumentsThatMatchNothingTakeNoRoomFromAStore() {
        String file = upload("ferry.txt", "The ferry to Orland leaves from pier 4 every morning.");
        String lilies = "\"" + "The abbey has roses, lilies and herbs that monks water. ".repeat(150) + "\"";
        chat("{\"model\":\"phi-4-mini\",\"messages\":[{\"role\":\"user\",\"content\":\"From which pier does the ferry to Orland leave?\"}],\"gateway\":{\"documents\":["
                        + lilies + "," + lilies + "],\"max_num_results\":3,\"vector_store_ids\":[\"" + store(file)
                        + "\"]}}")
                .then()
                .statusCode(200)
                .header("X-Gateway-Sources", startsWith(file + "#0, doc-0#"));
        assertTrue(message(sent(), 1).contains("pier 4"));
    }

    @Test
    void anAgentsNextStepBeginsWithTheWholeStepBefore() {
        String asked = "{\"role\":\"user\",\"content\":\"How high is the tower?\"}";
        String step =
                "{\"role\":\"assistant\",\"content\":null,\"tool_calls\":[{\"id\":\"c1\",\"type\":\"function\",\"function\":{\"name\":\"w\",\"arguments\":\"{}\"}}]},"
                        + "{\"role\":\"tool\",\"tool_call_id\":\"c1\",\"content\":\"sunny\"}";
        chat("{\"model\":\"phi-4-mini\",\"messages\":[" + asked + "]," + DOCUMENTS + "}")
                .then()
                .statusCode(200);
        JsonArray first = sent().getJsonArray("messages");
        chat("{\"model\":\"phi-4-mini\",\"messages\":[" + asked + "," + step + "]," + DOCUMENTS + "}")
                .then()
                .statusCode(200);
        JsonArray second = sent().getJsonArray("messages");
        assertEquals(4, second.size());
        assertEquals(first.getJsonObject(0), second.getJsonObject(0));
        assertEquals(first.getJsonObject(1), second.getJsonObject(1));
        chat("{\"model\":\"phi-4-mini\",\"messages\":[" + asked.replace("tower", "wall") + "]," + DOCUMENTS + "}")
                .then()
                .statusCode(200);
        assertNotEquals(code(first), code(sent().getJsonArray("messages")));
    }

    /** What ends the delimiters of its sources. */
    private static String code(JsonArray messages) {
        String asked = messages.getJsonObject(1).getString("content");
        return asked.substring(asked.indexOf("<sources-"), asked.indexOf('>'));
    }

    @Test
    void whatAClientLeavesUnsetIsAbsentAndAFunctionOfSuchANameIsChosen() {
        String store = store(upload("ferry.txt", "The ferry leaves from pier 4."));
        String function =
                "{\"type\":\"function\",\"function\":{\"name\":\"file_search_docs\",\"parameters\":{\"type\":\"object\",\"properties\":{}}}}";
        String choice = "{\"type\":\"function\",\"function\":{\"name\":\"file_search_docs\"}}";
        for (String unset : List.of("\"filters\":{}", "\"filters\":null")) {
            String options = "\"max_num_results\":null,\"ranking_options\":null," + unset;
            chat("{\"model\":\"phi-4-mini\",\"messages\":[{\"role\":\"user\",\"content\":\"ferry?\"}],\"tool_choice\":"
                            + choice
                            + ",\"tools\":[" + function + ",{\"type\":\"file_search\",\"vector_store_ids\":[\"" + store
                            + "\"],"
                            + options + "}]}")
                    .then()
                    .statusCode(200);
            assertEquals(new JsonObject(choice), sent().getJsonObject("tool_choice"));
            post("/v1/vector_stores/" + store + "/search", "{\"query\":\"ferry\"," + options + "}")
                    .then()
                    .statusCode(200)
                    .body("data", hasSize(1));
        }
        chat("{\"model\":\"phi-4-mini\",\"messages\":[{\"role\":\"user\",\"content\":\"ferry?\"}],\"tool_choice\":{\"type\":\"file_search\"},\"tools\":["
                        + function + ",{\"type\":\"file_search\",\"vector_store_ids\":[\"" + store + "\"]}]}")
                .then()
                .statusCode(200);
        assertFalse(sent().containsKey("tool_choice"));
    }

    @Test
    void whoDeletesWhatAListShowsGoesOnBehindIt() {
        List<String> files = new ArrayList<>();
        List<String> stores = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            files.add(upload("gone-" + i + ".txt", "text " + i));
            stores.add(post("/v1/vector_stores", "{\"name\":\"gone\"}").path("id"));
        }
        String store = post("/v1/vector_stores", "{\"file_ids\":[\"" + String.join("\",\"", files) + "\"]}")
                .path("id");
        given().delete("/v1/vector_stores/" + stores.get(3));
        given().delete("/v1/vector_stores/" + stores.get(2));
        // The newest of the two that are left; another one that is newer is not behind it.
        given().get("/v1/vector_stores?limit=1&after=" + stores.get(2))
                .then()
                .statusCode(200)
                .body("data.id", contains(stores.get(1)));
        given().get("/v1/vector_stores?limit=1&order=asc&after=" + stores.get(3))
                .then()
                .body("data.id", contains(store));
        String inStore = "/v1/vector_stores/" + store + "/files";
        given().delete(inStore + "/" + files.get(0)).then().statusCode(200);
        given().delete("/v1/files/" + files.get(1)).then().statusCode(200);
        for (String list : List.of("/v1/files", inStore)) {
            given().get(list + "?limit=1&order=asc&after=" + files.get(1))
                    .then()
                    .statusCode(200)
                    .body("data.id", contains(files.get(2)));
        }
        given().get(inStore + "?after=" + files.get(1)).then().statusCode(200).body("data", hasSize(0));
        given().get(inStore + "?after=file-none").then().statusCode(400).body("error.param", equalTo("after"));
    }

    @Test
    void aPlaceIsFoundWhateverIsFilteredAndAFileIsOnceInABatch() {
        String one = upload("one.txt", "one");
        String two = upload("two.txt", "two");
        String store = store(one);
        given().get("/v1/vector_stores/" + store + "/files?filter=in_progress&limit=1&after=" + one)
                .then()
                .statusCode(200)
                .body("data", hasSize(0));
        String batch = post(
                        "/v1/vector_stores/" + store + "/file_batches",
                        "{\"file_ids\":[\"" + one + "\",\"" + one + "\",\"" + two + "\"]}")
                .path("id");
        String path = "/v1/vector_stores/" + store + "/file_batches/" + batch;
        given().get(path).then().body("file_counts.total", equalTo(2));
        given().get(path + "/files?order=asc&limit=1&after=" + one)
                .then()
                .body("data.id", contains(two))
                .body("has_more", equalTo(false));
    }

    private static String upload(String name, String text) {
        return given().multiPart("file", name, text.getBytes(StandardCharsets.UTF_8))
                .multiPart("purpose", "assistants")
                .post("/v1/files")
                .then()
                .statusCode(200)
                .extract()
                .path("id");
    }

    private static JsonObject sent() {
        var received = RetrievalResource.UPSTREAM.received().stream()
                .filter(request -> request.path().endsWith("/chat/completions"))
                .toList();
        return received.get(received.size() - 1).json();
    }

    private static String message(JsonObject sent, int index) {
        return sent.getJsonArray("messages").getJsonObject(index).getString("content");
    }
}
