package dev.foundrygateway.retrieval;

import static io.restassured.RestAssured.given;
import static org.awaitility.Awaitility.await;

import io.restassured.response.Response;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Calls of the routes of files and stores. */
final class StoreCalls {
    private StoreCalls() {}

    static Response post(String path, String body) {
        return given().contentType("application/json").body(body).post(path);
    }

    static Response upload(String name, byte[] content) {
        return given().multiPart("file", name, content)
                .multiPart("purpose", "assistants")
                .post("/v1/files");
    }

    /** Uploads a text; the file's id. */
    static String file(String name, String text) {
        return upload(name, text.getBytes(StandardCharsets.UTF_8))
                .then()
                .statusCode(200)
                .extract()
                .path("id");
    }

    /** Makes a store of these files and waits until none of them is under way any more; its id. */
    static String store(String... files) {
        String ids = files.length == 0 ? "" : "\"" + String.join("\",\"", files) + "\"";
        String store = post("/v1/vector_stores", "{\"file_ids\":[" + ids + "]}")
                .then()
                .statusCode(200)
                .extract()
                .path("id");
        awaitIngest(store);
        return store;
    }

    static void awaitIngest(String store) {
        await().atMost(Duration.ofMinutes(1))
                .until(() -> given().get("/v1/vector_stores/" + store)
                        .path("file_counts.in_progress")
                        .equals(0));
    }

    static Response search(String store, String question) {
        return post("/v1/vector_stores/" + store + "/search", "{\"query\":\"" + question + "\"}");
    }

    static Response statusOf(String store, String file) {
        return given().get("/v1/vector_stores/" + store + "/files/" + file);
    }

    /** A chat about one question, with more members. */
    static Response chat(String model, String question, String more) {
        return post(
                "/v1/chat/completions",
                "{\"model\":\"" + model + "\",\"messages\":[{\"role\":\"user\",\"content\":\"" + question + "\"}]"
                        + more + "}");
    }
}
