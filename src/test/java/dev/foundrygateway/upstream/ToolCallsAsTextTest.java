package dev.foundrygateway.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.foundrygateway.openai.OfferedTools;
import dev.foundrygateway.openai.ToolCallText;
import dev.foundrygateway.upstream.repair.Dialect;
import dev.foundrygateway.upstream.repair.DialectCalls;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Tool calls that models write as text: the same in a plain answer and in a stream, however it is cut. */
class ToolCallsAsTextTest {

    /** A text, what of it remains, and the calls that it holds; ~ is a line's end. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '§',
            quoteCharacter = '"',
            ignoreLeadingAndTrailingWhitespace = true,
            nullValues = "-",
            value = {
                // Qwen, Hermes
                "<tool_call>~{'name': 'add', 'arguments': {'a': 1}}~</tool_call> § - § add {'a':1}",
                "Let me see.~<tool_call>{'name':'add','arguments':{'a':1}}</tool_call>~<tool_call>{'name':'now'}</tool_call> § Let me see.~ § add {'a':1} now {}",
                "<tool_call>{'name':'add','arguments':{'a':'</tool_call>'}}</tool_call> done § ' done' § add {'a':'</tool_call>'}",
                "<tool_call>{'name':'add','arguments':{'a':1}} § - § add {'a':1}",
                "<tool_call>{'name':'add','arguments':{'a':1}}~{'name':'now','arguments':{}}</tool_call> § - § add {'a':1} now {}",
                "<tool_call>~```json~{'name':'add','arguments':{'a':1,}}~```~</tool_call> § - § add {'a':1}",
                "<think>I could write <tool_call>{'name':'now'}</tool_call>.</think>~<tool_call>{'name':'add','arguments':{'a':1}}</tool_call> § <think>I could write <tool_call>{'name':'now'}</tool_call>.</think>~ § add {'a':1}",
                // Mistral
                "[TOOL_CALLS][{'name':'add','arguments':{'a':1}},{'name':'now','arguments':{}}] § - § add {'a':1} now {}",
                "[TOOL_CALLS] [{'name': 'add', 'arguments': {'a': 1}, 'id': 'VvvODy9mT'}]</s> § - § add {'a':1}",
                "Right.[TOOL_CALLS]add[ARGS]{'a':1}[TOOL_CALLS]now[ARGS]{} § Right. § add {'a':1} now {}",
                "[TOOL_CALLS]add[CALL_ID]abc123xyz[ARGS]{'a': 1} § - § add {'a':1}",
                "[TOOL_CALLS]add{'a': 1} § - § add {'a':1}",
                // Llama
                "<|python_tag|>{'name': 'add', 'parameters': {'a': 1}}<|eom_id|> § - § add {'a':1}",
                "<|python_tag|>{'name':'add','parameters':{'a':1}}; {'name':'now','parameters':{}} § - § add {'a':1} now {}",
                "{'type': 'function', 'name': 'add', 'parameters': {'a': 1}} § - § add {'a':1}",
                "{'name':'add','parameters':{'a':1}}; {'name':'now','parameters':{}} § - § add {'a':1} now {}",
                "<function=add>{'a': 1}</function> § - § add {'a':1}",
                "Sure: <function=add>{'a':1}</function>~<function=now>{}</function> § 'Sure: ' § add {'a':1} now {}",
                // Llama's and Liquid's Python
                "[add(a=1), now()] § - § add {'a':1} now {}",
                "~[ add( a = 1 ) ]<|eot|> § - § add {'a':1}",
                "<think>Hm, [now()].</think>~~[add(a=-.5, b=True, c=None)] § <think>Hm, [now()].</think>~~ § add {'a':-0.5,'b':true,'c':null}",
                "<|python_start|>[add(a=['x', {'y': (1, 2.)}])]<|python_end|> § - § add {'a':['x',{'y':[1,2.0]}]}",
                "Well.<|tool_call_start|>[now()]<|tool_call_end|> § Well. § now {}",
                // DeepSeek, Kimi
                "<\uff5ctool\u2581calls\u2581begin\uff5c><\uff5ctool\u2581call\u2581begin\uff5c>function<\uff5ctool\u2581sep\uff5c>add~```json~{'a': 1}~```<\uff5ctool\u2581call\u2581end\uff5c>~<\uff5ctool\u2581call\u2581begin\uff5c>function<\uff5ctool\u2581sep\uff5c>now~```json~{}~```<\uff5ctool\u2581call\u2581end\uff5c><\uff5ctool\u2581calls\u2581end\uff5c><\uff5cend\u2581of\u2581sentence\uff5c> § - § add {'a':1} now {}",
                "I look.~~<\uff5ctool\u2581calls\u2581begin\uff5c><\uff5ctool\u2581call\u2581begin\uff5c>add<\uff5ctool\u2581sep\uff5c>{'a':1}<\uff5ctool\u2581call\u2581end\uff5c><\uff5ctool\u2581calls\u2581end\uff5c> § I look.~~ § add {'a':1}",
                "<|tool_call_begin|>add<|tool_sep|>{'a':1}<|tool_call_end|> § - § add {'a':1}",
                "<|tool_calls_section_begin|><|tool_call_begin|>functions.add:0<|tool_call_argument_begin|>{'a':1}<|tool_call_end|><|tool_calls_section_end|> § - § add {'a':1}",
                // Phi, Granite
                "functools[{'name': 'add', 'arguments': {'a': 1}}] § - § add {'a':1}",
                "<|tool_call|>[{'type':'function','function':{'name':'add','arguments':{'a':1}}}]<|/tool_call|> § - § add {'a':1}",
                "<tool_call>~<function=add>~<parameter=a>~1~</parameter>~</function>~</tool_call> § - § add {'a':1}",
                "I look.~~<tool_call>~<function=add>~<parameter=a>~x~y~</parameter>~<parameter=b>~[1, 2]~</parameter>~</function>~</tool_call>~<tool_call>~<function=now>~</function>~</tool_call> § I look.~~ § add {'a':'x\\ny','b':[1,2]} now {}",
                "<function=add>~<parameter=a>~</parameter></function> done § ' done' § add {'a':''}",
                "<function=add><parameter=a>the tag </parameter> ends</parameter></function><function=now></function> § - § add {'a':'the tag </parameter> ends'} now {}",
                "<tool_call><function=add><parameter=a><tool_call>now</tool_call></parameter></function></tool_call> § - § add {'a':'<tool_call>now</tool_call>'}",
                "<seed:tool_call>~<function=add>~<parameter=a>true</parameter>~</function>~</seed:tool_call> § - § add {'a':true}",
                "<minimax:tool_call>~<invoke name='add'>~<parameter name='a'>1</parameter>~</invoke>~<invoke name='now'>~</invoke>~</minimax:tool_call> § - § add {'a':1} now {}",
                // DeepSeek 3.2
                "I look.~~<\uff5cDSML\uff5cfunction_calls>~<\uff5cDSML\uff5cinvoke name='add'>~<\uff5cDSML\uff5cparameter name='a' string='false'>1</\uff5cDSML\uff5cparameter>~<\uff5cDSML\uff5cparameter name='b' string='true'>2</\uff5cDSML\uff5cparameter>~</\uff5cDSML\uff5cinvoke>~<\uff5cDSML\uff5cinvoke name='now'>~</\uff5cDSML\uff5cinvoke>~</\uff5cDSML\uff5cfunction_calls> § I look.~~ § add {'a':1,'b':'2'} now {}",
                "<\uff5cDSML\uff5cfunction_calls><\uff5cDSML\uff5cinvoke name='add'><\uff5cDSML\uff5cparameter name='a' string='true'>the </\uff5cDSML\uff5cparameter> tag</\uff5cDSML\uff5cparameter></\uff5cDSML\uff5cinvoke></\uff5cDSML\uff5cfunction_calls> § - § add {'a':'the </\uff5cDSML\uff5cparameter> tag'}",
                "<\uff5cDSML\uff5cfunction_calls><\uff5cDSML\uff5cinvoke name='add'><\uff5cDSML\uff5cparameter name='a' string='true'>x</parameter> § <\uff5cDSML\uff5cfunction_calls><\uff5cDSML\uff5cinvoke name='add'><\uff5cDSML\uff5cparameter name='a' string='true'>x</parameter> § -",
                "<tool_call><function=add><parameter=a>1</parameter> § <tool_call><function=add><parameter=a>1</parameter> § -",
                "<tool_call><function=add><parameter=a>1</parameter><parameter=a>2</parameter></function> § <tool_call><function=add><parameter=a>1</parameter><parameter=a>2</parameter></function> § -",
                // Qwen3-Coder, Seed and MiniMax stand above, GLM below
                "<tool_call>add~<arg_key>a</arg_key>~<arg_value>1</arg_value>~<arg_key>b</arg_key>~<arg_value>Paris, F</arg_value>~</tool_call> § - § add {'a':1,'b':'Paris, F'}",
                "<think>Hm.</think>~I look.<tool_call>now</tool_call>~<tool_call>add<arg_key>a</arg_key><arg_value>[1]</arg_value></tool_call> § <think>Hm.</think>~I look. § now {} add {'a':[1]}",
                "<tool_call>~other~<arg_key>a</arg_key><arg_value></arg_value> behind </arg_value></tool_call> § - § other {'a':'</arg_value> behind '}",
                "<tool_call>add~<arg_key>a</arg_key>~<arg_value>1</arg_value> § <tool_call>add~<arg_key>a</arg_key>~<arg_value>1</arg_value> § -",
                "The <tool_call>now tag and <tool_call>add<x § The <tool_call>now tag and <tool_call>add<x § -",
                // Bare and fenced JSON
                "~~ {'name':'add','arguments':'{\\'a\\':1}'} § - § add {'a':1}",
                "[{'name':'add','arguments':{'a':1}}, {'name':'now','arguments':{}}] § - § add {'a':1} now {}",
                "I add.~{'name':'add','arguments':{'a':1}}~I have asked. § I add.~~I have asked. § add {'a':1}",
                "Here:~~```json~{~  'name': 'add',~  'arguments': {'a': 1}~}~```~ § Here:~~ § add {'a':1}",
                "```~[{'name':'now','arguments':{}}]~``` § - § now {}",
                "{'function':{'name':'add','arguments':{'a':1}}} § - § add {'a':1}",
                "{'function':'add','arguments':{'a':1}} § - § add {'a':1}",
                // Arguments before the name
                "{'arguments': {'a':1}, 'name': 'add'} § - § add {'a':1}",
                "{'parameters':{'name':'Ann','a':1},'name':'add'} § - § add {'name':'Ann','a':1}",
                "[{'arguments':{'a':1},'name':'add'},{'arguments':'{}','name':'now'}] § - § add {'a':1} now {}",
                "{'arguments':{'a':1},'name':'other'} § {'arguments':{'a':1},'name':'other'} § -",
                "{'arguments':{'name':'add'}} § {'arguments':{'name':'add'}} § -",
                // Python's other literals
                "[add(a=(1), b=(1,), c=(), d=((2)), e=[1,])] § - § add {'a':1,'b':[1],'c':[],'d':2,'e':[1]}",
                "[add(a='\\U0001F600\\u00e9\\x41\\101\\60', b='x\\~y\\q')] § - § add {'a':'\ud83d\ude00\u00e9AA0','b':'xy\\\\q'}",
                "[add(a='\\a\\b\\f\\v\\0')] § - § add {'a':'\\u0007\\u0008\\u000c\\u000b\\u0000'}",
                "[add(a='\\u-001')] § [add(a='\\u-001')] § -",
                "[add(a='\\U00110000')] § [add(a='\\U00110000')] § -",
                "[add(a='\\uff')] § [add(a='\\uff')] § -",
                // Of several calls none is made where one can't be read
                "<|tool_call_begin|>add<|tool_sep|>{'a':1}<|tool_call_end|><|tool_call_begin|>add<|tool_sep|>{'a':tru}<|tool_call_end|> § <|tool_call_begin|>add<|tool_sep|>{'a':1}<|tool_call_end|><|tool_call_begin|>add<|tool_sep|>{'a':tru}<|tool_call_end|> § -",
                "[TOOL_CALLS]add{'a':1}[TOOL_CALLS]add{'a':tru} § [TOOL_CALLS]add{'a':1}[TOOL_CALLS]add{'a':tru} § -",
                "[TOOL_CALLS]add{'a':tru}[now()] § [TOOL_CALLS]add{'a':tru}[now()] § -",
                "<function=now>{}</function><function=add>{'a':tru}</function> § <function=now>{}</function><function=add>{'a':tru}</function> § -",
                // A mark with something behind it that begins no call is text
                "[TOOL_CALLS]now{}<|tool_call_begin|>1{} § <|tool_call_begin|>1{} § now {}",
                "<tool_call>{'name':'now'}</tool_call> <tool_call>,{'name':'other'} § ' <tool_call>,{'name':'other'}' § now {}",
                "<tool_call><function=now>{}</function>~<function=add>{'a':1}</function></tool_call>; [TOOL_CALLS]now{} § - § now {} add {'a':1} now {}",
                // No calls
                "{'name':'other','arguments':{}} § {'name':'other','arguments':{}} § -",
                "```json~{'name': 'package', 'version': '1'}~``` § ```json~{'name': 'package', 'version': '1'}~``` § -",
                "Write `{'name':'add','arguments':{}}`. § Write `{'name':'add','arguments':{}}`. § -",
                "a <tool_call>no JSON</tool_call> b § a <tool_call>no JSON</tool_call> b § -",
                "<tool_call>{'name':'add','arguments':{'a': § <tool_call>{'name':'add','arguments':{'a': § -",
                "The mark [TOOL_CALLS] is Mistral's; see [1] and {x} for f. § The mark [TOOL_CALLS] is Mistral's; see [1] and {x} for f. § -",
                "{'a':1} § {'a':1} § -",
                "{'type':'function','function':{'name':'add','description':'Adds.','parameters':{'type':'object','properties':{}}}} § {'type':'function','function':{'name':'add','description':'Adds.','parameters':{'type':'object','properties':{}}}} § -",
                "```json~{'name':'add','parameters':{'type':'object','properties':{'a':{'type':'number'}}}}~``` § ```json~{'name':'add','parameters':{'type':'object','properties':{'a':{'type':'number'}}}}~``` § -",
                "[{'type':'function','function':{'name':'now','description':'Tells.'}},{'name':'now'}] § [{'type':'function','function':{'name':'now','description':'Tells.'}},{'name':'now'}] § -",
                "{'name':'add','parameters':{'type':'object','a':1}} § - § add {'type':'object','a':1}",
                "1 < 2 ` [ { f § 1 < 2 ` [ { f § -",
                "Write [add(a=1)] to add. § Write [add(a=1)] to add. § -",
                "[add(a=1)] adds. § [add(a=1)] adds. § -",
                "For example:~[add(a=1)] § For example:~[add(a=1)] § -",
                "```python~[add(a=1)]~``` § ```python~[add(a=1)]~``` § -",
                "[other(a=1)] § [other(a=1)] § -",
                "[add(1)] § [add(1)] § -",
                "[add(a=x)] § [add(a=x)] § -",
                "[add(a=1), f()] § [add(a=1), f()] § -",
                "[add(a=1, a=2)] § [add(a=1, a=2)] § -",
                "[add(a='x § [add(a='x § -",
                "The mark <\uff5ctool\u2581calls\u2581begin\uff5c> opens. § The mark <\uff5ctool\u2581calls\u2581begin\uff5c> opens. § -",
                // A mark in prose takes nothing from a call beside it
                "The <tool_call> tag: <tool_call>{'name':'now','arguments':{}}</tool_call> § 'The <tool_call> tag: ' § now {}",
            })
    void aCallIsFoundAndTheRestIsText(String written, String remaining, String wanted) {
        String text = spelt(written);
        String rest = remaining == null ? "" : spelt(remaining.replaceAll("^'( ?.*? ?)'$", "$1"));
        String calls = wanted == null ? "" : spelt(wanted);
        String plain = ToolCallText.read(text, OfferedTools.named(Set.of("add", "now")), () -> "id")
                .map(found -> found.rest() + "|" + said(found))
                .orElse(text + "|");
        assertEquals(rest + "|" + calls, plain);
        for (Dialect dialect : List.of(Dialect.OPENAI, Dialect.FOUNDRY_0X, Dialect.FOUNDRY_2X)) {
            for (int size : new int[] {1, 2, 3, 5, 8, 13, 1000}) {
                List<String> pieces = new ArrayList<>();
                for (int at = 0; at < text.length(); at += size) {
                    pieces.add(text.substring(at, Math.min(text.length(), at + size)));
                }
                RawStream.Answer answer = RawStream.answer(dialect, "", pieces);
                assertEquals(
                        rest.strip() + "|" + calls, answer.text().strip() + "|" + answer.calls(), dialect + " " + size);
                assertEquals(calls.isEmpty() ? "stop" : "tool_calls", answer.finish());
            }
        }
    }

    /** What is no call leaves before a plain server as the bytes that came, cut as they were. */
    @Test
    void whatIsNoCallPassesAsItCame() {
        StringBuilder body = new StringBuilder();
        for (String piece : List.of(
                "A ", "[", "x] ", "{\"name", "\": \"pack", "age\"}", " `", "``json\n", "{\"a\":1}\n```", " end of")) {
            body.append(RawStream.chunk(piece));
        }
        body.append(RawStream.finish("stop")).append(RawStream.DONE);
        assertEquals(body.toString(), RawStream.relayed(Dialect.OPENAI, "", body.toString()));
    }

