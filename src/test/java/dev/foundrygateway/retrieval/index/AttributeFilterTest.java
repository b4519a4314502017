package dev.foundrygateway.retrieval.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.openai.json.TypedJson;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a filter of files says, as it comes in JSON. */
class AttributeFilterTest {
    @Test
    void anEmptyOneSaysNothing() {
        assertTrue(read("{}").saysNothing());
        assertTrue(read("{\"type\":null,\"key\":null}").saysNothing());
    }

    /** A mistaken one must not be taken for none: it would show the files of everybody. */
    @ParameterizedTest
    @CsvSource({"tenant,a", "Type,eq", "where,1"})
    void oneOfOtherMembersIsNotEmpty(String member, String value) {
        AttributeFilter filter = read("{\"" + member + "\":\"" + value + "\"}");
        assertEquals(false, filter.saysNothing());
        assertThrows(GatewayException.class, () -> filter.matches(Map.of("tenant", "a")));
    }

    private static AttributeFilter read(String json) {
        return TypedJson.read(json, AttributeFilter.class);
    }
}
