package dev.foundrygateway.access;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.foundrygateway.exchange.Call;
import dev.foundrygateway.exchange.Caller;
import dev.foundrygateway.exchange.ChatReply;
import dev.foundrygateway.exchange.Operation;
import dev.foundrygateway.exchange.Payload;
import dev.foundrygateway.exchange.Served;
import dev.foundrygateway.exchange.Timeline;
import dev.foundrygateway.exchange.Trust;
import dev.foundrygateway.openai.ChatRequest;
import dev.foundrygateway.openai.ResponseId;
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

/** Whose a response is that a model server has made. */
class ResponseOwnersTest {
    private static final MultiMap NO_HEADERS = MultiMap.caseInsensitiveMultiMap();

    private final ResponseOwners owners = new ResponseOwners(ApiKeysTest.ofTwo(), 3);

    private void made(String key, String id, int status, String members) {
        String ask = "{\"model\":\"m\",\"input\":\"Hi\"" + members + "}";
        Call call = Call.of(
                Operation.RESPONSES, ChatRequest.parse(Buffer.buffer(ask)), NO_HEADERS, Timeline.arrivedAt(0), by(key));
        ChatReply reply = new ChatReply(
                status,
                NO_HEADERS,
                false,
                Multi.createFrom().item(Frame.plain(Buffer.buffer("{\"id\":\"" + id + "\"}"))),
                Served.direct("m", "u", Timeline.arrivedAt(0)));
        owners.apply(call, sent -> Uni.createFrom().item(reply))
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
        assertEquals(id, ResponseId.in(frame).orElse("none"));
    }
}
