package dev.foundrygateway.openai;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
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

    @Test
    void ofCallsInTagsNoneIsMadeWhereOneCantBeRead() {
        for (String text : List.of(
                "<minimax:tool_call><invoke name=\"now\"></invoke><invoke name=\"now\"></minimax:tool_call>x",
                "<tool_call>other</tool_call>",
                "Write <function=NAME> first.",
                "<function=now>" + "<parameter=a>1</parameter>".repeat(2) + "</function>",
                "<function=now>"
                        + IntStream.range(0, 257)
                                .mapToObj("<parameter=a%d>1</parameter>"::formatted)
                                .collect(Collectors.joining())
                        + "</function>")) {
            assertEquals(
                    Optional.empty(), ToolCallText.read(text, OfferedTools.named(Set.of("now")), () -> "id"), text);
        }
        assertEquals(
                "{\"a\":{\"b\":null}}",
                read("<tool_call><function=now><parameter=a>{\"b\":null}</parameter></tool_call>")
                        .calls()
                        .get(0)
                        .arguments());
    }

    private static ToolCallText read(String text) {
        return ToolCallText.read(text, OfferedTools.named(Set.of("now")), () -> "id")
                .orElseThrow();
    }
}
