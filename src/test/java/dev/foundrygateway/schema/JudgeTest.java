package dev.foundrygateway.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.foundrygateway.openai.ChatRequest;
import dev.foundrygateway.openai.WholeAnswer;
import dev.foundrygateway.openai.schema.AnswerSchema;
import dev.foundrygateway.openai.schema.Demand;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is an answer that keeps its terms, and what is put right for that. */
class JudgeTest {
    private static final String ADD =
            "{\"type\":\"function\",\"function\":{\"name\":\"add\",\"strict\":%s,\"parameters\":{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"integer\"}},\"required\":[\"a\"],\"additionalProperties\":false}}}";
    private static final String NOW = "{\"type\":\"function\",\"function\":{\"name\":\"now\"}}";
    private static final String SCHEMA =
            "\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"x\",\"schema\":{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"integer\"}},\"required\":[\"a\"]}}}";

    /** The text that came, what it becomes, and the rule that it breaks. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "{\"a\":1} | {\"a\":1} | ",
                "```json\\n{\"a\":1}\\n``` | {\"a\":1} | ",
                "Sure! {\"a\":1,} Bye. | {\"a\":1} | ",
                "{\"b\":1} then {\"a\":1} | {\"a\":1} | ",
                "{\"a\":\"x\"} | | type",
                "{\"b\":1} | | required",
                "I can't. | | json",
            })
    void aTextKeepsItsSchema(String text, String kept, String rule) throws Exception {
        WholeAnswer answer = text(text.replace("\\n", "\n"), "stop");
        Verdict verdict = judge("{" + SCHEMA + "}", answer);
        assertEquals(rule == null ? "" : rule, rule(verdict));
        if (rule == null) {
            assertEquals(kept, answer.choices().get(0).text());
        }
    }

    @Test
    void anAnswerThatHoldsIsTheBytesThatCame() throws Exception {
        Buffer came = Buffer.buffer(
                "{ \"choices\":[ {\"index\":0,\"message\":{\"content\":\" {\\\"a\\\": 1e0}\\n\"},\"finish_reason\":\"stop\"} ] }");
        WholeAnswer answer = WholeAnswer.of(came).orElseThrow();
        assertEquals(new Verdict.Holds(false), judge("{" + SCHEMA + "}", answer));
        assertSame(came, answer.json());
    }

    @Test
    void everyChoiceIsChecked() throws Exception {
        JsonArray choices = new JsonArray()
                .add(choice(new JsonObject().put("content", "{\"a\":1}"), "stop"))
                .add(choice(new JsonObject().put("content", "{\"a\":true}"), "stop"));
        assertEquals("type", rule(judge("{" + SCHEMA + "}", answer(choices))));
    }

    @Test
    void aRefusalIsAnAnswer() throws Exception {
        JsonObject message = new JsonObject().put("content", null).put("refusal", "I won't.");
        assertEquals("", rule(judge("{" + SCHEMA + "}", answer(new JsonArray().add(choice(message, "stop"))))));
    }

    @Test
    void aCutAnswerIsToldAsCut() throws Exception {
        Verdict verdict = judge("{" + SCHEMA + "}", text("{\"a\":", "length"));
        assertEquals("length", rule(verdict));
        assertTrue(((Verdict.Breaks) verdict).cut());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "{\"a\":[1]} | ",
                "[1] | json",
                "nothing | json",
            })
    void jsonObjectWantsAnObject(String text, String rule) throws Exception {
        assertEquals(
                rule == null ? "" : rule,
                rule(judge("{\"response_format\":{\"type\":\"json_object\"}}", text(text, "stop"))));
    }

    /** What the model writes as text, tool_choice, and the call that it becomes or the rule that it breaks. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "<tool_call>{\"name\":\"add\",\"arguments\":{\"a\":1}}</tool_call> | \"auto\" | add {\"a\":1}",
                "{\"name\":\"add\",\"arguments\":{\"a\":1}} | \"auto\" | add {\"a\":1}",
                "{\"name\":\"add\",\"parameters\":{\"a\":1}} | \"required\" | add {\"a\":1}",
                "[{\"name\":\"now\"},{\"name\":\"add\",\"arguments\":\"{\\\"a\\\":2}\"}] | \"required\" | now {} add {\"a\":2}",
                "```json\\n{\"type\":\"function\",\"function\":{\"name\":\"add\",\"arguments\":{\"a\":1}}}\\n``` | \"required\" | add {\"a\":1}",
                "{\"a\":7} | {\"type\":\"function\",\"function\":{\"name\":\"add\"}} | add {\"a\":7}",
                "{\"a\":\"x\"} | {\"type\":\"function\",\"function\":{\"name\":\"add\"}} | !tool_choice",
                "It is late. | \"required\" | !tool_choice",
                "It is late. | \"auto\" | ",
                "<tool_call>{\"name\":\"add\",\"arguments\":{\"a\":1}}</tool_call> | \"none\" | ",
                "I add.\\n{\"name\":\"add\",\"arguments\":{\"a\":1}} | \"required\" | add {\"a\":1}",
                "[TOOL_CALLS]add[ARGS]{\"a\":1} | \"auto\" | add {\"a\":1}",
                "{\"name\":\"other\",\"arguments\":{}} | \"auto\" | ",
                "<tool_call>{\"name\":\"add\",\"arguments\":{\"a\":\"x\"}}</tool_call> | \"auto\" | !type",
                "<tool_call>{\"name\":\"sub\",\"arguments\":{}}</tool_call> | \"auto\" | !tools",
                "<tool_call>{\"name\":\"now\",\"arguments\":{}}</tool_call> | {\"type\":\"function\",\"function\":{\"name\":\"add\"}} | !tool_choice",
            })
    void callsAreFoundInTheText(String text, String choice, String calls) throws Exception {
        WholeAnswer answer = text(text.replace("\\n", "\n"), "stop");
        Verdict verdict = judge(tools(true, choice), answer);
        String wanted = calls == null ? "" : calls;
        assertEquals(wanted, wanted.startsWith("!") ? "!" + rule(verdict) : said(answer), verdict::toString);
        if (!wanted.isEmpty() && !wanted.startsWith("!")) {
            assertEquals(new Verdict.Holds(true), verdict);
            JsonObject first =
                    new JsonObject(answer.json()).getJsonArray("choices").getJsonObject(0);
            assertEquals("tool_calls", first.getString("finish_reason"));
        }
    }

    /** A proper call's name and arguments, whether the tools are strict, and what it becomes. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "add | {\"a\":1} | true | add {\"a\":1}",
                "add | {\"a\":1,} | true | add {\"a\":1}",
                "add | {\"a\":\"x\"} | true | !type",
                "add | {\"a\":\"x\"} | false | add {\"a\":\"x\"}",
                "add | {\"a\":1}{\"a\":1} | false | add {\"a\":1}",
                "add | [1] | false | !json",
                "add | {\"a\": | false | !json",
                "now | '' | false | now {}",
                "functions.add | {\"a\":1} | true | add {\"a\":1}",
                "Add | {\"a\":1} | true | add {\"a\":1}",
                "sub | {\"a\":1} | false | !tools",
            })
    void aCallIsRightOrMendedOrTold(String name, String arguments, boolean strict, String call) throws Exception {
        WholeAnswer answer = calls(List.of("c1"), name, arguments);
        Verdict verdict = judge(tools(strict, "\"auto\""), answer);
        assertEquals(call, call.startsWith("!") ? "!" + rule(verdict) : said(answer), verdict::toString);
    }

    /** Such an answer is held anyway, and so its arguments are checked; a schema that can't be used asks for nothing. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "\"required\" | {\"a\":\"x\"} | type",
                "\"required\" | {\"a\":1} | ''",
                "{\"type\":\"function\",\"function\":{\"name\":\"add\"}} | {\"b\":1} | required",
                "\"auto\" | {\"a\":\"x\"} | ''",
            })
    void aCallThatMustBeMadeKeepsAToolsSchemaThatIsNotStrict(String choice, String arguments, String rule)
            throws Exception {
        assertEquals(rule, rule(judge(tools(false, choice), calls(List.of("c1"), "add", arguments))));
        String odd = tools(false, choice).replace("\"type\":\"integer\"", "\"type\":\"int\"");
        assertEquals("", rule(judge(odd, calls(List.of("c1"), "add", arguments))));
    }

    @Test
    void aTextInPartsIsOneText() throws Exception {
        JsonObject message = new JsonObject()
                .put(
                        "content",
                        new JsonArray(
                                "[{\"type\":\"text\",\"text\":\"{\\\"a\\\":\"},{\"type\":\"text\",\"text\":\"1}\"}]"));
        WholeAnswer answer = answer(new JsonArray().add(choice(message, "stop")));
        assertEquals("", rule(judge("{" + SCHEMA + "}", answer)));
        assertEquals(
                "{\"a\":1}",
                new JsonObject(answer.json())
                        .getJsonArray("choices")
                        .getJsonObject(0)
                        .getJsonObject("message")
                        .getValue("content"));
    }

    @Test
    void theViolationOfACallSaysWhereItIs() throws Exception {
        Verdict.Breaks breaks =
                (Verdict.Breaks) judge(tools(true, "\"auto\""), calls(List.of("c1"), "add", "{\"a\":1.5}"));
        assertEquals("/tool_calls/0/function/arguments/a", breaks.violation().path());
    }

    @Test
    void doubledAndMissingIdsAreMadeAnew() throws Exception {
        WholeAnswer answer = calls(List.of("c1", "c1", ""), "now", "{}");
        assertEquals(new Verdict.Holds(true), judge(tools(true, "\"auto\""), answer));
        Set<String> ids = new HashSet<>();
        answer.choices().get(0).calls().forEach(call -> ids.add(call.id()));
        assertEquals(3, ids.size(), ids::toString);
        assertTrue(ids.contains("c1") && !ids.contains(""), ids::toString);
    }

    @Test
    void aToolThatStoodForTheFormBecomesTheText() throws Exception {
        WholeAnswer answer = calls(List.of("c1"), "x", "{\"a\":1}");
        Judge.unwrap(answer, "x", "{}");
        assertEquals(new Verdict.Holds(false), judge("{" + SCHEMA + "}", answer));
        JsonObject choice =
                new JsonObject(answer.json()).getJsonArray("choices").getJsonObject(0);
        assertEquals("stop", choice.getString("finish_reason"));
        assertEquals(new JsonObject().put("content", "{\"a\":1}"), choice.getJsonObject("message"));
    }

    private static Verdict judge(String request, WholeAnswer answer) throws Exception {
        Demand demand = Demand.of(ChatRequest.parse(Buffer.buffer(request)));
        return Judge.judge(Terms.of(demand, AnswerSchema::compile), answer);
    }

    private static String tools(boolean strict, String choice) {
        return "{\"tools\":[" + ADD.formatted(strict) + "," + NOW + "],\"tool_choice\":" + choice + "}";
    }

    private static String rule(Verdict verdict) {
        return verdict instanceof Verdict.Breaks breaks ? breaks.violation().rule() : "";
    }

    private static String said(WholeAnswer answer) {
        StringBuilder said = new StringBuilder();
        answer.choices()
                .get(0)
                .calls()
                .forEach(call -> said.append(call.name())
                        .append(' ')
                        .append(call.arguments())
                        .append(' '));
        return said.toString().strip();
    }

    private static WholeAnswer text(String text, String finish) {
        return answer(new JsonArray().add(choice(new JsonObject().put("content", text), finish)));
    }

    private static WholeAnswer calls(List<String> ids, String name, String arguments) {
        JsonArray calls = new JsonArray();
        ids.forEach(id -> calls.add(new JsonObject()
                .put("id", id)
                .put("type", "function")
                .put("function", new JsonObject().put("name", name).put("arguments", arguments))));
        return answer(new JsonArray()
                .add(choice(new JsonObject().putNull("content").put("tool_calls", calls), "tool_calls")));
    }

    private static JsonObject choice(JsonObject message, String finish) {
        return new JsonObject().put("index", 0).put("message", message).put("finish_reason", finish);
    }

    private static WholeAnswer answer(JsonArray choices) {
        return WholeAnswer.of(
                        Buffer.buffer(new JsonObject().put("choices", choices).encode()))
                .orElseThrow();
    }
}
