package dev.foundrygateway.retrieval.store.opensearch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.openai.ErrorCode;
import dev.foundrygateway.retrieval.index.Hit;
import dev.foundrygateway.retrieval.index.IndexSettings;
import dev.foundrygateway.retrieval.index.Passage;
import dev.foundrygateway.retrieval.store.VectorStore;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A node without the k-NN plugin, which then goes down. */
class WithoutPluginTest {
    private static final String STORE = "vs_0123456789abcdef01234567";
    private static final float[] NORTH = {1, 0};
    private static final float[] WIDE = {1, 0, 0};

    @Test
    void vectorsAreSearchedByAScriptAndANodeThatIsDownIsUnavailable() throws IOException {
        Optional<OpenSearchNode> started = OpenSearchNode.start(false);
        assumeTrue(started.isPresent(), "there is no OpenSearch node");
        try (OpenSearchNode node = started.get()) {
            OpenSearchClient client = SharedRecords.client(node.url().toString());
            SharedStoreRepository repository = new SharedStoreRepository(
                    client,
                    new Indices(client, "test"),
                    IndexSettings.DEFAULT,
                    Duration.ofSeconds(30),
                    System::nanoTime);
            VectorStore store = repository.create(SharedRecords.empty(STORE));
            store.change(record -> SharedRecords.inProgress(record, "a"));
            var passages = store.passages().orElseThrow();
            passages.replace(
                    "a",
                    List.of(
                            new Passage("a#0", "a", 0, "", "", "red fox", ""),
                            new Passage("a#1", "a", 1, "", "", "old owl", "")),
                    List.of(new float[] {.8f, .6f}, new float[] {.6f, .8f}));
            passages.commit();
            store.change(record -> SharedRecords.completed(record, "a"));
            List<Hit> hits =
                    passages.search("crimson", NORTH, 5, Optional.empty()).hits();
            assertEquals("a#0", hits.get(0).passage().id());
            assertEquals(.9, hits.get(0).dense(), 1e-5);
            assertEquals(.8, hits.get(1).dense(), 1e-5);
            assertEquals(
                    0, passages.search("crimson", WIDE, 5, Optional.empty()).vectors(), "of another length");
            store.change(record -> SharedRecords.inProgress(record, "b"));
            passages.replace("b", List.of(new Passage("b#0", "b", 0, "", "", "white hare", "")), List.of(WIDE));
            passages.commit();
            store.change(record -> SharedRecords.completed(record, "b"));
            assertEquals(
                    1 / 3.0,
                    passages.search("crimson", WIDE, 5, Optional.empty()).vectors(),
                    1e-9);
            assertEquals(Set.of("a"), passages.filesWithoutVectors(WIDE.length));
            node.stop();
            GatewayException down = assertThrows(GatewayException.class, store::record);
            assertEquals(ErrorCode.RETRIEVAL_UNAVAILABLE, down.code());
        }
    }
}
