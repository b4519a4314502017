package dev.foundrygateway.retrieval;

import static dev.foundrygateway.retrieval.StoreCalls.chat;
import static dev.foundrygateway.retrieval.StoreCalls.file;
import static dev.foundrygateway.retrieval.StoreCalls.search;
import static dev.foundrygateway.retrieval.StoreCalls.store;
import static io.restassured.RestAssured.given;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.foundrygateway.practice.Script;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** With an embedding model, which the upstream serves, and with questions refused that the sources don't answer. */
@QuarkusTest
@TestProfile(DenseQuarkusTest.Settings.class)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DenseQuarkusTest {
    private static final String UNRELATED = ",\"gateway\":{\"documents\":[\"Cats sleep.\"]}";

    /** An embedding model, and an answer of the gateway's own where there is no support. */
    public static class Settings implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "gateway.retrieval.embedding-model", "phi-4-mini",
                    "gateway.retrieval.min-support", "0.05",
                    "gateway.retrieval.no-support", "insufficient");
        }

        @Override
        public List<TestResourceEntry> testResources() {
            return List.of(new TestResourceEntry(RetrievalResource.class));
        }
    }

    @BeforeEach
    void forget() {
        // The folder's own file is embedded at the start, on a busy machine late.
        await().ignoreExceptions()
                .atMost(Duration.ofMinutes(1))
                .until(() -> given().get("/v1/vector_stores/docs")
                        .path("file_counts.completed")
                        .equals(1));
        RetrievalResource.UPSTREAM.clear();
    }

    @Test
    @Order(1)
    void passagesAndQuestionsAreEmbeddedByTheUpstreamOnce() {
        String file = file("heron.txt", "Herons wait in the reeds.");
        String store = store(file);
        assertEquals(1, embeddings());
        search(store, "herons in reeds")
                .then()
                .body("data[0].file_id", equalTo(file))
                .body("gateway", nullValue());
        search(store, "herons in reeds").then().statusCode(200);
        assertEquals(2, embeddings(), "the second time the question's vector is remembered");
        chat(
                        "phi-4-mini",
                        "herons in reeds",
                        ",\"gateway\":{\"vector_store_ids\":[\"" + store + "\"],\"sources\":[\"chunks\"]}")
                .then()
                .statusCode(200)
                .body("gateway.chunks[0].dense", greaterThan(.5f))
                .body("gateway.chunks[0].lexical", greaterThan(0f))
                .body("gateway.lexical_only", nullValue())
                .body("choices[0].message.annotations", nullValue());
    }

    @Test
    @Order(2)
    void unsupportedQuestionsAreAnsweredWithoutAModel() {
        chat("phi-4-mini", "photosynthesis", UNRELATED)
                .then()
                .statusCode(200)
                .header("X-Gateway-Upstream", "gateway")
                .body("choices[0].message.content", containsString("do not contain enough information"))
                .body("gateway.sources", empty())
                .body("gateway.support", equalTo(0));
        String events = chat("phi-4-mini", "photosynthesis", ",\"stream\":true" + UNRELATED)
                .asString();
        assertTrue(events.contains("do not contain enough information"), events);
        assertTrue(events.stripTrailing().endsWith("data: [DONE]"), events);
        assertEquals(
                0,
                RetrievalResource.UPSTREAM.received().stream()
                        .filter(request -> request.path().endsWith("/chat/completions"))
                        .count());
    }

    @Test
    @Order(3)
    void whatHappenedIsMeasured() {
        String metrics = given().get("/metrics").asString();
        for (String stage : List.of("embed", "search", "prompt", "total")) {
            assertTrue(
                    metrics.contains("gateway_retrieval_seconds_count{stage=\"" + stage + "\"}")
                            && !metrics.contains("gateway_retrieval_seconds_count{stage=\"" + stage + "\"} 0"),
                    stage + " in " + metrics);
        }
        assertTrue(metrics.contains("gateway_retrieval_decisions_total{decision=\"context\"} 1"), metrics);
        assertTrue(metrics.contains("gateway_retrieval_decisions_total{decision=\"insufficient\"} 2"), metrics);
        assertTrue(metrics.contains("gateway_retrieval_support_count 3"), metrics);
    }

    @Test
    @Order(4)
    void withoutTheEmbeddingModelSearchGoesOnByWordsAndSaysSo() {
        String file = file("ibis.txt", "The ibis walks.");
        String store = store(file);
        RetrievalResource.UPSTREAM.script(request -> request.path().endsWith("/embeddings")
                ? Optional.of(Script.start().json(503, "{\"error\":{\"message\":\"no\"}}"))
                : Optional.empty());
        search(store, "where does the ibis walk")
                .then()
                .statusCode(200)
                .body("data[0].file_id", equalTo(file))
                .body("gateway.lexical_only", equalTo(true));
        chat("phi-4-mini", "ibis", ",\"gateway\":{\"vector_store_ids\":[\"" + store + "\"]}")
                .then()
                .statusCode(200)
                .header("X-Gateway-Sources", file + "#0")
                .body("gateway.lexical_only", equalTo(true));
        String later = file("crane.txt", "The crane flies.");
        String newStore = store(later);
        StoreCalls.statusOf(newStore, later)
                .then()
                .body("status", equalTo("completed"))
                .body("gateway.lexical_only", equalTo(true));
        search(newStore, "crane").then().body("data[0].file_id", equalTo(later));
        assertTrue(embeddings() <= 2, "for half a minute nobody asks it again");
    }

    private static long embeddings() {
        return RetrievalResource.UPSTREAM.received().stream()
                .filter(request -> request.path().endsWith("/embeddings"))
                .count();
    }
}
