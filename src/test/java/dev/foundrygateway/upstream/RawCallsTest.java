package dev.foundrygateway.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.foundrygateway.upstream.repair.Dialect;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What stands around tool calls that are written as text. */
class RawCallsTest {

    /** A request that wants one call at a time gets the first; the answer is otherwise as it was. */
    @ParameterizedTest
    @EnumSource(Dialect.class)
    void onlyTheFirstCallIsMadeWhereOneIsAllowed(Dialect dialect) {
        String one = ",\"parallel_tool_calls\":false";
        String raw = "So: [TOOL_CALLS][{\"name\":\"add\",\"arguments\":{\"a\":1}},{\"name\":\"now\",\"arguments\":{}}]";
        RawStream.Answer written = RawStream.answer(dialect, one, List.of(raw));
        assertEquals("So: |add {\"a\":1}|tool_calls", written.text() + "|" + written.calls() + "|" + written.finish());
        assertEquals(
                "add {\"a\":1} now {}",
                RawStream.answer(dialect, "", List.of(raw)).calls());
        String first = "{\"index\":0,\"id\":\"c\",\"function\":{\"name\":\"add\",\"arguments\":\"{\\\"a\\\":\"}}";
        String more = "{\"index\":0,\"function\":{\"arguments\":\"1}\"}}";
        String second = "{\"index\":1,\"id\":\"d\",\"function\":{\"name\":\"now\",\"arguments\":\"{}\"}}";
        for (List<String> lists : List.of(List.of(first, more, second), List.of(first + "," + second, more))) {
            StringBuilder body = new StringBuilder();
            lists.forEach(list -> body.append(RawStream.event(new JsonObject("{\"tool_calls\":[" + list + "]}"))));
            String relayed = RawStream.relayed(
                    dialect,
                    one,
                    body.append(RawStream.finish("tool_calls"))
                            .append(RawStream.DONE)
                            .toString());
            RawStream.Answer answer = RawStream.read(relayed);
            assertEquals("0:add {\"a\":1}", answer.numbered(), relayed);
            assertEquals("tool_calls", answer.finish());
            assertFalse(relayed.contains("\"delta\":{},\"finish_reason\":null"), relayed);
        }
    }

    /** Beside proper calls the same as text goes, and nothing else. */
    @Test
    void whatIsSaidAroundARawCallStaysWhenTheServersOwnComes() {
        String body = RawStream.chunk("The call is {\"name\":\"now\",\"arguments\":{}} as you asked.")
                + RawStream.event(
                        new JsonObject(
                                "{\"tool_calls\":[{\"index\":0,\"id\":\"c\",\"function\":{\"name\":\"now\",\"arguments\":\"{}\"}}]}"))
                + RawStream.finish("tool_calls")
                + RawStream.chunk(" Late.")
                + RawStream.DONE;
        RawStream.Answer answer = RawStream.read(RawStream.relayed(Dialect.OPENAI, "", body));
        assertEquals("The call is  as you asked. Late.", answer.text());
        assertEquals("0:now {}", answer.numbered());
    }

    @Test
    void whatIsTooLongIsNoCallAndPasses() {
        String text = "<tool_call>{\"name\":\"now\",\"a\":\"" + "x".repeat(1_000_001);
        RawStream.Answer answer =
                RawStream.answer(Dialect.OPENAI, "", List.of("<tool_call>{\"name\":", text.substring(19), "\"} more"));
        assertEquals(text.length() + 7, answer.text().length());
        assertEquals("", answer.calls());
        String blanks = "<tool_call>" + " ".repeat(99) + "{\"name\":\"now\"}";
        assertEquals(
                blanks, RawStream.answer(Dialect.OPENAI, "", List.of(blanks)).text());
    }
}