    /** What the model says before a call is not held back. */
    @Test
    void textBeforeACallPassesAtOnce() {
        StreamOpening opening = new StreamOpening(DialectCalls.chat(Dialect.OPENAI, RawStream.ASK.formatted("")));
        String first = opening.read(Buffer.buffer(RawStream.chunk("Let me see. <tool")))
                .bytes()
                .toString();
        assertEquals("", first);
        String second = opening.read(Buffer.buffer(RawStream.chunk("_call>{\"name\":")))
                .bytes()
                .toString();
        assertTrue(second.contains("Let me see. ") && !second.contains("tool"), second);
    }

    @ParameterizedTest
    @EnumSource(Dialect.class)
    void aModelThatMayCallNoToolCallsNone(Dialect dialect) {
        String text = "<tool_call>{\"name\":\"now\"}</tool_call>";
        RawStream.Answer answer = RawStream.answer(dialect, ",\"tool_choice\":\"none\"", List.of(text));
        assertEquals(text, answer.text());
        assertEquals("", answer.calls());
        assertEquals(
                dialect == Dialect.OPENAI,
                DialectCalls.chat(dialect, RawStream.ASK.formatted(",\"tool_choice\":\"none\""))
                        .body()
                        .toString()
                        .contains("\"tools\""),
                "who doesn't read tool_choice is offered no tools");
    }

