package dev.foundrygateway.retrieval;

import static dev.foundrygateway.retrieval.StoreCalls.chat;
import static dev.foundrygateway.retrieval.StoreCalls.file;
import static dev.foundrygateway.retrieval.StoreCalls.post;
import static dev.foundrygateway.retrieval.StoreCalls.search;
import static dev.foundrygateway.retrieval.StoreCalls.store;
import static io.restassured.RestAssured.given;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** With the default settings and no embedding server: what is meant is found, also where no word is the same. */
@QuarkusTest
@TestProfile(BuiltInVectorsQuarkusTest.Settings.class)
class BuiltInVectorsQuarkusTest {
    /** The default, which the other tests go without. */
    public static class Settings implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("gateway.retrieval.embedding-model", "auto");
        }

        @Override
        public List<TestResourceEntry> testResources() {
            return List.of(new TestResourceEntry(RetrievalResource.class));
        }
    }

    @Test
    void whatIsMeantIsFoundWithoutAWordOfItAndNonsenseFindsNothing() {
        String dog = file("a.txt", "The puppy chewed on the leather shoes of its owner.");
        String tax = file("b.txt", "Income tax returns are due at the end of July.");
        String store = store(dog, tax);
        search(store, "a young dog destroying footwear")
                .then()
                .statusCode(200)
                .body("data[0].file_id", equalTo(dog))
                .body("data[0].score", greaterThan(.1f))
                .body("gateway", nullValue());
        String weighed =
                "{\"query\":\"footwear income\",\"ranking_options\":{\"hybrid_search\":{\"embedding_weight\":%s,\"text_weight\":%s}}}";
        String path = "/v1/vector_stores/" + store + "/search";
        post(path, weighed.formatted(0, 1)).then().statusCode(200).body("data.file_id", equalTo(List.of(tax)));
        post(path, weighed.formatted(1, 0)).then().statusCode(200).body("data.file_id", hasItem(dog));
        search(store, "qwrtzp xkcd").then().statusCode(200).body("data", empty());
        chat(
                        "phi-4-mini",
                        "When must I tell the revenue office what I earned?",
                        ",\"gateway\":{\"vector_store_ids\":[\"" + store + "\"],\"sources\":[\"chunks\"]}")
                .then()
                .statusCode(200)
                .body("gateway.sources[0].file_id", equalTo(tax))
                .body("gateway.chunks[0].dense", greaterThan(.6f));
    }

    @Test
    void supportOfAPerfectHitIsNearOneAndOfNonsenseZero() {
        String store = store(
                file("a.txt", "The puppy chewed on the leather shoes of its owner."),
                file("b.txt", "Income tax returns are due at the end of July."),
                file("c.txt", "Herons wait in the reeds for fish."));
        assertTrue(support(store, "When are income tax returns due?") > .85);
        assertTrue(support(store, "Income tax returns are due at the end of July.") > .95);
        assertTrue(support(store, "What do herons wait for in the reeds?") > .8);
        assertTrue(support(store, "Who won the chess championship in 1972?") < .2);
    }

    private static double support(String store, String question) {
        Number support = chat("phi-4-mini", question, ",\"gateway\":{\"vector_store_ids\":[\"" + store + "\"]}")
                .then()
                .statusCode(200)
                .extract()
                .path("gateway.support");
        return support.doubleValue();
    }

    private static Response embeddings(String members) {
        return given().contentType("application/json")
                .body("{\"model\":\"all-MiniLM-L6-v2\"," + members + "}")
                .post("/v1/embeddings");
    }

    @Test
    void embeddingsAreMadeWhereNoUpstreamHasTheModel() {
        JsonPath one = embeddings("\"input\":\"a young dog\"")
                .then()
                .statusCode(200)
                .header("X-Gateway-Upstream", "gateway")
                .body("object", equalTo("list"))
                .body("model", equalTo("all-minilm-l6-v2"))
                .body("data.size()", equalTo(1))
                .body("data[0].object", equalTo("embedding"))
                .body("data[0].embedding.size()", equalTo(384))
                .body("usage.prompt_tokens", equalTo(5))
                .body("usage.total_tokens", equalTo(5))
                .extract()
                .jsonPath();
        JsonPath both = embeddings(
                        "\"input\":[\"a puppy\",\"a young dog\",\"income tax\"],\"encoding_format\":\"base64\",\"dimensions\":384")
                .then()
                .statusCode(200)
                .body("data.index", equalTo(List.of(0, 1, 2)))
                .extract()
                .jsonPath();
        float[] dog = vector(both.getString("data[1].embedding"));
        for (int i = 0; i < dog.length; i++) {
            assertEquals(one.getFloat("data[0].embedding[" + i + "]"), dog[i], 1e-6f);
        }
        assertTrue(dot(dog, vector(both.getString("data[0].embedding")))
                > .3 + dot(dog, vector(both.getString("data[2].embedding"))));
        await().untilAsserted(() -> assertTrue(given().get("/metrics")
                .asString()
                .lines()
                .anyMatch(line -> line.startsWith("gen_ai_client_token_usage_count")
                        && line.contains("gen_ai_request_model=\"all-minilm-l6-v2\""))));
    }

    private static float[] vector(String base64) {
        float[] vector = new float[384];
        ByteBuffer.wrap(Base64.getDecoder().decode(base64))
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer()
                .get(vector);
        return vector;
    }

    private static double dot(float[] one, float[] other) {
        double sum = 0;
        for (int i = 0; i < one.length; i++) {
            sum += one[i] * other[i];
        }
        return sum;
    }

    @Test
    void whatTheModelCannotDoIsRefusedByName() {
        Map<String, String> wrong = Map.ofEntries(
                Map.entry("\"input\":[1,2,3]", "input"),
                Map.entry("\"input\":[[1,2],[3]]", "input"),
                Map.entry("\"input\":\"\"", "input"),
                Map.entry("\"input\":[]", "input"),
                Map.entry("\"input\":[\"a\",\"\"]", "input"),
                Map.entry("\"input\":null", "input"),
                Map.entry("\"user\":\"me\"", "input"),
                Map.entry("\"input\":{}", "input"),
                Map.entry("\"input\":[" + "\"a\",".repeat(2_048) + "\"a\"]", "input"),
                Map.entry("\"input\":\"a\",\"dimensions\":256", "dimensions"),
                Map.entry("\"input\":\"a\",\"dimensions\":\"384\"", "dimensions"),
                Map.entry("\"input\":\"a\",\"encoding_format\":\"int8\"", "encoding_format"));
        wrong.forEach((members, param) -> embeddings(members)
                .then()
                .statusCode(400)
                .body("error.type", equalTo("invalid_request_error"))
                .body("error.param", equalTo(param)));
        chat("all-minilm-l6-v2", "Hello", "").then().statusCode(400).body("error.param", equalTo("model"));
    }
}
