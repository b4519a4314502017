package dev.foundrygateway.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.foundrygateway.upstream.repair.Dialect;
import dev.foundrygateway.upstream.repair.DialectCalls;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What stands around tool calls that are written as text. */
class RawCallsTest {
    private static final String ASK =
            "{\"model\":\"m\",\"stream\":true,\"messages\":[],\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"add\"}},{\"type\":\"function\",\"function\":{\"name\":\"now\"}}]%s}";

    private static final String DONE = "data: [DONE]\n\n";

    /** A request that wants one call at a time gets the first; the answer is otherwise as it was. */
    @ParameterizedTest
    @EnumSource(Dialect.class)
    void onlyTheFirstCallIsMadeWhereOneIsAllowed(Dialect dialect) {
        String one = ",\"parallel_tool_calls\":false";
        String raw = "So: [TOOL_CALLS][{\"name\":\"add\",\"arguments\":{\"a\":1}},{\"name\":\"now\",\"arguments\":{}}]";
        Answer written = answer(dialect, one, List.of(raw));
        assertEquals("So: |add {\"a\":1}|tool_calls", written.text + "|" + written.calls + "|" + written.finish);
        assertEquals("add {\"a\":1} now {}", answer(dialect, "", List.of(raw)).calls);
        String first = "{\"index\":0,\"id\":\"c\",\"function\":{\"name\":\"add\",\"arguments\":\"{\\\"a\\\":\"}}";
        String more = "{\"index\":0,\"function\":{\"arguments\":\"1}\"}}";
        String second = "{\"index\":1,\"id\":\"d\",\"function\":{\"name\":\"now\",\"arguments\":\"{}\"}}";
        for (List<String> lists : List.of(List.of(first, more, second), List.of(first + "," + second, more))) {
            StringBuilder body = new StringBuilder();
            lists.forEach(list -> body.append(event(new JsonObject("{\"tool_calls\":[" + list + "]}"))));
            String relayed = relayed(
                    dialect, one, body.append(finish("tool_calls")).append(DONE).toString());
            Answer answer = read(relayed);
            assertEquals("0:add {\"a\":1}", answer.numbered, relayed);
            assertEquals("tool_calls", answer.finish);
            assertFalse(relayed.contains("\"delta\":{},\"finish_reason\":null"), relayed);
        }
    }

    /** Beside proper calls the same as text goes, and nothing else. */
    @Test
    void whatIsSaidAroundARawCallStaysWhenTheServersOwnComes() {
        String body = chunk("The call is {\"name\":\"now\",\"arguments\":{}} as you asked.")
                + event(
                        new JsonObject(
                                "{\"tool_calls\":[{\"index\":0,\"id\":\"c\",\"function\":{\"name\":\"now\",\"arguments\":\"{}\"}}]}"))
                + finish("tool_calls")
                + chunk(" Late.")
                + DONE;
        Answer answer = read(relayed(Dialect.OPENAI, "", body));
        assertEquals("The call is  as you asked. Late.", answer.text);
        assertEquals("0:now {}", answer.numbered);
    }

    @Test
    void whatIsTooLongIsNoCallAndPasses() {
        String text = "<tool_call>{\"name\":\"now\",\"a\":\"" + "x".repeat(1_000_001);
        Answer answer = answer(Dialect.OPENAI, "", List.of("<tool_call>{\"name\":", text.substring(19), "\"} more"));
        assertEquals(text.length() + 7, answer.text.length());
        assertEquals("", answer.calls);
        String blanks = "<tool_call>" + " ".repeat(99) + "{\"name\":\"now\"}";
        assertEquals(blanks, answer(Dialect.OPENAI, "", List.of(blanks)).text);
    }

    /** A stream as a client puts it together. */
    private record Answer(String text, String calls, String numbered, Map<Integer, String> ids, String finish) {}

    private static Answer answer(Dialect dialect, String members, List<String> pieces) {
        StringBuilder body = new StringBuilder();
        pieces.forEach(piece -> body.append(chunk(piece)));
        return read(relayed(
                dialect, members, body.append(finish("stop")).append(DONE).toString()));
    }

    private static Answer read(String stream) {
        StringBuilder text = new StringBuilder();
        String finish = "";
        Map<Integer, String> names = new TreeMap<>();
        Map<Integer, String> arguments = new TreeMap<>();
        Map<Integer, String> ids = new TreeMap<>();
        for (String line :
                stream.lines().filter(one -> one.startsWith("data: {")).toList()) {
            for (Object each : new JsonObject(line.substring(6)).getJsonArray("choices")) {
                JsonObject choice = (JsonObject) each;
                text.append(choice.getJsonObject("delta").getString("content", ""));
                finish = choice.getString("finish_reason") == null ? finish : choice.getString("finish_reason");
                for (Object one : choice.getJsonObject("delta").getJsonArray("tool_calls", new JsonArray())) {
                    JsonObject call = (JsonObject) one;
                    int index = call.getInteger("index");
                    JsonObject function = call.getJsonObject("function");
                    names.merge(
                            index, function.getString("name", ""), (old, more) -> old.equals(more) ? old : old + more);
                    arguments.merge(index, function.getString("arguments", ""), String::concat);
                    if (call.containsKey("id")) {
                        ids.put(index, call.getString("id"));
                    }
                }
            }
        }
        StringBuilder calls = new StringBuilder();
        StringBuilder numbered = new StringBuilder();
        names.forEach((index, name) -> {
            calls.append(name).append(' ').append(arguments.get(index)).append(' ');
            numbered.append(index)
                    .append(':')
                    .append(name)
                    .append(' ')
                    .append(arguments.get(index))
                    .append(' ');
        });
        return new Answer(
                text.toString(), calls.toString().strip(), numbered.toString().strip(), ids, finish);
    }

    private static String relayed(Dialect dialect, String members, String body) {
        StreamOpening opening = new StreamOpening(DialectCalls.chat(dialect, ASK.formatted(members)));
        opening.read(Buffer.buffer(body));
        opening.end();
        return opening.held().bytes().toString();
    }

    private static String chunk(String text) {
        return event(new JsonObject().put("content", text));
    }

    private static String event(JsonObject delta) {
        return "data: {\"id\":\"c\",\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":" + delta.encode() + "}]}\n\n";
    }

    private static String finish(String reason) {
        return "data: {\"id\":\"c\",\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\""
                + reason + "\"}]}\n\n";
    }
}
