package dev.foundrygateway.retrieval.store.opensearch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.exchange.SharedUsage;
import dev.foundrygateway.exchange.SharedUsage.News;
import dev.foundrygateway.exchange.SharedUsage.Part;
import dev.foundrygateway.openai.ErrorCode;
import java.time.LocalDate;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The sums of several gateways in a real OpenSearch. */
class SharedUsageSumsTest {
    private static final LocalDate DAY = LocalDate.parse("2026-02-28");

    private final String prefix = "t" + UUID.randomUUID();

    private SharedUsage usage(String url) {
        OpenSearchClient client = SharedRecords.client(url);
        return new SharedUsageSums(client, new Indices(client, prefix));
    }

    @Test
    void newsAreWhatWasPutSinceInItsNewestForm() {
        String node = OpenSearchNode.shared();
        assumeFalse(node.isEmpty());
        SharedUsage one = usage(node);
        SharedUsage other = usage(node);
        other.forget(DAY);
        assertEquals(new News(List.of(), 0), other.since(0));
        String rows = "{\"key\":\"\u00fc\"}\n".repeat(4_000);
        for (int i = 0; i < 130; i++) {
            one.put(new Part("one", DAY.minusDays(i), i + rows));
        }
        News all = other.since(0);
        assertEquals(130, Set.copyOf(all.parts()).size());
        assertTrue(all.parts().contains(new Part("one", DAY.minusDays(129), 129 + rows)));
        Part changed = new Part("one", DAY, "changed");
        one.put(changed);
        other.put(new Part("other", DAY, ""));
        News later = one.since(all.position());
        assertTrue(later.parts().containsAll(List.of(changed, new Part("other", DAY, ""))));
        assertTrue(later.parts().size() < 60, () -> later.parts().size() + " of 131");
        assertEquals(all.position() + 2, later.position());
        assertEquals(later.position(), one.since(later.position()).position());
        other.forget(DAY);
        assertEquals(
                Set.of(changed, new Part("other", DAY, "")),
                Set.copyOf(one.since(0).parts()));
        SharedRecords.client(node).delete(prefix + "-usage");
        assertEquals(0, one.since(later.position()).position());
    }

    @Test
    void anOpenSearchThatDoesNotAnswerIsTold() {
        SharedUsage nobody = usage("http://127.0.0.1:9");
        assertEquals(
                ErrorCode.RETRIEVAL_UNAVAILABLE,
                assertThrows(GatewayException.class, () -> nobody.since(0)).code());
        assertThrows(GatewayException.class, () -> nobody.put(new Part("one", DAY, "")));
    }
}
