package dev.foundrygateway.openai;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a model writes without JSON's quotes becomes of the type that the tool's schema names. */
class OfferedToolsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{'type':'string'} | 1 | '1'",
                "{'type':'string'} | true | 'true'",
                "{'type':'string'} | {'a':1} | '{\\'a\\':1}'",
                "{'type':'integer'} | 12 | 12",
                "{'type':'integer'} | ~ 12 ~ | 12",
                "{'type':'integer'} | twelve | 'twelve'",
                "{'type':'number'} | 1.50 | 1.50",
                "{'type':'boolean'} | true | true",
                "{'type':'boolean'} | False | false",
                "{'type':'boolean'} | 1 | '1'",
                "{'type':'array'} | [1, 2,] | [1,2]",
                "{'type':'object'} | {'a': True} | {'a':true}",
                "{'type':['string','null']} | null | null",
                "{'type':['string','null']} | nil | 'nil'",
                "{'anyOf':[{'type':'integer'},{'type':'string'}]} | 5 | 5",
                "{'anyOf':[{'type':'integer'},{'type':'string'}]} | five | 'five'",
                "{'enum':['1','2']} | 1 | '1'",
                "{'enum':[1,2]} | 1 | 1",
                "{'const':'7'} | 7 | '7'",
                "{'$ref':'#/$defs/code'} | 007 | '007'",
                "{'$ref':'#/$defs/loop'} | 7 | 7",
                "{} | 7 | 7",
                "{} | '7' | '7'",
                "{} | a b | 'a b'",
            })
    void aWrittenValueIsOfTheSchemasType(String schema, String written, String wanted) {
        String parameters = ("{'type':'object','properties':{'p':" + schema
                        + "},'$defs':{'code':{'type':'string'},'loop':{'$ref':'#/$defs/loop'}}}")
                .replace('\'', '"');
        OfferedTools offered = new OfferedTools(Map.of("f", parameters));
        ToolCall call = new ToolCall("", "f", "");
        assertEquals(wanted.replace('\'', '"'), offered.argument(call, "p", written.replace('\'', '"')));
    }

    @Test
    void aSchemaThatRefersToItselfManyTimesIsReadInItsOwnLength() {
        String loop = "{\"$ref\":\"#/$defs/a\"}";
        String wide = IntStream.range(0, 2_000)
                .mapToObj(i -> "{\"$ref\":\"#/$defs/" + (i % 2 == 0 ? "a" : "n" + i) + "\"}")
                .collect(Collectors.joining(","));
        String parameters = """
                {"properties":{"p":%s},"$defs":{"a":{"anyOf":[%s,{"type":"integer"}]}}}""".formatted(loop, wide);
        OfferedTools offered = new OfferedTools(Map.of("f", parameters));
        ToolCall call = new ToolCall("", "f", "");
        assertTimeoutPreemptively(
                Duration.ofSeconds(10),
                () -> List.of("7", "8")
                        .forEach(written -> assertEquals(written, offered.argument(call, "p", written))));
        assertEquals("\"x\"", offered.argument(call, "p", "x"));
    }
}