    /** What a server streams of two calls, and what is put together of it by index. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "0,c,add,{} 1,c,now,{} | 0:add {} 1:now {}",
                "0,c,add,{'a' 0,-,-,:1} 0,d,now,{} | 0:add {'a':1} 1:now {}",
                "0,-,add,{} 1,-,now,{} | 0:add {} 1:now {}",
                "-,c,add,{'a' -,-,-,:1} -,d,now,{} | 0:add {'a':1} 1:now {}",
                "0,c,functions.add,{'a' 0,c,functions.add,:1} | 0:add {'a':1}",
                "-,-,add,{} -,-,now,{} | 0:add {} 1:now {}",
                "0,-,add,{} 0,-,now,{'a' 0,-,-,:1} | 0:add {} 1:now {'a':1}",
                "0,c,ADD,{} 1,d,other,{} 1,d,-,- | 0:add {} 1:other {}",
                // A name in parts is one call's; the same function with other whole arguments is called twice.
                "0,c,ad,- 0,-,d,{} | 0:add {}",
                "0,-,add,{'a':1} 0,-,add,{'a':2} | 0:add {'a':1} 1:add {'a':2}",
            })
    void properCallsKeepTheirPlaces(String pieces, String wanted) {
        for (Dialect dialect : List.of(Dialect.OPENAI, Dialect.FOUNDRY_2X)) {
            StringBuilder body = new StringBuilder();
            for (String piece : spelt(pieces).split(" ", -1)) {
                String[] parts = piece.split(",", 4);
                JsonObject function = new JsonObject();
                put(function, "name", parts[2]);
                put(function, "arguments", parts[3]);
                JsonObject call = new JsonObject().put("function", function);
                if (!parts[0].equals("-")) {
                    call.put("index", Integer.valueOf(parts[0]));
                }
                put(call, "id", parts[1]);
                body.append(RawStream.event(new JsonObject().put("tool_calls", new JsonArray().add(call))));
            }
            body.append(RawStream.finish("tool_calls")).append(RawStream.DONE);
            RawStream.Answer answer = RawStream.read(RawStream.relayed(dialect, "", body.toString()));
            assertEquals(spelt(wanted), answer.numbered(), dialect.name());
            assertEquals(
                    answer.numbered().split("\\d:").length - 1,
                    Set.copyOf(answer.ids().values()).size(),
                    dialect.name());
        }
    }

    /** What a server streams of several calls in one list, and what is put together of it by index. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "{'function':{'name':'add','arguments':'{}'}},{'function':{'name':'now','arguments':'{}'}} | 0:add {} 1:now {}",
                "{'index':0,'id':'','function':{'name':'add','arguments':'{}'}},{'index':0,'id':'','function':{'name':'add','arguments':'{}'}} | 0:add {} 1:add {}",
                "{'index':0,'id':'c','function':{'name':'add','arguments':{'a':[1]}}},{'index':1,'id':'d','function':{'name':'now','arguments':{}}} | 0:add {'a':[1]} 1:now {}",
            })
    void callsOfOneListAreCallsOfTheirOwn(String list, String wanted) {
        JsonObject delta = new JsonObject("{\"tool_calls\":[" + spelt(list) + "]}");
        RawStream.Answer answer = RawStream.read(RawStream.relayed(
                Dialect.OPENAI, "", RawStream.event(delta) + RawStream.finish("tool_calls") + RawStream.DONE));
        assertEquals(spelt(wanted), answer.numbered());
        assertEquals(2, Set.copyOf(answer.ids().values()).size());
    }

    private static void put(JsonObject object, String name, String value) {
        if (!value.equals("-")) {
            object.put(name, value);
        }
    }

    private static String spelt(String text) {
        return text.replace('\'', '"').replace('~', '\n');
    }

    private static String said(ToolCallText found) {
        StringBuilder said = new StringBuilder();
        found.calls()
                .forEach(call -> said.append(call.meant(Set.of("add", "now")).orElse(call.name()))
                        .append(' ')
                        .append(call.arguments())
                        .append(' '));
        return said.toString().strip();
    }
}
