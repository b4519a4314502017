package dev.foundrygateway.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.foundrygateway.exchange.Call;
import dev.foundrygateway.exchange.Caller;
import dev.foundrygateway.exchange.ChatReply;
import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.exchange.Operation;
import dev.foundrygateway.exchange.Payload;
import dev.foundrygateway.exchange.Served;
import dev.foundrygateway.exchange.Timeline;
import dev.foundrygateway.exchange.Trust;
import dev.foundrygateway.openai.ChatRequest;
import dev.foundrygateway.openai.MadeIds;
import dev.foundrygateway.openai.sse.EventScanner;
import dev.foundrygateway.openai.sse.Frame;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whose a response is that a model server has made. */
class ResponseOwnersTest {
    private static final MultiMap NO_HEADERS = MultiMap.caseInsensitiveMultiMap();

    private final ResponseOwners owners = new ResponseOwners(ApiKeysTest.ofTwo(), 3);

    private void made(String key, String id, int status, String members) {
        String ask = "{\"model\":\"m\",\"input\":\"Hi\"" + members + "}";
        answered(
                owners,
                asking(Operation.RESPONSES, ask, key),
                status,
                Frame.plain(Buffer.buffer("{\"id\":\"" + id + "\"}")));
    }

    private static void answered(ResponseOwners by, Call call, int status, Frame answer) {
        ChatReply reply = new ChatReply(
                status,
                NO_HEADERS,
                false,
                Multi.createFrom().item(answer),
                Served.direct("m", "u", Timeline.arrivedAt(0)));
        by.apply(call, sent -> Uni.createFrom().item(reply))
                .chain(ChatReply::whole)
                .await()
                .indefinitely();
    }

    /** Those of the responses that the key may read. */
    private String owned(String key, String... ids) {
        return Stream.of(ids).filter(id -> reads(key, id)).collect(Collectors.joining(" "));
    }

    private boolean reads(String key, String id) {
        Call call =
                Call.of(Operation.RESPONSE_READ, new Payload.None(id, ""), NO_HEADERS, Timeline.arrivedAt(0), by(key));
        ChatReply reply = ChatReply.json(Buffer.buffer("{}"), Served.direct("m", "u", Timeline.arrivedAt(0)));
        return owners.apply(call, sent -> Uni.createFrom().item(reply))
                .map(read -> true)
                .onFailure()
                .recoverWithItem(false)
                .await()
                .indefinitely();
    }

    private static Call asking(Operation operation, String body, String key) {
        return Call.of(operation, ChatRequest.parse(Buffer.buffer(body)), NO_HEADERS, Timeline.arrivedAt(0), by(key));
    }

    /** What of the request the key is refused; "passed" if nothing is. */
    private static String refused(ResponseOwners by, Operation operation, String members, String key) {
        Call call = asking(operation, "{\"model\":\"m\"," + members.replace('\'', '"') + "}", key);
        ChatReply reply = ChatReply.json(Buffer.buffer("{}"), Served.direct("m", "u", Timeline.arrivedAt(0)));
        return by.apply(call, sent -> Uni.createFrom().item(reply))
                .map(passed -> "passed")
                .onFailure(GatewayException.class)
                .recoverWithItem(failure -> failure.body().param())
                .await()
                .indefinitely();
    }

    private static Caller by(String key) {
        return new Caller("req_1", key, Trust.PROGRAM);
    }

    @Test
    void aKeyThatMakesManyTakesNoneOfAnothers() {
        made("bob", "b1", 200, "");
        for (String id : List.of("a1", "a2", "a3", "a4")) {
            made("alice", id, 200, "");
        }
        assertEquals("b1", owned("bob", "a4", "b1"));
        assertEquals("a3 a4", owned("alice", "a1", "a2", "a3", "a4", "b1"));
        assertEquals("a3", owned("alice", "a3"));
        made("alice", "a5", 200, "");
        assertEquals("a3 a5", owned("alice", "a3", "a4", "a5"), "the one used longest ago goes");
    }

    @Test
    void onlyWhatIsStoredIsRemembered() {
        made("alice", "kept", 201, ",\"store\":true");
        made("alice", "not", 200, ",\"store\":false");
        made("alice", "failed", 400, "");
        assertEquals("kept", owned("alice", "kept", "not", "failed"));
    }

