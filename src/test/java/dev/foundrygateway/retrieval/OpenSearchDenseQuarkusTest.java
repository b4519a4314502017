package dev.foundrygateway.retrieval;

import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.foundrygateway.retrieval.store.opensearch.OpenSearchNode;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.enterprise.inject.Typed;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;

/** The same with OpenSearch in place of Lucene: vectors by its k-NN plugin. */
@QuarkusTest
@TestProfile(OpenSearchDenseQuarkusTest.Shared.class)
@Typed(OpenSearchDenseQuarkusTest.class) // no bean for the test that it extends
class OpenSearchDenseQuarkusTest extends DenseQuarkusTest {
    /** The same settings, and OpenSearch. */
    public static class Shared extends Settings {
        @Override
        public List<TestResourceEntry> testResources() {
            return List.of(
                    new TestResourceEntry(RetrievalResource.class), new TestResourceEntry(OpenSearchResource.class));
        }
    }

    @BeforeEach
    void thereIsANode() {
        assumeFalse(OpenSearchNode.shared().isEmpty(), "there is no OpenSearch node");
    }
}
