package dev.foundrygateway.retrieval;

import static io.restassured.RestAssured.given;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.foundrygateway.exchange.KeyUsage;
import dev.foundrygateway.exchange.SharedUsage;
import dev.foundrygateway.retrieval.store.opensearch.OpenSearchNode;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.enterprise.inject.Typed;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The same with OpenSearch in place of Lucene. */
@QuarkusTest
@QuarkusTestResource(value = RetrievalResource.class, restrictToAnnotatedClass = true)
@QuarkusTestResource(value = OpenSearchResource.class, restrictToAnnotatedClass = true)
@Typed(OpenSearchRetrievalQuarkusTest.class) // no bean for the test that it extends
class OpenSearchRetrievalQuarkusTest extends RetrievalQuarkusTest {
    @Inject
    SharedUsage.Shared shared;

    @Inject
    KeyUsage usage;

    @BeforeEach
    void thereIsANode() {
        assumeFalse(OpenSearchNode.shared().isEmpty(), "there is no OpenSearch node");
    }

    @Test
    void usageIsTheSumOfAllGateways() {
        SharedUsage store = shared.usage().orElseThrow();
        LocalDate today = LocalDate.now(ZoneOffset.UTC);
        for (String gateway : List.of("other", "third")) {
            String row = "{\"day\":\"" + today
                    + "\",\"key\":\"ann\",\"model\":\"elsewhere\",\"requests\":2,\"input_tokens\":30,\"cached_tokens\":4,\"output_tokens\":50,\"cost\":0.25}";
            store.put(new SharedUsage.Part(gateway, today, row));
        }
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> given().get("/v1/gateway/usage?key=ann")
                        .then()
                        .body("total.requests", equalTo(4))
                        .body("total.total_tokens", equalTo(160))
                        .body("data.model", contains("elsewhere")));
        assertEquals(160, usage.since("ann", today).tokens(), "what budgets are checked against");
    }
}
