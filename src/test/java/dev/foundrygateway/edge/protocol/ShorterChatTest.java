package dev.foundrygateway.edge.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.foundrygateway.openai.ChatRequest;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;

/** What stays of a chat that is too long. */
class ShorterChatTest {
    private static final String TURNS =
            "{'role':'system','content':'s'},{'role':'user','content':'a'},{'role':'assistant','content':'b'},{'role':'user','content':'c'},{'role':'assistant','content':'d'},";
    private static final String RESULT = "{'role':'tool','content':'r','tool_call_id':'c1'}";
    private static final String IMAGE =
            "{'role':'user','content':[{'type':'text','text':'The image of the tool result c1:'},{'type':'image_url','image_url':{'url':'x'}}]}";

    /** A client may say something more before the model has seen a tool's result. */
    @Test
    void aQuestionBehindAToolsResultIsTheLastOne() {
        assertEquals(
                messages("{'role':'system','content':'s'},{'role':'user','content':'q'}"),
                shortest(TURNS + RESULT + ",{'role':'user','content':'q'}"));
    }

    @Test
    void anImageOfAToolsResultIsNotTheQuestion() {
        assertEquals(
                messages("{'role':'system','content':'s'},{'role':'user','content':'q'}," + RESULT + "," + IMAGE),
                shortest(TURNS + "{'role':'user','content':'q'}," + RESULT + "," + IMAGE));
    }

    private static JsonArray shortest(String all) {
        ChatRequest request = ChatRequest.parse(
                Buffer.buffer(new JsonObject().put("messages", messages(all)).encode()));
        while (ShorterChat.of(request).isPresent()) {
            request = ShorterChat.of(request).get();
        }
        return new JsonArray(request.member("messages").orElseThrow());
    }

    private static JsonArray messages(String all) {
        return new JsonArray("[" + all.replace('\'', '"') + "]");
    }
}
