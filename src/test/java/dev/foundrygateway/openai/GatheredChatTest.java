package dev.foundrygateway.openai;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.foundrygateway.openai.json.Json;
import io.vertx.core.buffer.Buffer;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A plain answer out of a stream, however the server cuts and names the pieces. The texts are written with single quotes. */
class GatheredChatTest {
    private static final String A = "{'id':'a','type':'function','function':{'name':'f','arguments':'{\\'p\\':1}'}}";
    private static final String AB =
            "[" + A + ",{'id':'b','type':'function','function':{'name':'g','arguments':'{\\'p\\':2}'}}]";

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                // as OpenAI does it
                "{'index':0,'id':'a','type':'function','function':{'name':'f','arguments':''}}~{'index':0,'function':{'arguments':'{\\'p\\''}}~{'index':0,'function':{'arguments':':1}'}}~{'index':1,'id':'b','type':'function','function':{'name':'g','arguments':'{\\'p\\':2}'}}",
                // all of index 0, whole
                "{'index':0,'id':'a','function':{'name':'f','arguments':'{\\'p\\':1}'}}~{'index':0,'id':'b','function':{'name':'g','arguments':'{\\'p\\':2}'}}",
                // all of index 0, in one chunk
                "{'index':0,'id':'a','function':{'name':'f','arguments':'{\\'p\\':1}'}},{'index':0,'id':'b','function':{'name':'g','arguments':'{\\'p\\':2}'}}",
                // all of index 0, in pieces
                "{'index':0,'id':'a','function':{'name':'f','arguments':'{\\'p'}}~{'index':0,'function':{'arguments':'\\':1}'}}~{'index':0,'id':'b','function':{'name':'g','arguments':''}}~{'index':0,'id':'','function':{'name':null,'arguments':'{\\'p\\':2}'}}",
                // without an index
                "{'id':'a','function':{'name':'f','arguments':'{\\'p'}}~{'function':{'arguments':'\\':1}'}}~{'id':'b','function':{'name':'g'}}~{'id':'b','function':{'arguments':'{\\'p\\':2}'}}",
                // without an index, two at once
                "{'id':'a','function':{'name':'f'}},{'id':'b','function':{'name':'g'}}~{'function':{'arguments':'{\\'p\\':1}'}},{'function':{'arguments':'{\\'p\\':2}'}}",
                // id and name in every piece
                "{'index':0,'id':'a','function':{'name':'f','arguments':'{\\'p\\''}}~{'index':0,'id':'a','function':{'name':'f','arguments':':1}'}}~{'index':0,'id':'a','function':{'name':'f','arguments':''}}~{'index':1,'id':'b','function':{'name':'g','arguments':'{\\'p\\':2}'}}",
                // said again at the end
                "{'index':0,'id':'a','function':{'name':'f','arguments':'{\\'p\\':1}'}}~{'index':1,'id':'b','function':{'name':'g','arguments':'{\\'p\\':2}'}}~{'index':0,'id':'a','function':{'name':'f','arguments':'{\\'p\\':1}'}}",
                // null arguments, type again, the later index first
                "{'index':1,'id':'b','type':'function','function':{'name':'g','arguments':null}}~{'index':1,'type':'function','function':{'arguments':'{\\'p\\':2}'}}~{'index':0,'id':'a','type':null,'function':{'name':'f','arguments':'{\\'p\\':1}'}}",
                // arguments as an object
                "{'index':0,'id':'a','function':{'name':'f','arguments':{'p':1}}}~{'index':0,'id':'b','function':{'name':'g','arguments':{'p':2}}}"
            })
    void callsAreToldApart(String pieces) {
        Stream<String> chunks = Stream.of(pieces.split("~")).map(piece -> "{'tool_calls':[" + piece + "]}");
        assertEquals(
                text("{'role':'assistant','content':null,'tool_calls':" + AB + "}"),
                gathered(chunks.toArray(String[]::new)));
    }

    /** A stream, mended for a client that goes by the index, and a plain answer make the same calls of the same pieces. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                // one id for two calls of one list
                "{'id':'a','function':{'name':'f','arguments':'{}'}},{'id':'a','function':{'name':'g','arguments':'{}'}}; f{} g{}",
                // one call in two pieces of one list
                "{'index':0,'id':'a','function':{'name':'f','arguments':'{\\'p\\''}},{'index':0,'id':'a','function':{'name':'f','arguments':':1}'}}; f{'p':1}",
                "{'index':0,'id':'a','function':{'name':'f','arguments':'{}'}},{'index':0,'id':'a','function':{'name':'f','arguments':''}}; f{}",
                // an id that comes late
                "{'index':0,'function':{'name':'f','arguments':'{'}}~{'index':0,'id':'a','function':{'arguments':''}}~{'index':0,'id':'b','function':{'name':'g','arguments':'{}'}}; f{ g{}",
                // a name in parts, and again
                "{'index':0,'function':{'name':'f'}}~{'index':0,'function':{'name':'g','arguments':'{}'}}~{'index':0,'function':{'name':'fg','arguments':''}}; fg{}",
                // the same function twice, under another id and under none
                "{'index':0,'id':'a','function':{'name':'f','arguments':'{}'}}~{'index':0,'id':'b','function':{'name':'f','arguments':'{}'}}; f{} f{}",
                "{'index':0,'function':{'name':'f','arguments':'{}'}}~{'index':0,'function':{'name':'f','arguments':'{}'}}; f{} f{}"
            })
    void streamedPiecesAreGroupedAsGatheredOnesAre(String pieces, String calls) {
        GatheredChat plain = new GatheredChat(false);
        GatheredChat mended = new GatheredChat(false);
        int[] made = {0};
        StreamedCalls stream = new StreamedCalls(Set.of("f", "g"), () -> "made-" + made[0]++);
        for (String piece : pieces.split("~", -1)) {
            String choice = "'index':0,'delta':{'tool_calls':[" + piece + "]}";
            plain.add(chunk(choice));
            ReplyDocument chunk = chunk(choice);
            stream.mend(chunk);
            mended.add(chunk);
        }
        assertEquals(text(calls), said(plain));
        assertEquals(text(calls), said(mended));
    }

    private static String said(GatheredChat chat) {
        return ReplyDocument.of(chat.answer().bytes()).orElseThrow().toolCalls().elements().stream()
                .map(call -> call.get("function"))
                .map(body -> body.get("name").text() + body.get("arguments").text())
                .collect(Collectors.joining(" "));
    }

    @Test
    void moreCallsOrChoicesThanAnyClientAsksForAreRefused() {
        GatheredChat calls = new GatheredChat(false);
        GatheredChat choices = new GatheredChat(false);
        for (int i = 0; i < 1_000; i++) {
            calls.add(chunk("'index':0,'delta':{'tool_calls':[{'id':'c" + i + "','function':{'name':'f'}}]}"));
        }
        for (int i = 0; i < 128; i++) {
            choices.add(chunk("'index':" + i + ",'delta':{'content':'a'}"));
        }
        choices.add(chunk("'index':127,'delta':{'content':'b'}"));
        assertThrows(
                IllegalStateException.class,
                () -> calls.add(chunk("'index':0,'delta':{'tool_calls':[{'id':'x','function':{'name':'f'}}]}")));
        assertThrows(IllegalStateException.class, () -> choices.add(chunk("'index':128,'delta':{'content':'a'}")));
    }

    private static ReplyDocument chunk(String choice) {
        return ReplyDocument.of(Buffer.buffer(text("{'choices':[{" + choice + "}]}")))
                .orElseThrow();
    }

    @Test
    void callsWithoutIdsOrIndexesAreToldApartByTheirNames() {
        String plain = gathered(
                "{'tool_calls':[{'function':{'name':'f','arguments':{'p':1.0}}}]}",
                "{'tool_calls':[{'function':{'name':'f','arguments':{'p':2}}}]}");
        assertEquals(
                text(
                        "{'role':'assistant','content':null,'tool_calls':[{'type':'function','function':{'name':'f','arguments':'{\\'p\\':1.0}'}},"
                                + "{'type':'function','function':{'name':'f','arguments':'{\\'p\\':2}'}}]}"),
                plain);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "{'function_call':{'name':'f','arguments':''}}~{'function_call':{'arguments':'{\\'p\\''}}~{'function_call':{'arguments':':1}'}}; {'role':'assistant','content':null,'function_call':{'name':'f','arguments':'{\\'p\\':1}'}}",
                "{'function_call':{'name':'get_','arguments':null}}~{'function_call':{'name':'x','arguments':'{}'}}; {'role':'assistant','content':null,'function_call':{'name':'get_x','arguments':'{}'}}",
                "{'role':'assistant','content':'a'}~{'role':'assistant','content':null}~{'role':'','content':'b','tool_calls':[]}~{'tool_calls':null,'function_call':null}; {'role':'assistant','content':'ab','function_call':null}",
                "{'content':[{'type':'text','text':'a'}]}~{'content':[{'type':'text','text':'b'}]}; {'role':'assistant','content':'ab'}",
                "{'content':[{'type':'thinking','thinking':[{'type':'text','text':'t'}]}]}~{'content':'b'}; {'role':'assistant','reasoning_content':'t','content':'b'}",
                "{'reasoning_content':'a'}~{'reasoning_content':'b','content':''}~{'content':'c'}; {'role':'assistant','reasoning_content':'ab','content':'c'}",
                "{'reasoning':'a','refusal':'n'}~{'reasoning':'b','refusal':'o'}; {'role':'assistant','reasoning':'ab','refusal':'no','content':''}",
                "{'audio':{'id':'i','data':'YQ=='}}~{'audio':{'data':'Yg==','transcript':'x'}}~{'audio':{'expires_at':1,'transcript':'y'}}; {'audio':{'id':'i','data':'YWI=','transcript':'xy','expires_at':1},'role':'assistant','content':null}",
                "{'annotations':[1]}~{'annotations':[2.0],'content':'a'}; {'annotations':[1,2.0],'role':'assistant','content':'a'}"
            })
    void deltasAreJoined(String deltas, String message) {
        assertEquals(text(message), gathered(deltas.split("~")));
    }

    @Test
    void choicesUsageAndFinishReasonComeInAnyChunk() {
        GatheredChat chat = new GatheredChat(false);
        add(
                chat,
                "{'id':'i','usage':{'prompt_tokens':1,'completion_tokens':1},'choices':[{'index':1,'delta':{'content':'b'},'finish_reason':''}]}");
        add(chat, "{'id':'i','usage':null,'choices':[{'index':0,'delta':{'content':'a'},'finish_reason':'stop'}]}");
        add(chat, "{'usage':{'prompt_tokens':1,'completion_tokens':2},'choices':[]}");
        add(
                chat,
                "{'usage':{'prompt_tokens':0,'completion_tokens':0},'choices':[{'index':1,'finish_reason':'length'},{'index':0,'finish_reason':null}]}");
        assertEquals(
                text(
                        "{'id':'i','usage':{'prompt_tokens':1,'completion_tokens':2},'object':'chat.completion','choices':["
                                + "{'index':0,'finish_reason':'stop','message':{'role':'assistant','content':'a'}},"
                                + "{'index':1,'finish_reason':'length','message':{'role':'assistant','content':'b'}}]}"),
                chat.answer().bytes().toString());
    }

    private static String gathered(String... deltas) {
        GatheredChat chat = new GatheredChat(false);
        for (String delta : deltas) {
            add(chat, "{'choices':[{'index':0,'delta':" + delta + "}]}");
        }
        return Json.parse(chat.answer().bytes())
                .orElseThrow()
                .get("choices")
                .get(0)
                .get("message")
                .toString();
    }

    private static void add(GatheredChat chat, String json) {
        chat.add(new ReplyDocument(Json.of(text(json))));
    }

    /** Quotes for JSON; an escaped one is a quote inside of a string. */
    private static String text(String json) {
        return json.replace("\\'", "\\\"").replace("'", "\"");
    }
}
