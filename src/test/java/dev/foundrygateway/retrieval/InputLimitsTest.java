package dev.foundrygateway.retrieval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.openai.ErrorCode;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** How much one call may ask for, and for how long. */
class InputLimitsTest {
    private final InputLimits limits = new InputLimits(4, 5, 2, 2, 2);

    @Test
    void whatIsMoreIsRefusedByItsName() {
        refused("vector_store_id", () -> limits.id("12345", "vector_store_id"));
        refused("vector_store_id", () -> limits.id("a\u0000", "vector_store_id"));
        refused("title", () -> limits.title("123456", "title"));
        refused("documents", () -> limits.documents(List.of(1, 2, 3), "documents"));
        refused("query", () -> limits.queries(List.of(1, 2, 3), "query"));
        refused("stores", () -> limits.stores(List.of("a", "b", "c"), "stores"));
        refused("stores", () -> limits.stores(List.of("12345"), "stores"));
        assertEquals("1234", limits.id("1234", "id"));
        assertEquals(List.of("a"), limits.stores(List.of("a", "a"), "stores"));
    }

    private static void refused(String field, org.junit.jupiter.api.function.Executable call) {
        GatewayException refusal = assertThrows(GatewayException.class, call);
        assertEquals(ErrorCode.INVALID_REQUEST, refusal.code());
        assertTrue(refusal.body().json().toString().contains("\"param\":\"" + field), field);
        assertTrue(String.valueOf(refusal.getMessage()).startsWith(field), refusal.getMessage());
    }

    @Test
    void aSearchEndsWithItsTimeOrItsClient() {
        AtomicLong now = new AtomicLong();
        Deadline deadline = new Deadline(now::get, Duration.ofNanos(10));
        deadline.check();
        now.set(11);
        GatewayException late = assertThrows(GatewayException.class, deadline::check);
        assertEquals(ErrorCode.RETRIEVAL_UNAVAILABLE, late.code());
        assertTrue(String.valueOf(late.getMessage()).contains("gateway.retrieval.search-timeout"));
        Deadline left = new Deadline(now::get, Duration.ofNanos(10));
        left.cancel();
        assertTrue(left.isOver());
        assertThrows(CancellationException.class, left::check);
    }
}
