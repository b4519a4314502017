package dev.foundrygateway.edge.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.foundrygateway.exchange.GatewayException;
import org.junit.jupiter.api.Test;

/** How much of tool calls that aren't whole is kept. */
class ToolStreamTest {
    private static final ToolStream.Sink NOBODY = new ToolStream.Sink() {
        @Override
        public void opened(String id, String name) {}

        @Override
        public void arguments(String more) {}

        @Override
        public void closed() {}
    };

    @Test
    void callsThatAreNeverWholeAreNotKeptWithoutEnd() {
        ToolStream calls = new ToolStream(NOBODY);
        for (int i = 0; i < 128; i++) {
            calls.add(new ToolDelta(i, "id", "f", "{"));
        }
        GatewayException tooMany =
                assertThrows(GatewayException.class, () -> calls.add(new ToolDelta(128, "id", "f", "{")));
        assertEquals(502, tooMany.code().status());
    }

    @Test
    void argumentsHaveAnEnd() {
        ToolStream calls = new ToolStream(NOBODY);
        String mebi = "a".repeat(1 << 20);
        for (int i = 0; i < 3; i++) {
            calls.add(new ToolDelta(0, "id", "", mebi));
        }
        calls.add(new ToolDelta(0, "", "", mebi));
        assertThrows(GatewayException.class, () -> calls.add(new ToolDelta(0, "", "", "a")));
    }
}
