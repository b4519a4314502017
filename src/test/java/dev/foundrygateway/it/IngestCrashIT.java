package dev.foundrygateway.it;

import static org.awaitility.Awaitility.await;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;

import io.restassured.RestAssured;
import io.restassured.path.json.JsonPath;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program is killed in the middle of an ingest: what was acknowledged is there afterwards, and no file is half there. */
class IngestCrashIT {
    private static final int FILES = 90;
    private static final int PARAGRAPHS = 400;

    @TempDir
    private Path folder = Path.of("");

    @Test
    void aKilledIngestLosesNothingAndLeavesNoHalfFile() {
        List<String> files = new ArrayList<>();
        List<String> completed;
        String store;
        try (GatewayProcess gateway = gateway()) {
            URI v1 = gateway.v1();
            for (int i = 0; i < FILES; i++) {
                files.add(upload(v1, i));
            }
            store = json(v1 + "/vector_stores", "{\"file_ids\":[\"" + String.join("\",\"", files) + "\"]}")
                    .getString("id");
            await().atMost(Duration.ofMinutes(2))
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> !completed(v1, store).isEmpty());
            completed = completed(v1, store);
            gateway.kill();
        }
        assertThat("it was killed in the middle", completed.size(), lessThan(FILES));
        try (GatewayProcess again = gateway()) {
            URI v1 = again.v1();
            assertThat(
                    "what was said to be completed still is",
                    completed(v1, store).containsAll(completed),
                    is(true));
            for (String file : completed.subList(0, Math.min(3, completed.size()))) {
                assertThat(parts(v1, store, files.indexOf(file)), is(List.of(file, file)));
            }
            await().atMost(Duration.ofMinutes(3))
                    .until(() -> completed(v1, store).size() == FILES);
            for (int i = 0; i < FILES; i += 7) {
                assertThat(
                        "first and last paragraph, once each",
                        parts(v1, store, i),
                        is(List.of(files.get(i), files.get(i))));
            }
            assertThat(RestAssured.get(v1 + "/files").jsonPath().getList("data").size(), greaterThan(FILES - 1));
        }
    }

    /** The files in which the i-th one's first and last paragraph are found. */
    private static List<String> parts(URI v1, String store, int i) {
        List<String> found = new ArrayList<>();
        for (String word : List.of("first" + i + "x", "last" + i + "x")) {
            found.addAll(json(v1 + "/vector_stores/" + store + "/search", "{\"query\":\"" + word + "\"}")
                    .getList("data.findAll { it.content.any { part -> part.text.contains('" + word + "') } }.file_id"));
        }
        return found;
    }

    private static List<String> completed(URI v1, String store) {
        return RestAssured.get(v1 + "/vector_stores/" + store + "/files?limit=100&filter=completed")
                .jsonPath()
                .getList("data.id");
    }

    private static String upload(URI v1, int i) {
        StringBuilder text = new StringBuilder("first" + i + "x\n\n");
        for (int p = 0; p < PARAGRAPHS; p++) {
            text.append("Paragraph ")
                    .append(p)
                    .append(" of file ")
                    .append(i)
                    .append(" says what the others say: water runs down the hill to the river and the mill.\n\n");
        }
        text.append("last").append(i).append("x\n");
        return RestAssured.given()
                .multiPart("file", "file-" + i + ".txt", text.toString().getBytes(StandardCharsets.UTF_8))
                .multiPart("purpose", "assistants")
                .post(v1 + "/files")
                .jsonPath()
                .getString("id");
    }

    private static JsonPath json(String url, String body) {
        return RestAssured.given()
                .contentType("application/json")
                .body(body)
                .post(url)
                .jsonPath();
    }

    private GatewayProcess gateway() {
        return GatewayProcess.start(Map.of(
                "FOUNDRY_LOCAL_ENDPOINT",
                "http://127.0.0.1:9/v1",
                "gateway.retrieval.embedding-model",
                "none",
                "gateway.retrieval.directory",
                folder.resolve("retrieval").toString()));
    }
}
