package dev.foundrygateway.retrieval.store.opensearch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.exchange.KeptRecords;
import dev.foundrygateway.exchange.KeptRecords.Entry;
import dev.foundrygateway.exchange.KeptRecords.Found;
import dev.foundrygateway.openai.ErrorCode;
import io.vertx.core.buffer.Buffer;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Records of several gateways in a real OpenSearch. */
class SharedKeptRecordsTest {
    private static final long LATE = 1_800_000_000_000L;

    private final String prefix = "t" + UUID.randomUUID();

    @BeforeEach
    void node() {
        assumeFalse(OpenSearchNode.shared().isEmpty());
    }

    private KeptRecords records() {
        OpenSearchClient client = SharedRecords.client(OpenSearchNode.shared());
        return new SharedKeptRecords(client, new Indices(client, prefix));
    }

    @Test
    void whatOneGatewayKeepsAnotherFindsAtOnceAndChangesOnlyAsItIs() {
        KeptRecords one = records();
        KeptRecords other = records();
        assertEquals(Optional.empty(), one.get("resp_gw_1"));
        Entry first = new Entry("ann", Buffer.buffer("{\"a\":\"\u00fc\",\"n\":1.50}"), LATE);
        assertTrue(one.put("resp_gw_1", first, Optional.empty()));
        Found found = other.get("resp_gw_1").orElseThrow();
        assertEquals(first, found.entry());
        Entry second = new Entry("ann", Buffer.buffer("2".repeat(40_000)), LATE + 1);
        assertTrue(other.put("resp_gw_1", second, Optional.of(found.version())));
        assertFalse(one.put("resp_gw_1", first, Optional.of(found.version())), "it was changed meanwhile");
        assertEquals(second, one.get("resp_gw_1").orElseThrow().entry());
        one.delete("resp_gw_1");
        assertEquals(Optional.empty(), other.get("resp_gw_1"));
        one.delete("resp_gw_1");
    }

    @Test
    void theOldestGoByAgeByCountAndBySize() {
        KeptRecords records = records();
        records.trim(LATE, 1, 1);
        for (int i = 0; i < 6; i++) {
            records.put("resp_gw_" + i, new Entry("", Buffer.buffer("9".repeat(9)), LATE + i), Optional.empty());
        }
        records.trim(LATE + 1, 10, 1_000);
        assertEquals("-12345", kept(records));
        records.trim(LATE, 3, 1_000);
        assertEquals("---345", kept(records));
        records.trim(LATE, 3, 29);
        assertEquals("----45", kept(records));
    }

    @Test
    void aDeletionThatIsRefusedIsTold() {
        records().put("resp_gw_1", new Entry("", Buffer.buffer("1"), LATE), Optional.empty());
        OpenSearchClient client = SharedRecords.client(OpenSearchNode.shared());
        String index = new Indices(client, prefix).records();
        GatewayException refusal =
                assertThrows(GatewayException.class, () -> client.deleteBy(index, Map.of("no_such_query", Map.of())));
        assertEquals(ErrorCode.RETRIEVAL_UNAVAILABLE, refusal.code());
        assertTrue(String.valueOf(refusal.getMessage()).contains("no_such_query"), refusal.getMessage());
        client.deleteBy(index + "-none", Map.of("match_all", Map.of()));
    }

    private static String kept(KeptRecords records) {
        StringBuilder kept = new StringBuilder();
        for (int i = 0; i < 6; i++) {
            kept.append(records.get("resp_gw_" + i).isPresent() ? String.valueOf(i) : "-");
        }
        return kept.toString();
    }
}
