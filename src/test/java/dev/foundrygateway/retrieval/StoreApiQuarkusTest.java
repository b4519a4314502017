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
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.foundrygateway.retrieval.read.Archives;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files, uploads and stores as OpenAI's clients use them. */
@QuarkusTest
@QuarkusTestResource(value = RetrievalResource.class, restrictToAnnotatedClass = true)
class StoreApiQuarkusTest {
    private static Response form(String disposition, byte[] content) {
        String head =
                "--cut\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\nassistants\r\n--cut\r\nContent-Disposition: form-data; name=\"file\"; "
                        + disposition + "\r\n\r\n";
        byte[] start = head.getBytes(StandardCharsets.UTF_8);
        byte[] end = "\r\n--cut--\r\n".getBytes(StandardCharsets.UTF_8);
        byte[] body = new byte[start.length + content.length + end.length];
        System.arraycopy(start, 0, body, 0, start.length);
        System.arraycopy(content, 0, body, start.length, content.length);
        System.arraycopy(end, 0, body, start.length + content.length, end.length);
        return given().contentType("multipart/form-data; boundary=cut")
                .config(io.restassured.RestAssured.config()
                        .encoderConfig(io.restassured.config.EncoderConfig.encoderConfig()
                                .encodeContentTypeAs("multipart/form-data", io.restassured.http.ContentType.BINARY)))
                .body(body)
                .post("/v1/files");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '#',
            value = {
                "filename=\"the \\\"blue\\\" book.md\" | the \"blue\" book.md",
                "filename=\"the %22blue%22 book.md\" | the \"blue\" book.md",
                "filename=\"a\\\\b.md\" | b.md",
                "filename=\"C:\\temp\\notes.md\" | notes.md",
                "filename=\"100%.md\" | 100%.md",
                "filename=\"T\u00fcrme.md\" | T\u00fcrme.md",
                "filename=\"\u8bf7\u5047.md\" | \u8bf7\u5047.md",
                "filename=\"x.md\"; filename*=UTF-8''T%C3%BCrme%20%22a%22.md | T\u00fcrme \"a\".md",
                "filename=plain.md | plain.md",
                "filename=\"a;b.md\" | a;b.md"
            })
    void aNameIsKeptHoweverItsFormEscapesIt(String disposition, String name) {
        form(disposition, "text".getBytes(StandardCharsets.UTF_8))
                .then()
                .statusCode(200)
                .body("filename", equalTo(name));
    }

    @Test
    void aWordDocumentIsFoundByItsText() {
        String id = upload("handbook.docx", Archives.docx(Archives.p("Leave requests are signed by the team lead.")))
                .path("id");
        String store = store(id);
        statusOf(store, id).then().body("status", equalTo("completed"));
        search(store, "Who signs leave requests?").then().body("data[0].filename", equalTo("handbook.docx"));
    }

    @Test
    void aRequestBringsItsFilesAlong() {
        String data = Base64.getEncoder()
                .encodeToString(Archives.docx(Archives.p("Leave requests are signed by the team lead.")));
        for (String prefix : List.of("", "data:application/octet-stream;base64,")) {
            chat(
                            "phi-4-mini",
                            "Who signs leave requests?",
                            ",\"gateway\":{\"documents\":[{\"filename\":\"handbook.docx\",\"file_data\":\"" + prefix
                                    + data + "\"}],\"sources\":[\"chunks\"]}")
                    .then()
                    .statusCode(200)
                    .body("gateway.sources[0].title", equalTo("handbook.docx"))
                    .body("gateway.chunks[0].text", containsString("team lead"));
        }
        for (String file : List.of(
                "{\"filename\":\"a.docx\",\"file_data\":\"AAAA\"}",
                "{\"filename\":\"a.zip\",\"file_data\":\"AAAA\"}")) {
            chat("phi-4-mini", "x", ",\"gateway\":{\"documents\":[\"y\"," + file + "]}")
                    .then()
                    .statusCode(400)
                    .body("error.param", equalTo("gateway.documents[1].file_data"));
        }
        chat("phi-4-mini", "x", ",\"gateway\":{\"documents\":[{\"filename\":\"a.docx\"}]}")
                .then()
                .statusCode(400)
                .body("error.message", containsString("file_data"));
    }

