package dev.foundrygateway.retrieval;

import dev.foundrygateway.retrieval.store.Ids;
import dev.foundrygateway.retrieval.store.opensearch.OpenSearchNode;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.util.Map;

/** Has the gateway under test keep its stores in OpenSearch, under names of their own. */
public final class OpenSearchResource implements QuarkusTestResourceLifecycleManager {
    @Override
    public Map<String, String> start() {
        String node = OpenSearchNode.shared();
        return Map.of(
                "gateway.retrieval.backend",
                "opensearch",
                "gateway.retrieval.opensearch.url",
                node.isEmpty() ? "http://127.0.0.1:9" : node,
                "gateway.retrieval.opensearch.index-prefix",
                "test-" + Ids.secret());
    }

    @Override
    public void stop() {
        // The node is shared.
    }
}
