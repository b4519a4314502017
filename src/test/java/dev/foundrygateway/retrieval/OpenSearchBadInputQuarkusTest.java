package dev.foundrygateway.retrieval;

import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.foundrygateway.retrieval.store.opensearch.OpenSearchNode;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.enterprise.inject.Typed;
import org.junit.jupiter.api.BeforeEach;

/** The same with OpenSearch in place of Lucene. */
@QuarkusTest
@QuarkusTestResource(value = RetrievalResource.class, restrictToAnnotatedClass = true)
@QuarkusTestResource(value = OpenSearchResource.class, restrictToAnnotatedClass = true)
@Typed(OpenSearchBadInputQuarkusTest.class) // no bean for the test that it extends
class OpenSearchBadInputQuarkusTest extends BadInputQuarkusTest {
    @BeforeEach
    void thereIsANode() {
        assumeFalse(OpenSearchNode.shared().isEmpty(), "there is no OpenSearch node");
    }
}
