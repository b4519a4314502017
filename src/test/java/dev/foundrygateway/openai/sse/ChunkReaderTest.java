package dev.foundrygateway.openai.sse;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.foundrygateway.openai.sse.StreamEvent.Kind;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the data of one event means. */
class ChunkReaderTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'choices':[{'delta':{'content':'x'}}]} | true",
                "{ 'id' : 'c' , 'choices' :\t[ { 'index' : 0 , 'delta' : { 'role' : 'assistant' , 'content' : ' ' } } ] } | true",
                "{'choices':[{'delta':{'content':''}}]} | false",
                "{'choices':[{'delta':{'content':null}}]} | false",
                "{'choices':[{'delta':{}}]} | false",
                "{'choices':[{'delta':null}]} | false",
                "{'choices':[null,1,[],'x']} | false",
                "{'choices':{'delta':{'content':'x'}}} | false",
                "{'choices':null} | false",
                "{'choices':[{'delta':{'reasoning_content':'x'}}]} | true",
                "{'choices':[{'delta':{'reasoning':'x','content':''}}]} | true",
                "{'choices':[{'delta':{'refusal':'x'}}]} | true",
                "{'choices':[{'delta':{'tool_calls':[{'index':0}]}}]} | true",
                "{'choices':[{'delta':{'tool_calls':[ ]}}]} | false",
                "{'choices':[{'delta':{'function_call':{'arguments':'x'}}}]} | true",
                "{'choices':[{'delta':{'content':''},'message':{'content':'x'}}]} | false",
                "{'choices':[{'message':{'content':'x'},'delta':{'content':'x'}}]} | true",
                "{'choices':[{'delta':{'content':''}},{'delta':{'content':'second'}}]} | true",
                "{'choices':[{'delta':{'c\\u006fntent':'x'}}]} | true",
                "{'choices':[{'delta':{'Content':'x'}}]} | false",
                "{'choices':[{'text':'x'}]} | true",
                "{'choices':[{'text':''}]} | false",
                "{'choices':[{'delta':{'role':'assistant'},'x':'\\'content\\':\\'y\\''}]} | false",
                "{'delta':{'content':'x'}} | false",
                "{'type':'response.output_text.delta','delta':'x'} | true",
                "{'delta':'x','type':'response.output_text.delta'} | true",
                "{'type':'response.output_text.delta','delta':''} | false",
                "{'type':'response.output_text.done','delta':'x'} | false",
                "{'type':'other.delta','delta':'x'} | false",
                "{'type':'response.x.delta','delta':{'a':1}} | false"
            })
    void tokenIsWhatCarriesOutput(String json, boolean token) {
        assertEquals(token, read(json).token());
        assertEquals(Kind.CHUNK, read(json).kind());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{} | CHUNK",
                "{'error':{'message':'x'}} | ERROR",
                "{'error':'x'} | ERROR",
                "{'error':null} | CHUNK",
                "{'a':{'error':{}}} | CHUNK",
                "{'choices':[{'delta':{'content':'\\'error\\':{}'}}]} | CHUNK",
                "{'type':'error','message':'x'} | ERROR",
                "{'type':'response.failed','response':{}} | ERROR",
                "{'type':'response.completed','response':{'error':null}} | CHUNK",
                "[DONE] | DONE",
                " [DONE]  | DONE",
                "[DONE]x | OTHER",
                "[] | OTHER",
                "null | OTHER",
                "text | OTHER",
                "{'a':1 | OTHER",
                "{'a':1} {} | OTHER",
                "{'a':01} | OTHER"
            })
    void kindIsWhatTheDataIs(String json, Kind kind) {
        assertEquals(kind, read(json).kind());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'usage':{'prompt_tokens':3,'completion_tokens':4}} | 3 | 4",
                "{'usage':{ 'completion_tokens' : 4, 'details':{'prompt_tokens':9}, 'prompt_tokens' : 3 }} | 3 | 4",
                "{'usage':{'input_tokens':3,'output_tokens':4}} | 3 | 4",
                "{'response':{'id':'x','usage':{'input_tokens':3,'output_tokens':4}},'type':'response.completed'} | 3 | 4",
                "{'usage':{'prompt_tokens':3}} | 3 | 0",
                "{'results':[],'usage':{'total_tokens':815}} | 815 | 0",
                "{'usage':{'total_tokens':7,'prompt_tokens':3,'completion_tokens':4}} | 3 | 4",
                "{'usage':{'prompt_tokens':-3,'completion_tokens':1.5}} | 0 | 0",
                "{'usage':{'prompt_tokens':99999999999999999999,'completion_tokens':7}} | 0 | 7",
                "{'usage':null} | 0 | 0",
                "{'usage':[3,4]} | 0 | 0",
                "{'x':{'usage':{'prompt_tokens':3}}} | 0 | 0",
                "{'x':'\\'usage\\':{\\'prompt_tokens\\':3}'} | 0 | 0"
            })
    void usageIsReadWhereItBelongs(String json, long prompt, long completion) {
        assertEquals(new Usage(prompt, completion), read(json).usage());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'choices':[{'finish_reason':'tool_calls','delta':{}}]} | tool_calls",
                "{'choices':[{'finish_reason':null},{'finish_reason':'stop'},{'finish_reason':'length'}]} | stop",
                "{'choices':[{'text':'','finish_reason':'length'}]} | length",
                "{'choices':[{'finish_reason':null}]} | ``",
                "{'finish_reason':'stop'} | ``",
                "{'type':'response.completed'} | stop",
                "{'response':{},'type':'response.incomplete'} | length",
                "{'type':'response.failed'} | ``"
            })
    void finishReasonIsTheFirstOfAnyChoice(String json, String reason) {
        assertEquals(reason, read(json).finishReason());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'choices':[{'delta':{'reasoning_content':'x','content':''}}]} | THINKING",
                "{'choices':[{'delta':{'reasoning':'x','content':'y'}}]} | ANSWER",
                "{'choices':[{'delta':{'content':'<chan','reasoning':'x'}}]} | MARKED",
                "{'choices':[{'delta':{'content':'\\u003cx'}}]} | MARKED",
                "{'choices':[{'delta':{'content': ' '}}]} | MARKED",
                "{'choices':[{'delta':{'content':'a<'}}]} | ANSWER",
                "{'choices':[{'delta':{'tool_calls':[1]}}]} | ANSWER",
                "{'type':'response.reasoning_text.delta','delta':'x'} | THINKING"
            })
    void thinkingIsToldFromTheAnswer(String json, StreamEvent.Output output) {
        assertEquals(output, read(json).output());
        assertEquals(output != StreamEvent.Output.THINKING, read(json).answer());
    }

    @Test
    void usageSaysWhatWasCachedAndWhatWasThought() {
        assertEquals(
                new Usage(30, 4, 20, 3),
                read("{'usage':{'completion_tokens_details':{'x':1,'reasoning_tokens':3},'prompt_tokens':30,"
                                + "'prompt_tokens_details':{'cached_tokens':20},'completion_tokens':4}}")
                        .usage());
        assertEquals(
                new Usage(3, 4),
                read("{'usage':{'prompt_tokens':3,'completion_tokens':4,'prompt_tokens_details':null,'completion_tokens_details':[1]}}")
                        .usage());
    }

    @Test
    void oneChunkMayBeSeveralThings() {
        StreamEvent event = read(
                "{'choices':[{'delta':{'content':'x'},'finish_reason':'stop'}],'usage':{'prompt_tokens':3,'completion_tokens':4},'error':{}}");
        assertEquals(
                new StreamEvent(
                        Kind.ERROR, StreamEvent.Output.ANSWER, "stop", new Usage(3, 4), true, event.from(), event.to()),
                event);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{'choices':[],'usage':{'prompt_tokens':3}}", "{'usage':{'prompt_tokens':3}}"})
    void usageWithoutAChoiceIsUsageOnly(String json) {
        assertEquals(true, read(json).usageOnly());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'choices':[{'delta':{}}],'usage':{'prompt_tokens':3}}",
                "{'choices':[],'usage':{'prompt_tokens':0}}",
                "{'choices':[],'usage':{'prompt_tokens':3},'error':{}}"
            })
    void otherUsageIsNotUsageOnly(String json) {
        assertEquals(false, read(json).usageOnly());
    }

    @Test
    void nothingIsLeftFromTheEventBefore() {
        String first =
                "data: {\"choices\":[{\"delta\":{\"content\":\"x\"},\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":3},\"error\":1}\n\n";
        List<StreamEvent> events = new EventScanner(1_000)
                .feed(Buffer.buffer(first + "data: {\"a\":1}\n\n"))
                .events();
        StreamEvent second = events.get(1);
        assertEquals(
                new StreamEvent(
                        Kind.CHUNK,
                        StreamEvent.Output.NONE,
                        "",
                        Usage.NONE,
                        false,
                        first.length(),
                        first.length() + 15),
                second);
    }

    /** The event of this data, written with single quotes. */
    private static StreamEvent read(String json) {
        Frame frame = new EventScanner(1_000).feed(Buffer.buffer("data: " + json.replace('\'', '"') + "\n\n"));
        assertEquals(1, frame.events().size());
        return frame.events().get(0);
    }
}