    @Test
    void aFilesTextIsShown() {
        String good = file("tower.md", "# Towers\n\nThe tower is 91 m high.\n\n# Piers\n\nOpen at eight.");
        String bad = file("bad.json", "{");
        String store = store(good, bad);
        given().get("/v1/vector_stores/" + store + "/files/" + good + "/content")
                .then()
                .statusCode(200)
                .body("object", equalTo("vector_store.file_content.page"))
                .body("data.type", contains("text", "text"))
                .body("data.text", contains("The tower is 91 m high.", "Open at eight."))
                .body("has_more", equalTo(false));
        given().get("/v1/vector_stores/" + store + "/files/" + bad + "/content")
                .then()
                .statusCode(400)
                .body("error.message", containsString("JSON"));
        given().get("/v1/vector_stores/" + store + "/files/file-none/content")
                .then()
                .statusCode(404);
    }

    @Test
    void pagesAreInTheOrderOfUpload() {
        List<String> sent = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            sent.add(given().multiPart("file", "n" + i + ".txt", "text".getBytes(StandardCharsets.UTF_8))
                    .multiPart("purpose", "paging")
                    .post("/v1/files")
                    .path("id"));
        }
        List<String> stores = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            stores.add(post("/v1/vector_stores", "{\"name\":\"s\"}").path("id"));
        }
        Collections.reverse(stores);
        assertEquals(stores, given().get("/v1/vector_stores?limit=3").path("data.id"));
        assertEquals(sent, paged("asc"));
        List<String> newest = new ArrayList<>(sent);
        Collections.reverse(newest);
        assertEquals(newest, paged("desc"));
        given().get("/v1/files?purpose=paging&after=file-0123")
                .then()
                .statusCode(400)
                .body("error.param", equalTo("after"))
                .body("error.message", containsString("file-0123"));
        given().get("/v1/files?order=up").then().statusCode(400).body("error.param", equalTo("order"));
    }

    private static List<String> paged(String order) {
        List<String> seen = new ArrayList<>();
        String after = "";
        boolean more = true;
        while (more) {
            Response page = given().get("/v1/files?purpose=paging&limit=3&order=" + order + after);
            List<String> ids = page.path("data.id");
            assertEquals(ids.get(ids.size() - 1), page.path("last_id"));
            seen.addAll(ids);
            after = "&after=" + ids.get(ids.size() - 1);
            more = page.path("has_more");
        }
        return seen;
    }

    @Test
    void filesExpireAndStoresMayStopTo() {
        Response sent = given().multiPart("file", "a.txt", "text".getBytes(StandardCharsets.UTF_8))
                .multiPart("purpose", "assistants")
                .multiPart("expires_after[anchor]", "created_at")
                .multiPart("expires_after[seconds]", "3600")
                .post("/v1/files");
        assertEquals(3_600, sent.<Integer>path("expires_at") - sent.<Integer>path("created_at"));
        for (String seconds : List.of("3599", "2592001", "x")) {
            given().multiPart("file", "a.txt", "text".getBytes(StandardCharsets.UTF_8))
                    .multiPart("purpose", "assistants")
                    .multiPart("expires_after[anchor]", "created_at")
                    .multiPart("expires_after[seconds]", seconds)
                    .post("/v1/files")
                    .then()
                    .statusCode(400)
                    .body("error.param", equalTo("expires_after"));
        }
        Response made = post(
                "/v1/vector_stores",
                "{\"description\":\"Of the house\",\"expires_after\":{\"anchor\":\"last_active_at\",\"days\":7}}");
        made.then().body("description", equalTo("Of the house")).body("expires_after.days", equalTo(7));
        String path = "/v1/vector_stores/" + made.path("id");
        post(path, "{\"name\":\"x\"}").then().body("expires_after.days", equalTo(7));
        post(path, "{\"expires_after\":null}")
                .then()
                .statusCode(200)
                .body("expires_after", nullValue())
                .body("expires_at", nullValue())
                .body("description", equalTo("Of the house"));
        post(path, "{\"expires_after\":{\"anchor\":\"created_at\",\"days\":7}}")
                .then()
                .statusCode(400);
        given().get(path).then().body("name", equalTo("x")).body("expires_after", nullValue());
    }

    @Test
    void aFileComesInParts() {
        Response begun = post(
                "/v1/uploads",
                "{\"filename\":\"long.txt\",\"bytes\":23,\"mime_type\":\"text/plain\",\"purpose\":\"assistants\"}");
        begun.then()
                .statusCode(200)
                .body("object", equalTo("upload"))
                .body("status", equalTo("pending"))
                .body("id", startsWith("upload_"));
        String path = "/v1/uploads/" + begun.path("id");
        String second =
                part(path, "is 91 m high.").then().statusCode(200).extract().path("id");
        String first = part(path, "The tower ")
                .then()
                .body("object", equalTo("upload.part"))
                .extract()
                .path("id");
        part(path, "x").then().statusCode(400).body("error.param", equalTo("data"));
        String ids = "{\"part_ids\":[\"" + first + "\",\"" + second + "\"]";
        post(path + "/complete", "{\"part_ids\":[\"" + first + "\"]}").then().statusCode(400);
        post(path + "/complete", "{\"part_ids\":[\"part_none\"]}").then().statusCode(400);
        post(path + "/complete", ids + ",\"md5\":\"00\"}")
                .then()
                .statusCode(400)
                .body("error.param", equalTo("md5"));
        Response done = post(path + "/complete", ids + "}");
        done.then()
                .statusCode(200)
                .body("status", equalTo("completed"))
                .body("file.filename", equalTo("long.txt"))
                .body("file.bytes", equalTo(23));
        assertEquals(
                "The tower is 91 m high.",
                given().get("/v1/files/" + done.path("file.id") + "/content").asString());
        post(path + "/complete", ids + "}").then().statusCode(400);
        part(path, "x").then().statusCode(400);
    }

    private static Response part(String path, String content) {
        return given().multiPart("data", "part", content.getBytes(StandardCharsets.UTF_8))
                .post(path + "/parts");
    }

    @Test
    void anUploadIsCancelledAndABadOneNamesItsField() {
        String path = "/v1/uploads/"
                + post("/v1/uploads", "{\"filename\":\"a.txt\",\"bytes\":3,\"purpose\":\"assistants\"}")
                        .path("id");
        post(path + "/cancel", "").then().statusCode(200).body("status", equalTo("cancelled"));
        post(path + "/complete", "{\"part_ids\":[]}").then().statusCode(400);
        post("/v1/uploads", "{\"bytes\":3}").then().statusCode(400).body("error.param", equalTo("filename"));
        post("/v1/uploads", "{\"filename\":\"a\",\"bytes\":0,\"purpose\":\"assistants\"}")
                .then()
                .statusCode(400)
                .body("error.param", equalTo("bytes"));
        post("/v1/uploads", "{\"filename\":\"a\",\"bytes\":99999999999,\"purpose\":\"assistants\"}")
                .then()
                .statusCode(413)
                .body("error.param", equalTo("bytes"));
        post("/v1/uploads/upload_0/cancel", "").then().statusCode(404);
    }

    @Test
    void whatClientsSayOfRankingIsTakenOrNamed() {
        String store = store(file("heron.txt", "Herons wait at the weir."));
        String path = "/v1/vector_stores/" + store + "/search";
        post(
                        path,
                        "{\"query\":\"herons\",\"rewrite_query\":true,\"ranking_options\":{\"ranker\":\"auto\",\"score_threshold\":0.0,\"hybrid_search\":{\"embedding_weight\":0.4,\"text_weight\":0.6}}}")
                .then()
                .statusCode(200)
                .body("search_query", contains("herons"))
                .body("data.size()", equalTo(1));
        post(path, "{\"query\":\"x\",\"ranking_options\":{\"ranker\":\"mine\"}}")
                .then()
                .statusCode(400)
                .body("error.param", equalTo("ranking_options.ranker"));
        post(path, "{\"query\":\"x\",\"ranking_options\":{\"score_threshold\":1.5}}")
                .then()
                .statusCode(400)
                .body("error.param", equalTo("ranking_options.score_threshold"));
        post(
                        path,
                        "{\"query\":\"x\",\"ranking_options\":{\"hybrid_search\":{\"embedding_weight\":0,\"text_weight\":0}}}")
                .then()
                .statusCode(400)
                .body("error.param", equalTo("ranking_options.hybrid_search"));
        for (String wrong : List.of(
                "\"ranker\":3",
                "\"ranker\":\"best\"",
                "\"score_threshold\":\"high\"",
                "\"score_threshold\":-0.1",
                "\"hybrid_search\":{\"text_weight\":1}")) {
            String member = wrong.substring(1, wrong.indexOf('"', 1));
            post(path, "{\"query\":\"x\",\"ranking_options\":{" + wrong + "}}")
                    .then()
                    .statusCode(400)
                    .body("error.param", equalTo("ranking_options." + member));
            chat(
                            "phi-4-mini",
                            "herons",
                            ",\"tools\":[{\"type\":\"file_search\",\"vector_store_ids\":[\"" + store
                                    + "\"],\"ranking_options\":{" + wrong + "}}]")
                    .then()
                    .statusCode(400)
                    .body("error.param", equalTo("tools[].ranking_options." + member));
        }
        post(path, "{\"query\":\"herons\",\"ranking_options\":null,\"rewrite_query\":null}")
                .then()
                .statusCode(200)
                .body("data.size()", equalTo(1));
    }

    @Test
    void limitsAreThoseOfOpenAi() {
        String store = store();
        post("/v1/vector_stores", "{\"file_ids\":[" + "\"file-1\",".repeat(500) + "\"file-1\"]}")
                .then()
                .statusCode(400)
                .body("error.param", equalTo("file_ids"))
                .body("error.message", containsString("500"));
        post(
                        "/v1/vector_stores/" + store + "/file_batches",
                        "{\"file_ids\":[\"file-1\"],\"files\":[{\"file_id\":\"file-1\"}]}")
                .then()
                .statusCode(400)
                .body("error.param", equalTo("files"));
        for (String path : List.of(
                "/v1/vector_stores?limit=101",
                "/v1/vector_stores?limit=0",
                "/v1/vector_stores/" + store + "/files?limit=101",
                "/v1/files?limit=10001",
                "/v1/files?limit=x")) {
            given().get(path).then().statusCode(400).body("error.param", equalTo("limit"));
        }
        for (String path : List.of("/v1/vector_stores?after=vs_9", "/v1/files?after=file-9")) {
            given().get(path).then().statusCode(400).body("error.param", equalTo("after"));
        }
        for (String path : List.of("/v1/vector_stores?order=up", "/v1/files?order=ASC")) {
            given().get(path).then().statusCode(400).body("error.param", equalTo("order"));
        }
        post("/v1/vector_stores/" + store + "/search", "{\"query\":\"x\",\"max_num_results\":51}")
                .then()
                .statusCode(400)
                .body("error.param", equalTo("max_num_results"));
        for (String wrong : List.of(
                "\"expires_after\":{\"anchor\":\"created_at\",\"days\":1}",
                "\"expires_after\":{\"anchor\":\"last_active_at\",\"days\":366}",
                "\"chunking_strategy\":{\"type\":\"static\",\"static\":{\"max_chunk_size_tokens\":99,\"chunk_overlap_tokens\":0}}",
                "\"chunking_strategy\":{\"type\":\"other\"}",
                "\"description\":\"" + "x".repeat(513) + "\"",
                "\"metadata\":{\"" + "k".repeat(65) + "\":\"v\"}")) {
            String member = wrong.substring(1, wrong.indexOf('"', 1));
            post("/v1/vector_stores", "{\"file_ids\":[\"" + file("a.txt", "a") + "\"]," + wrong + "}")
                    .then()
                    .statusCode(400)
                    .body("error.param", equalTo(member));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"after", "before"})
    void anUnknownPlaceInAStoreIsNamed(String place) {
        String store = store();
        given().get("/v1/vector_stores/" + store + "/files?" + place + "=file-9")
                .then()
                .statusCode(400)
                .body("error.param", equalTo(place))
                .body("error.message", containsString("file-9"));
    }
}
