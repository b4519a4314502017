package dev.foundrygateway.openai;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Tool calls in long texts; which texts are calls is told in ToolCallsAsTextTest. */
class ToolCallTextTest {
    @Test
    void textsOfAMillionCharactersAreReadInOneGo() {
        String marks = "<|tool_call_begin|>1{".repeat(45_000);
        ToolCallText found = read("[TOOL_CALLS]now{}" + marks);
        assertEquals(List.of(new ToolCall("id", "now", "{}")), found.calls());
        assertEquals(marks, found.rest());
        String arguments = joined("a%d=%d");
        assertEquals(
                List.of(new ToolCall("id", "now", "{" + joined("\"a%d\":%d") + "}")),
                read("[now(" + arguments + ")]").calls());
    }

    private static String joined(String argument) {
        return IntStream.range(0, 20_000)
                .mapToObj(i -> argument.formatted(i, i))
                .collect(Collectors.joining(","));
    }

    private static ToolCallText read(String text) {
        return ToolCallText.read(text, Set.of("now"), () -> "id").orElseThrow();
    }
}
