package dev.foundrygateway.openai;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.buffer.Buffer;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Reading a request. The texts are written with single quotes. */
class ChatRequestTest {
    @Test
    void anUneditedRequestIsTheBufferThatCame() {
        Buffer bytes = Buffer.buffer("{\"model\":\"m\"}");
        assertSame(bytes, ChatRequest.parse(bytes).bytes());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'model':'m'} | m",
                "`\n{ 'a' : [ ] ,\r\n\t'model' : 'm' }\n` | m",
                "{'m\\u006fdel':'caf\\u00e9 \\\\ \\n'} | `café \\ \n`",
                "{'model':'a','model':'b'} | b",
                "{'x':{'model':'a'}} | ``",
                "{'x':'\\'model\\':\\'a\\''} | ``",
                "{'model':1} | ``",
                "{'model':null} | ``",
                "{} | ``"
            })
    void modelIsTheTopLevelString(String json, String model) {
        assertEquals(model, parse(json).model());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'stream':true} | true | false",
                "{'stream' : true ,'stream_options' : { 'include_usage' : true } } | true | true",
                "{'stream':false,'stream_options':{'include_usage':false}} | false | false",
                "{'stream':'true','stream_options':{'include_usage':'true'}} | false | false",
                "{'stream':1,'stream_options':{'include_usage':1}} | false | false",
                "{'stream':null,'stream_options':null} | false | false",
                "{'stream':true,'stream':false,'stream_options':{'include_usage':true,'include_usage':false}} | false | false",
                "{'include_usage':true,'x':{'stream':true},'stream_options':{'x':{'include_usage':true}}} | false | false",
                "{'stream_options':[{'include_usage':true}]} | false | false"
            })
    void streamAndUsageAreOnForTheLiteralTrueOnly(String json, boolean streaming, boolean usage) {
        assertEquals(streaming, parse(json).streaming());
        assertEquals(usage, parse(json).wantsUsage());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'max_tokens':7} | 7",
                "{'max_tokens':7,'max_completion_tokens':5} | 5",
                "{'max_tokens':7,'max_completion_tokens':null} | 7",
                "{'max_tokens':-1} | -1",
                "{'max_tokens':0} | 0",
                "{'max_tokens':999999999999999999} | 999999999999999999"
            })
    void maxTokensPrefersTheNewerName(String json, long tokens) {
        assertEquals(OptionalLong.of(tokens), parse(json).maxTokens());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{'max_tokens':'7'}",
                "{'max_tokens':7.0}",
                "{'max_tokens':1e3}",
                "{'max_tokens':12345678901234567890}",
                "{'max_tokens':[7]}"
            })
    void maxTokensIsAWholeNumberOrAbsent(String json) {
        assertEquals(OptionalLong.empty(), parse(json).maxTokens());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'messages':[{'role':'user','content':'a'},{'role':'assistant','content':'b'}]} | a",
                "{'messages':[{'role':'user','content':'a'},{'content':'b\\n\\ud83d\\ude00','role':'user'},{'role':'tool','content':'c'}]} | `b\n😀`",
                "{'messages':[{'role':'user','content':[{'type':'text','text':'a'},{'type':'image_url','image_url':{'url':'x'}},{'text':'b','type':'text'}]}]} | `a\nb`",
                "{'messages':[{'role':'user','content':'a'},{'role':'user','content':null}]} | ``",
                "{'messages':[{'role':'user','content':'a'},{'role':'user','content':[{'type':'image_url','image_url':{'url':'x'}}]}]} | ``",
                // What a chat shows in the user's name, and nobody has asked
                "{'messages':[{'role':'user','content':'a'},{'role':'tool','content':'b'},{'role':'user','content':[{'type':'text','text':'The image of the tool result c1:'},{'type':'image_url','image_url':{'url':'x'}}]}]} | a",
                "{'messages':[{'role':'user','content':'a'},{'role':'user','content':[{'type':'text','text':'The image of the tool result c1:'},{'type':'image_url','image_url':{'url':'x'}},{'type':'text','text':'b'}]}]} | b",
                "{'messages':[{'role':'user','content':'a'},{'role':'user'}]} | ``",
                "{'messages':[{'role':'user','content':[1,'x',{'type':'text'},{'type':'text','text':1},null]}]} | ``",
                "{'messages':[1,null,'x',[{'role':'user','content':'a'}]]} | ``",
                "{'messages':[{'role':'system','content':'a','x':{'role':'user','content':'b'}}]} | ``",
                "{'messages':'x'} | ``",
                "{'messages':[]} | ``",
                "{'input':'x'} | ``"
            })
    void lastUserTextIsTheLastMessagesOfTheUser(String json, String text) {
        assertEquals(text, parse(json).lastUserText());
    }

    @Test
    void aMemberIsGivenAsItStands() {
        ChatRequest request = parse("{'a': { 'b' : 1.50 } , 'c':'x\\u0041','a' :[ 2 ]}");
        assertEquals(Optional.of("[ 2 ]"), request.member("a"));
        assertEquals(Optional.of("\"x\\u0041\""), request.member("c"));
        assertEquals(Optional.empty(), request.member("b"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "`` | expected a JSON object at byte offset 0 (line 1, column 1)",
                "  [1] | expected a JSON object at byte offset 0 (line 1, column 1)",
                "secret | expected a JSON object at byte offset 0 (line 1, column 1)",
                "`{'a':1,\n 'secret':tru}` | unknown word at byte offset 18 (line 2, column 11)",
                "{'a':'secret | unterminated string at byte offset 5 (line 1, column 6)",
                "{'a':1}secret | text after the end of the value at byte offset 7 (line 1, column 8)",
                "{'a':1 | expected a comma or the object's end at byte offset 6 (line 1, column 7)",
                "{'a':1,} | expected a member's name in quotes at byte offset 7 (line 1, column 8)",
                "{'a':'é','b':01} | expected a comma or the object's end at byte offset 15 (line 1, column 16)"
            })
    void whatIsNoObjectIsRefusedWithItsPlaceAndWithoutItsText(String json, String message) {
        Buffer bytes = bytes(json);
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> ChatRequest.parse(bytes));
        assertEquals(message, e.getMessage());
        assertEquals(Optional.of(message), ChatRequest.findInvalidity(bytes));
    }

    @Test
    void depthAndByteOrderMarkAreNamed() {
        Buffer deep = Buffer.buffer("{\"a\":" + "[".repeat(600) + "]".repeat(600) + "}");
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> ChatRequest.parse(deep));
        assertEquals("nesting deeper than 512 levels at byte offset 516 (line 1, column 517)", e.getMessage());
        Buffer marked = Buffer.buffer("\ufeff{}");
        IllegalArgumentException mark = assertThrows(IllegalArgumentException.class, () -> ChatRequest.parse(marked));
        assertEquals("byte order mark at byte offset 0 (line 1, column 1)", mark.getMessage());
    }

    @Test
    void onlyTheFullParserSeesBrokenUtf8() {
        byte[] text = "{\"a\":1,\n\"b\":\"secret?\"}".getBytes(UTF_8);
        text[19] = (byte) 0xff;
        Buffer bytes = Buffer.buffer(text);
        assertEquals(Optional.of("1"), ChatRequest.parse(bytes).member("a"));
        String message = ChatRequest.findInvalidity(bytes).orElseThrow();
        assertTrue(message.startsWith("invalid JSON at line 2, column 1"), message);
        assertFalse(message.contains("secret"), message);
    }

    @Test
    void aValidTextHasNoInvalidity() {
        String json = "{'a':" + "[".repeat(500) + "]".repeat(500) + ",'n':" + "9".repeat(5_000) + ",'s':'é\\u0000'}";
        assertEquals(Optional.empty(), ChatRequest.findInvalidity(bytes(json)));
    }

    @Test
    void aPartOfALargerArrayIsReadInItsBounds() {
        ChatRequest request = ChatRequest.parse(bytes("xx{'model':'m'}yy").slice(2, 15));
        assertEquals("m", request.model());
        assertEquals("{\"model\":\"n\"}", request.withModel("n").bytes().toString());
    }

    private static ChatRequest parse(String json) {
        return ChatRequest.parse(bytes(json));
    }

    private static Buffer bytes(String json) {
        return Buffer.buffer(json.replace('\'', '"').replace("object\"s", "object's"));
    }
}
