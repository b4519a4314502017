package dev.foundrygateway.retrieval;

import static dev.foundrygateway.retrieval.StoreCalls.chat;
import static dev.foundrygateway.retrieval.StoreCalls.file;
import static dev.foundrygateway.retrieval.StoreCalls.post;
import static dev.foundrygateway.retrieval.StoreCalls.search;
import static dev.foundrygateway.retrieval.StoreCalls.statusOf;
import static dev.foundrygateway.retrieval.StoreCalls.store;
import static dev.foundrygateway.retrieval.StoreCalls.upload;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What goes wrong is told in OpenAI's shape, and nothing is lost by it. */
@QuarkusTest
@QuarkusTestResource(value = RetrievalResource.class, restrictToAnnotatedClass = true)
class BadInputQuarkusTest {
    private static final int MEGABYTE = 1 << 20;

    @BeforeEach
    void forget() {
        RetrievalResource.UPSTREAM.clear();
    }

    @Test
    void anUnknownStoreIsNamedWhereverItStands() {
        search("vs_none", "x")
                .then()
                .statusCode(404)
                .body("error.code", equalTo("vector_store_not_found"))
                .body("error.type", equalTo("invalid_request_error"))
                .body("error.message", containsString("vs_none"));
        chat("phi-4-mini", "x", ",\"gateway\":{\"vector_store_ids\":[\"vs_none\"]}")
                .then()
                .statusCode(404)
                .body("error.code", equalTo("vector_store_not_found"));
        post("/v1/vector_stores", "{\"file_ids\":[\"file-none\"]}")
                .then()
                .statusCode(404)
                .body("error.code", equalTo("file_not_found"));
    }

    @Test
    void anEmptyStoreFindsNothingAndTheModelIsAskedAllTheSame() {
        String store = store();
        search(store, "anything").then().statusCode(200).body("data", empty());
        chat("phi-4-mini", "anything", ",\"gateway\":{\"vector_store_ids\":[\"" + store + "\"]}")
                .then()
                .statusCode(200)
                .header("X-Gateway-Sources", nullValue())
                .body("gateway.sources", empty())
                .body("gateway.support", equalTo(0));
    }