    /** Nobody has made what these name: it is the server's own, or another key's. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'input':[{'type':'item_reference','id':'x'}] | input[0]",
                "'input':[{'role':'user','content':'Hi'},{'id':'x'}] | input[1]",
                "'input':[{'type':null,'id':'x'}] | input[0]",
                "'input':[{'type':'Item_Reference','ID':'x'}] | input[0]",
                "'input':[{'type':'item_reference','type':'message','role':'user','id':'x'}] | input[0]",
                "'input':[{'type':'item_reference','id':'y','id':'x'}] | input[0]",
                "'input':[{'\\u0074ype':'item_reference','\\u0069d':'x'}] | input[0]",
                "'input':[{'type':'item_reference','id':'x'}],'input':'Hi' | input[0]",
                "'Input':[{'type':'item_reference','id':'x'}] | input[0]",
                "'input':[{'type':'reasoning','id':'x','summary':[]}] | input[0]",
                "'input':[{'type':'reasoning','id':'x','summary':[],'encrypted_content':null,'content':[]}] | input[0]",
                "'input':[{'type':'image_generation_call','id':'x'}] | input[0]",
                "'input':[{'role':'user','content':[{'type':'input_file','file_id':'x'}]}] | input[0]",
                "'input':[{'role':'user','content':[{'type':'input_image','file_id':'x'}]}] | input[0]",
                "'input':[{'type':'computer_call_output','call_id':'c','output':{'type':'computer_screenshot','file_id':'x'}}] | input[0]",
                "'input':[{'type':'function_call_output','call_id':'c','output':[{'type':'input_file','FILE_ID':'x'}]}] | input[0]",
                "'conversation':'x' | conversation",
                "'conversation':{'id':'x'} | conversation",
                "'Conversation':'x' | conversation",
                "'prompt':{'id':'x'} | prompt",
                "'prompt':{'variables':{'v':{'type':'input_file','file_id':'x'}}} | prompt",
                "'tools':[{'type':'code_interpreter','container':'x'}] | tools[0]",
                "'tools':[{'type':'code_interpreter','container':{'type':'auto','file_ids':['x']}}] | tools[0]",
                "'tools':[{'type':'file_Search','vector_store_ids':['x']}] | tools[0]",
                "'tools':[{'type':'image_generation','input_image_mask':{'file_id':'x'}}] | tools[0]",
                "'previous_response_id':'x' | previous_response_id",
            })
    void whatAModelServerKeepsIsNamedByItsMakerAlone(String members, String param) {
        assertEquals(param, refused(owners, Operation.RESPONSES, members, "alice"));
        assertEquals("passed", refused(new ResponseOwners(ApiKeysTest.ofOne()), Operation.RESPONSES, members, "alice"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'messages':[{'role':'user','content':[{'type':'file','file':{'file_id':'x'}}]}] | messages[0]",
                "'messages':[{'role':'user','content':'Hi'},{'role':'assistant','audio':{'id':'x'}}] | messages[1]",
                "'messages':[],'MESSAGES':[{'content':[{'file':{'file_id':'x'}}]}] | messages[0]",
                "'messages':[{'role':'user','content':'Hi'}],'tools':[{'type':'code_interpreter','container':'x'}] | tools[0]",
                "'messages':[{'role':'user','content':'file_id: x'}],'prompt':'x','conversation':'x' | passed",
                "'messages':[{'role':'assistant','audio':null,'tool_calls':[{'id':'x','type':'function'}]}] | passed",
                "'messages':[{'role':'user','content':[{'type':'input_audio','input_audio':{'data':'x'}}]}] | passed",
            })
    void aChatsMessagesNameNoMore(String members, String param) {
        assertEquals(param, refused(owners, Operation.CHAT, members, "alice"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'input':[{'type':'message','id':'x','role':'assistant','content':[{'type':'output_text','text':'t','annotations':[{'type':'file_citation','file_id':'x'}]}]}]",
                "'input':[{'role':'user','id':'x','content':'Hi'}]",
                "'input':[{'type':'reasoning','id':'x','encrypted_content':'s'},{'type':'reasoning','id':'x','content':[{'text':'t'}]}]",
                "'input':[{'type':'image_generation_call','id':'x','result':'iVBO'}]",
                "'input':[{'type':'function_call','id':'x','call_id':'c','arguments':'{\\'file_id\\':1}'}]",
                "'input':[{'type':'file_search_call','id':'x','results':[{'file_id':'x'}]}]",
                "'input':'Hi','previous_response_id':null,'conversation':null,'prompt':null,'tools':null",
                "'tools':[{'type':'file_search','vector_store_ids':['x']}]",
                "'tools':[{'type':'function','name':'f','parameters':{'file_id':'x','properties':{'container':'x'}}}]",
                "'tools':[{'type':'code_interpreter','container':{'type':'auto'}}]",
                "'input':[{'type':'item_reference','id':7}, 8, 'x', null]",
            })
    void whatARequestBringsItselfNamesNothing(String members) {
        assertEquals("passed", refused(owners, Operation.RESPONSES, members, "alice"));
    }

    @Test
    void itemsAndContainersAreTheirMakers() {
        String item = "{'id':'rs_1','summary':[],'type':'reasoning'}";
        String code = "{'type':'code_interpreter_call','id':'ci_1','container_id':'cntr_1'}";
        List<String> answers = List.of(
                "{'id':'resp_1','object':'response','output':[" + item + "," + code + "]}",
                "data: {'type':'response.output_item.added','item':" + item
                        + "}\n\ndata: {'type':'response.output_item.done','item':" + code + "}\n\n",
                "data: {'type':'response.completed','response':{'id':'resp_1','output':[" + item + "," + code
                        + "]}}\n\n");
        List<String> named = List.of(
                "'input':[{'type':'item_reference','id':'rs_1'}]",
                "'input':[{'type':'reasoning','id':'rs_1'}]",
                "'tools':[{'type':'code_interpreter','container':'cntr_1'}]");
        for (String answer : answers) {
            ResponseOwners by = new ResponseOwners(ApiKeysTest.ofTwo());
            Buffer bytes = Buffer.buffer(answer.replace('\'', '"'));
            Frame frame = answer.startsWith("data") ? new EventScanner(1_000).feed(bytes) : Frame.plain(bytes);
            Call call = asking(Operation.RESPONSES, "{\"model\":\"m\",\"store\":false}", "alice");
            answered(by, call, 200, frame);
            for (String members : named) {
                assertEquals("passed", refused(by, Operation.RESPONSES, members, "alice"), answer + members);
                assertNotEquals("passed", refused(by, Operation.RESPONSES, members, "bob"), answer + members);
            }
        }
    }

    @Test
    void aRecordingIsItsMakers() {
        String next = "'messages':[{'role':'assistant','audio':{'id':'audio_1'}}]";
        String audio = "{'audio':{'expires_at':1,'id':'audio_1','data':'AAAA'}}";
        List<String> answers = List.of(
                "{'id':'c','choices':[{'index':0,'message':" + audio + "}]}",
                "{'id':'c','choices':[{'index':0,'message':" + audio.substring(0, audio.length() - 6),
                "data: {'id':'c','choices':[{'index':0,'delta':" + audio + "}]}\n\n");
        for (String answer : answers) {
            Buffer bytes = Buffer.buffer(answer.replace('\'', '"'));
            Frame frame = answer.startsWith("data") ? new EventScanner(1_000).feed(bytes) : Frame.plain(bytes);
            for (String asked : List.of("'audio':{'voice':'alloy','format':'wav'}", "'modalities':['text','audio']")) {
                ResponseOwners by = new ResponseOwners(ApiKeysTest.ofTwo());
                String body = "{\"model\":\"m\"," + asked.replace('\'', '"') + "}";
                answered(by, asking(Operation.CHAT, body, "alice"), 200, frame);
                assertEquals("passed", refused(by, Operation.CHAT, next, "alice"), answer);
                assertEquals("messages[0]", refused(by, Operation.CHAT, next, "bob"), answer);
            }
            ResponseOwners silent = new ResponseOwners(ApiKeysTest.ofTwo());
            answered(silent, asking(Operation.CHAT, "{\"model\":\"m\"}", "alice"), 200, frame);
            assertEquals("messages[0]", refused(silent, Operation.CHAT, next, "alice"), "it asked for no audio");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "{'object':'response','id':'r'} | r",
                "{'id':'r','output':[{'id':'m'}], | r",
                "{'id':'r','response':null} | r",
                "{'id':7} | none",
                "data: {'id':'e','response':{'output':[],'id':'r'}} | r",
                "data: {'response':{'id':'r'},'id':'e'} | r",
                "data: {'id':'e','response':{}} | none",
            })
    void theIdIsThatOfTheResponse(String text, String id) {
        Buffer bytes = Buffer.buffer(text.replace('\'', '"') + "\n\n");
        Frame frame = text.startsWith("data") ? new EventScanner(1_000).feed(bytes) : Frame.plain(bytes);
        assertEquals(id, MadeIds.in(frame).response().orElse("none"));
    }
}
