package dev.foundrygateway.retrieval;

import static dev.foundrygateway.retrieval.StoreCalls.chat;
import static dev.foundrygateway.retrieval.StoreCalls.file;
import static dev.foundrygateway.retrieval.StoreCalls.search;
import static dev.foundrygateway.retrieval.StoreCalls.store;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
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
}