    @Test
    void aQuestionWithoutAHitFindsNothing() {
        String store = store(file("bridge.txt", "The bridge of Oz was built in 1907."));
        search(store, "photosynthesis").then().statusCode(200).body("data", empty());
        search(store, "?!").then().statusCode(200).body("data", empty());
        search(store, "the of").then().statusCode(200).body("data", empty());
        post(
                        "/v1/vector_stores/" + store + "/search",
                        "{\"query\":\"bridge\",\"ranking_options\":{\"score_threshold\":1}}")
                .then()
                .body("data", empty());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            vector_stores              | {"name":5}                                  | name must be a string
            vector_stores              | {"metadata":[]}                             | metadata must be an object
            vector_stores              | {"metadata":{"a":5}}                        | metadata.a must be a string
            vector_stores              | {"expires_after":5}                         | expires_after must be an object
            vector_stores              | {"expires_after":{"days":"7"}}              | expires_after.days must be a whole number
            vector_stores              | {"chunking_strategy":"auto"}                | chunking_strategy must be an object
            vector_stores              | {"file_ids":"x"}                            | file_ids must be a list
            vector_stores              | {"file_ids":["a",[]]}                       | file_ids[1] must be a string
            vector_stores              | {"shared":"yes"}                            | shared must be true or false
            vector_stores              | []                                          | the request body must be an object
            vector_stores              | {"name":                                    | the request body is not JSON, line 1, column 9
            vector_stores/x/search     | {"query":"x","filters":5}                   | filters must be an object
            vector_stores/x/search     | {"query":"x","max_num_results":1.5}         | max_num_results must be a whole number
            vector_stores/x/search     | {"query":"x","rewrite_query":1}             | rewrite_query must be true or false
            vector_stores/x/files      | {"file_id":"x","attributes":5}              | attributes must be an object
            vector_stores/x/file_batches | {"files":[{"file_id":[]}]}                | files[0].file_id must be a string
            vector_stores              | {"metadata":{"language":"klingon"}}         | metadata.language is the language of the store's files: one of arabic, cjk, czech, danish, dutch, english, finnish, french, german, hindi, hungarian, italian, none, norwegian, portuguese, romanian, russian, spanish, swedish, turkish, or a code such as de or pt-BR
            uploads                    | {"bytes":"x"}                               | bytes must be a whole number
            uploads                    | {"filename":"a","bytes":1}                  | purpose is missing; it says what the file is for, such as assistants or user_data
            uploads/x/complete         | {"part_ids":{}}                             | part_ids must be a list
            """)
    void aMemberOfAnotherKindIsNamedWithTheKindThatItMustHave(String path, String body, String message) {
        post("/v1/" + path, body)
                .then()
                .statusCode(400)
                .body("error.message", equalTo(message))
                .body("error.type", equalTo("invalid_request_error"));
    }

    @Test
    void aFileJustOverTheLimitIsRefusedToo() {
        upload("large.txt", new byte[RetrievalResource.MAX_FILE + 1])
                .then()
                .statusCode(413)
                .body("error.param", equalTo("file"))
                .body("error.message", containsString("gateway.retrieval.max-file-size"));
    }

    @Test
    void aFileOfNoBytesIsRefused() {
        upload("a.txt", new byte[0])
                .then()
                .statusCode(400)
                .body("error.message", equalTo("the file is empty"))
                .body("error.param", equalTo("file"));
    }

    @Test
    void moreTextThanIsTakenFailsAndSaysSo() {
        String file = file("long.txt", "word ".repeat(RetrievalResource.MAX_TEXT / 5 + 1));
        statusOf(store(file), file)
                .then()
                .body("status", equalTo("failed"))
                .body("last_error.message", containsString("gateway.retrieval.max-text-length"));
    }

    @Test
    void binaryGarbageFailsWhateverItCallsItself() {
        byte[] garbage = new byte[MEGABYTE];
        new Random(7).nextBytes(garbage);
        List<String> files = new ArrayList<>();
        for (String name : List.of("a.pdf", "b.docx", "c.txt", "d")) {
            files.add(upload(name, garbage).path("id"));
        }
        String store = store(files.toArray(String[]::new));
        for (String file : files) {
            statusOf(store, file)
                    .then()
                    .body("status", equalTo("failed"))
                    .body("last_error.code", equalTo("invalid_file"));
        }
        given().get("/v1/vector_stores/" + store).then().body("file_counts.failed", equalTo(4));
    }

    @Test
    void bombsFailAndTheNextFileIsRead() throws IOException {
        ByteArrayOutputStream zip = new ByteArrayOutputStream();
        try (ZipOutputStream entries = new ZipOutputStream(zip)) {
            entries.putNextEntry(new ZipEntry("bomb.txt"));
            PdfFiles.fill(entries, 40, ' ');
        }
        String archive = upload("bomb.zip", zip.toByteArray()).path("id");
        String dense = upload("dense.pdf", PdfFiles.densePage(3)).path("id");
        String nested = file("deep.json", "[".repeat(500_000));
        String good = file("good.txt", "The walrus sings.");
        String store = store(archive, dense, nested, good);
        for (String bomb : List.of(archive, dense, nested)) {
            statusOf(store, bomb).then().body("status", equalTo("failed"));
        }
        statusOf(store, dense).then().body("last_error.message", containsString("characters"));
        search(store, "walrus").then().body("data.file_id", contains(good));
    }

    @Test
    void aPdfIsRead() throws IOException {
        String file = upload("walrus.pdf", PdfFiles.text("The walrus weighs 1200 kg."))
                .path("id");
        search(store(file), "how heavy is the walrus")
                .then()
                .body("data[0].content[0].text", containsString("1200 kg"));
    }

    @ParameterizedTest
    @CsvSource({
        "../../etc/passwd, passwd",
        "/etc/shadow, shadow",
        "C:\\\\temp\\\\notes.md, notes.md",
        ".., file",
        "a/.., file"
    })
    void aNameIsItsLastPart(String name, String kept) {
        upload(name, "text".getBytes(java.nio.charset.StandardCharsets.UTF_8))
                .then()
                .statusCode(200)
                .body("filename", equalTo(kept));
    }

    @Test
    void idsThatArePathsReachNoFile() {
        for (String id : List.of("..%2F..%2Fetc%2Fpasswd", "file-..", "%2e%2e")) {
            given().urlEncodingEnabled(false)
                    .get("/v1/files/" + id + "/content")
                    .then()
                    .statusCode(404);
        }
    }

    @Test
    void theSameFileTwiceIsThereOnce() {
        String file = file("twice.txt", "Cormorants dive.");
        String store = store(file);
        for (int i = 0; i < 2; i++) {
            post("/v1/vector_stores/" + store + "/files", "{\"file_id\":\"" + file + "\"}")
                    .then()
                    .statusCode(200);
        }
        StoreCalls.awaitIngest(store);
        search(store, "cormorants").then().body("data", hasSize(1));
        given().get("/v1/vector_stores/" + store).then().body("file_counts.total", equalTo(1));
    }

    @Test
    void deletionDuringSearchesEndsInResultsOrNotFound() {
        String store = store(file("heron.txt", "Herons wait."));
        List<CompletableFuture<Integer>> searches = new ArrayList<>();
        for (int i = 0; i < 24; i++) {
            searches.add(
                    CompletableFuture.supplyAsync(() -> search(store, "herons").statusCode()));
        }
        given().delete("/v1/vector_stores/" + store).then().statusCode(200);
        for (CompletableFuture<Integer> search : searches) {
            int status = search.join();
            assertTrue(status == 200 || status == 404, "status " + status);
        }
        search(store, "herons").then().statusCode(404);
    }

    @Test
    void noCallSeesTheDocumentsOfAnother() {
        List<CompletableFuture<String>> calls = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            String more = i % 2 == 0
                    ? ",\"gateway\":{\"documents\":[\"The code of vault v" + i + " is s3cret" + i + ".\"]}"
                    : "";
            calls.add(CompletableFuture.supplyAsync(() ->
                    chat("phi-4-mini", "What is the code of the vault?", more).asString()));
        }
        calls.forEach(CompletableFuture::join);
        int grounded = 0;
        for (var request : RetrievalResource.UPSTREAM.received()) {
            if (request.path().endsWith("/chat/completions")) {
                String sent = request.json().encode();
                int secrets = sent.split("s3cret", -1).length - 1;
                assertTrue(secrets <= 1, sent);
                grounded += secrets;
            }
        }
        assertEquals(6, grounded);
        chat("phi-4-mini", "What is the code of the vault?", "").then().body("gateway", nullValue());
    }

    @Test
    void wrongMembersAreNamed() {
        chat("phi-4-mini", "x", ",\"tools\":[{\"type\":\"file_search\",\"vector_store_ids\":\"docs\"}]")
                .then()
                .statusCode(400)
                .body("error.message", containsString("vector_store_ids"));
        chat("phi-4-mini", "x", ",\"gateway\":{\"documents\":[{\"title\":\"t\"}]}")
                .then()
                .statusCode(400)
                .body("error.message", containsString("gateway.documents[0]"));
        post("/v1/vector_stores/docs/search", "{\"query\":\"x\",\"max_num_results\":51}")
                .then()
                .statusCode(400)
                .body("error.param", equalTo("max_num_results"));
        post(
                        "/v1/vector_stores/docs/search",
                        "{\"query\":\"x\",\"filters\":{\"type\":\"like\",\"key\":\"a\",\"value\":1}}")
                .then()
                .statusCode(400)
                .body("error.message", containsString("filter"));
        String store = store();
        post("/v1/vector_stores/" + store + "/files", "{\"file_id\":\"file-none\"}")
                .then()
                .statusCode(404)
                .body("error.code", equalTo("file_not_found"));
        assertFalse(given().get("/v1/vector_stores/" + store)
                .path("file_counts.total")
                .equals(1));
    }

    @Test
    void whatIsTooLongOrTooManyIsNamed() {
        String nested = "<s".repeat(15_000);
        given().get("/v1/files/" + nested.substring(0, 300))
                .then()
                .statusCode(400)
                .body("error.param", equalTo("file_id"));
        chat("phi-4-mini", "x", ",\"gateway\":{\"vector_store_ids\":[\"" + nested + "\"]}")
                .then()
                .statusCode(400)
                .body("error.param", equalTo("gateway.vector_store_ids"));
        chat("phi-4-mini", "x", ",\"tools\":[{\"type\":\"file_search\",\"vector_store_ids\":[\"" + nested + "\"]}]")
                .then()
                .statusCode(400)
                .body("error.param", equalTo("tools[].vector_store_ids"));
        chat("phi-4-mini", "x", ",\"gateway\":{\"documents\":[{\"title\":\"" + nested + "\",\"text\":\"y\"}]}")
                .then()
                .statusCode(400)
                .body("error.param", equalTo("gateway.documents[0].title"));
        chat("phi-4-mini", "x", ",\"gateway\":{\"documents\":[\"y\"" + ",\"y\"".repeat(2_000) + "]}")
                .then()
                .statusCode(400)
                .body("error.param", equalTo("gateway.documents"));
        post("/v1/vector_stores/docs/search", "{\"query\":[\"y\"" + ",\"y\"".repeat(3_000) + "]}")
                .then()
                .statusCode(400)
                .body("error.param", equalTo("query"));
        post("/v1/vector_stores", "{\"name\":\"" + nested + "\"}")
                .then()
                .statusCode(400)
                .body("error.param", equalTo("name"));
        post("/v1/vector_stores", "{\"metadata\":{\"a\":\"" + nested + "\"}}")
                .then()
                .statusCode(400)
                .body("error.param", equalTo("metadata"));
    }

    @Test
    void nullsAndWordsInPlacesOfNumbersAreNamed() {
        String store = store();
        post("/v1/vector_stores/" + store + "/file_batches", "{\"files\":[null]}")
                .then()
                .statusCode(400)
                .body("error.param", equalTo("files"));
        post("/v1/vector_stores/" + store + "/file_batches", "{\"file_ids\":[null]}")
                .then()
                .statusCode(400)
                .body("error.param", equalTo("file_ids"));
        post("/v1/vector_stores", "{\"file_ids\":[null]}")
                .then()
                .statusCode(400)
                .body("error.param", equalTo("file_ids"));
        for (String path : List.of("/v1/vector_stores", "/v1/vector_stores/" + store)) {
            post(path, "{\"metadata\":{\"a\":null}}").then().statusCode(400).body("error.param", equalTo("metadata"));
            String language = "{\"metadata\":{\"language\":\"%s\"}}";
            post(path, language.formatted("x"))
                    .then()
                    .statusCode(400)
                    .body("error.param", equalTo("metadata.language"));
            for (String known : List.of("German", "de-AT", "polish", "")) {
                post(path, language.formatted(known)).then().statusCode(200);
            }
        }
        post(
                        "/v1/vector_stores/" + store + "/search",
                        "{\"query\":\"x\",\"filters\":{\"type\":\"and\",\"filters\":[null]}}")
                .then()
                .statusCode(400)
                .body("error.param", equalTo("filters"));
        for (String list : List.of("/v1/files", "/v1/vector_stores", "/v1/vector_stores/" + store + "/files")) {
            for (String limit : List.of("abc", "1.5", "0", "-1", "99999999999")) {
                given().queryParam("limit", limit)
                        .get(list)
                        .then()
                        .statusCode(400)
                        .body("error.param", equalTo("limit"));
            }
            given().queryParam("after", "nobody")
                    .get(list)
                    .then()
                    .statusCode(400)
                    .body("error.param", equalTo("after"));
        }
    }
}
