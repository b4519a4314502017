package dev.foundrygateway.edge.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.foundrygateway.exchange.GatewayException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

    /** A name may come whole, again in every piece, growing, or in parts; it is told when it can't grow any more. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "get_weather: :{ :}",
                "get_: weather: :{}",
                "get_: get_weather:{}",
                "get_weather: get_weather:{ get_weather:}",
                "get_weather:",
                "get_weather:{}"
            })
    void aNameIsWholeBeforeItIsTold(String pieces) {
        StringBuilder told = new StringBuilder();
        ToolStream calls = new ToolStream(new ToolStream.Sink() {
            @Override
            public void opened(String id, String name) {
                told.append(id).append(' ').append(name).append(' ');
            }

            @Override
            public void arguments(String more) {
                told.append(more);
            }

            @Override
            public void closed() {
                told.append('.');
            }
        });
        for (String piece : pieces.split(" ", -1)) {
            String[] parts = piece.split(":", -1);
            calls.add(new ToolDelta(0, "c1", parts[0], parts[1]));
        }
        calls.end();
        assertEquals("c1 get_weather " + (pieces.contains("{") ? "{}" : "") + ".", told.toString());
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
