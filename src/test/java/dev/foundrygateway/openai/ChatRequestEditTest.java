package dev.foundrygateway.openai;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.foundrygateway.testing.RandomJson;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Editing a request. The texts are written with single quotes. */
class ChatRequestEditTest {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();
    private static final String[] NAMES = {"model", "stream", "stream_options", "include_usage", "gateway"};

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'model':'a'} | {'model':'b'}",
                "`{ 'model'\t:  'a' ,\n 'temperature': 0.10 }\n` | `{ 'model'\t:  'b' ,\n 'temperature': 0.10 }\n`",
                "{'model':'x','n':1,'m\\u006fdel':'a'} | {'model':'b','n':1,'m\\u006fdel':'b'}",
                "{'model':null} | {'model':'b'}",
                "{} | {'model':'b'}",
                "{ } | {'model':'b' }",
                "{'n':1 } | {'n':1,'model':'b' }"
            })
    void modelIsReplacedWhereItStandsOrAddedAtTheEnd(String before, String after) {
        assertEquals(quotes(after), parse(before).withModel("b").bytes().toString());
    }

    @Test
    void theSameModelIsNoEdit() {
        ChatRequest request = parse("{'model':'a'}");
        assertSame(request, request.withModel("a"));
        assertEquals(
                "{\"model\":\"\\\"é\\n\"}", request.withModel("\"é\n").bytes().toString());
        assertEquals("\"é\n", request.withModel("\"é\n").model());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'a':1} | {'a':1,'stream_options':{'include_usage':true}}",
                "{'stream_options':null} | {'stream_options':{'include_usage':true}}",
                "{'stream_options':{}} | {'stream_options':{'include_usage':true}}",
                "{'stream_options':{ 'x' : 1.0 , 'include_usage' : false } ,'a':1} | {'stream_options':{ 'x' : 1.0 , 'include_usage' : true } ,'a':1}",
                "{'stream_options':{'include_obfuscation':false}} | {'stream_options':{'include_obfuscation':false,'include_usage':true}}"
            })
    void usageIsAskedForAndOtherStreamOptionsAreKept(String before, String after) {
        ChatRequest request = parse(before).withUsage();
        assertEquals(quotes(after), request.bytes().toString());
        assertEquals(true, request.wantsUsage());
    }

    @Test
    void usageAskedForAlreadyIsNoEdit() {
        ChatRequest request = parse("{'stream_options':{'include_usage':true}}");
        assertSame(request, request.withUsage());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'gateway':{'a':[1,'}']}} | {}",
                "{ 'gateway':1 , 'b':2 } | { 'b':2 }",
                "{'a':1 , 'gateway':{}, 'b':2} | {'a':1, 'b':2}",
                "`{'a':1,\n'gateway':{}\n}` | `{'a':1\n}`",
                "{'gateway':1,'a':1,'gatew\\u0061y':2,'gateway':3} | {'a':1}"
            })
    void aMemberIsTakenOutWithItsComma(String before, String after) {
        assertEquals(
                quotes(after), parse(before).withoutMember("gateway").bytes().toString());
    }

    @Test
    void takingOutWhatIsNotThereIsNoEdit() {
        ChatRequest request = parse("{'a':{'gateway':1}}");
        assertSame(request, request.withoutMember("gateway"));
    }

    /** An image of a tool's result is shown in the user's name, and nobody has written that message. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[{'role':'user','content':'a'},{'role':'tool','content':'b'},%s] | [{'role':'user','content':'<a>'},{'role':'tool','content':'b'},%s]",
                "[1,{'role':'user','content':'a'},{'role':'user','content':'c'},%s] | [1,{'role':'user','content':'a'},{'role':'user','content':'<c>'},%s]",
                "[{'role':'user','content':'a'},{'role':'user','content':[{'type':'image_url'}]}] | [{'role':'user','content':'a'},{'role':'user','content':[{'type':'text','text':'<'},{'type':'image_url'},{'type':'text','text':'>'}]}]",
                "[{'role':'tool','content':'b'},%s] | [{'role':'tool','content':'b'},{'role':'user','content':[{'type':'text','text':'<'},{'type':'text','text':'The image of the tool result c1:'},{'type':'image_url'},{'type':'text','text':'>'}]}]"
            })
    void contextStandsAroundWhatTheUserHasWritten(String before, String after) {
        String image =
                "{'role':'user','content':[{'type':'text','text':'The image of the tool result c1:'},{'type':'image_url'}]}";
        String edited = parse("{'messages':" + before.replace("%s", image) + "}")
                .withContext("", "<", ">")
                .member("messages")
                .orElseThrow();
        assertEquals(quotes(after.replace("%s", image)), edited);
    }

    @Test
    void withoutAUserMessageThereIsNothingToPutContextAround() {
        ChatRequest request = parse("{'messages':[{'role':'system','content':'a'}]}");
        assertThrows(IllegalArgumentException.class, () -> request.withContext("", "<", ">"));
    }

    @Test
    void editsMayBeChained() {
        ChatRequest request = parse("{'model':'a','gateway':{},'n':1}")
                .withModel("b")
                .withoutMember("gateway")
                .withUsage()
                .withMember("messages", "[ ]")
                .withoutMember("model")
                .withMember("n", "2.50");
        assertEquals(
                "{\"n\":2.50,\"stream_options\":{\"include_usage\":true},\"messages\":[ ]}",
                request.bytes().toString());
        assertSame(request.bytes(), request.bytes());
        assertEquals(Optional.of("2.50"), request.member("n"));
        assertEquals("", request.model());
    }

    @Test
    void anEditLeavesTheRequestBeforeItAsItWas() {
        ChatRequest request = parse("{'model':'a'}");
        request.withModel("b").bytes();
        assertEquals("{\"model\":\"a\"}", request.bytes().toString());
        assertEquals("a", request.model());
    }

    @Test
    void aValueThatIsNoJsonIsRefused() {
        ChatRequest request = parse("{}");
        for (String json : new String[] {"", "x", "1,\"b\":2", "{}}", "\"a"}) {
            assertThrows(IllegalArgumentException.class, () -> request.withMember("a", json), json);
        }
    }

    @Test
    void randomEditsGiveWhatTreeEditsGive() throws JsonProcessingException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        RandomJson texts = new RandomJson(random, NAMES);
        for (int i = 0; i < 2_000; i++) {
            String json = texts.object(4);
            String message = "seed " + seed + ": " + json;
            ChatRequest request = ChatRequest.parse(Buffer.buffer(json));
            ObjectNode tree = (ObjectNode) MAPPER.readTree(json);
            for (int edit = random.nextInt(4); edit > 0; edit--) {
                String name = NAMES[random.nextInt(NAMES.length)];
                String value = texts.value(2);
                switch (random.nextInt(4)) {
                    case 0 -> {
                        request = request.withModel("new \"model\"");
                        tree.put("model", "new \"model\"");
                    }
                    case 1 -> {
                        request = request.withUsage();
                        JsonNode options = tree.path("stream_options");
                        ObjectNode object =
                                options.isObject() ? (ObjectNode) options : tree.putObject("stream_options");
                        object.put("include_usage", true);
                    }
                    case 2 -> {
                        request = request.withoutMember(name);
                        tree.remove(name);
                    }
                    default -> {
                        request = request.withMember(name, value);
                        tree.set(name, MAPPER.readTree(value));
                    }
                }
            }
            assertEquals(tree, MAPPER.readTree(request.bytes().toString()), message);
            ChatRequest again = ChatRequest.parse(request.bytes());
            for (String name : NAMES) {
                assertEquals(again.member(name), request.member(name), message);
            }
            assertEquals(
                    tree.path("stream_options").path("include_usage").asText().equals("true")
                            && tree.path("stream_options").path("include_usage").isBoolean(),
                    request.wantsUsage(),
                    message);
        }
    }

    @Test
    void validityIsWhatJacksonSays() throws IOException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        RandomJson texts = new RandomJson(random, NAMES);
        for (int i = 0; i < 3_000; i++) {
            String json = texts.mutate(texts.object(3));
            boolean valid = true;
            try {
                ChatRequest.parse(Buffer.buffer(json));
            } catch (IllegalArgumentException e) {
                valid = false;
            }
            assertEquals(isObject(MAPPER.createParser(json)), valid, () -> "seed " + seed + ": " + json);
            // Of bytes, Jackson takes no name with half a surrogate pair; of text, it does.
            assertEquals(
                    isObject(MAPPER.createParser(json.getBytes(UTF_8))),
                    ChatRequest.findInvalidity(Buffer.buffer(json)).isEmpty(),
                    () -> "seed " + seed + ": " + json);
        }
    }

    private static boolean isObject(JsonParser parser) throws IOException {
        try (parser) {
            return MAPPER.reader()
                    .without(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                    .with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .readTree(parser)
                    .isObject();
        } catch (JsonProcessingException e) {
            return false;
        }
    }

    private static ChatRequest parse(String json) {
        return ChatRequest.parse(Buffer.buffer(quotes(json)));
    }

    private static String quotes(String json) {
        return json.replace('\'', '"');
    }
}
