package dev.foundrygateway.edge.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.foundrygateway.openai.ChatRequest;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A chat with the older functions gets its answer in their words; docs/protocols.md has what is asked. */
class LegacyChatTest {
    private static final ToolWords CHAT = ToolWords.of(
            ChatRequest.parse(Buffer.buffer("{\"model\":\"m\",\"messages\":[],\"functions\":[{\"name\":\"add\"}]}")));

    private static final String CALL =
            "{\"index\":%d,\"id\":\"c\",\"type\":\"function\",\"function\":{\"name\":\"%s\",\"arguments\":\"%s\"}}";

    @Test
    void aPlainAnswersFirstCallIsTheFunctionCall() {
        JsonObject choice = new JsonObject(ChatAnswers.text(CHAT.reply(ChatAnswers.plain(
                        200,
                        "{\"id\":\"a\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":null,\"tool_calls\":["
                                + CALL.formatted(0, "add", "{}") + "," + CALL.formatted(1, "now", "{}")
                                + "]},\"finish_reason\":\"tool_calls\"}]}"))))
                .getJsonArray("choices")
                .getJsonObject(0);
        assertEquals(
                new JsonObject(
                        "{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":null,\"function_call\":{\"name\":\"add\",\"arguments\":\"{}\"}},\"finish_reason\":\"function_call\"}"),
                choice);
    }

    @Test
    void callsWithoutAnIndexAreNotPutTogether() {
        String call = "{\"id\":\"c\",\"type\":\"function\",\"function\":{\"name\":\"%s\",\"arguments\":\"{}\"}}";
        String reply = ChatAnswers.text(CHAT.reply(ChatAnswers.plain(
                200,
                "{\"choices\":[{\"message\":{\"tool_calls\":[" + call.formatted("add") + "," + call.formatted("now")
                        + "]},\"finish_reason\":\"stop\"}]}")));
        assertEquals(
                new JsonObject(
                        "{\"choices\":[{\"message\":{\"function_call\":{\"name\":\"add\",\"arguments\":\"{}\"}},\"finish_reason\":\"stop\"}]}"),
                new JsonObject(reply));
    }

    @Test
    void aStreamsCallIsTheFunctionCallHoweverItIsCut() {
        Buffer stream = ChatAnswers.bytes(List.of(
                ChatAnswers.chunk("{\"role\":\"assistant\",\"content\":\"Well.\"}"),
                ChatAnswers.chunk("{\"tool_calls\":[" + CALL.formatted(0, "add", "") + "]}"),
                ChatAnswers.chunk("{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"{\\\"a\\\"\"}}]}"),
                ChatAnswers.chunk("{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\":1}\"}}]}"),
                ChatAnswers.chunk("{\"tool_calls\":[" + CALL.formatted(1, "now", "{}") + "]}"),
                ChatAnswers.finish("tool_calls")));
        for (int size : new int[] {1, 7, 64, 10_000}) {
            String read = ChatAnswers.text(CHAT.reply(ChatAnswers.cut(stream, size)));
            StringBuilder arguments = new StringBuilder();
            StringBuilder names = new StringBuilder();
            StringBuilder finish = new StringBuilder();
            for (String line :
                    read.lines().filter(one -> one.startsWith("data: {")).toList()) {
                JsonArray choices = new JsonObject(line.substring(6)).getJsonArray("choices");
                JsonObject choice = choices.getJsonObject(0);
                JsonObject call = choice.getJsonObject("delta", new JsonObject())
                        .getJsonObject("function_call", new JsonObject());
                names.append(call.getString("name", ""));
                arguments.append(call.getString("arguments", ""));
                finish.append(
                        choice.getValue("finish_reason", "") == null ? "" : choice.getString("finish_reason", ""));
            }
            assertEquals("add", names.toString());
            assertEquals("{\"a\":1}", arguments.toString());
            assertEquals("function_call", finish.toString());
            assertFalse(read.contains("tool_calls"), read);
        }
    }

    @Test
    void anAnswerOfTextAndAnErrorStayAsTheyCame() {
        String answer = "{\"choices\":[{\"message\":{\"content\":\"tool_calls\"},\"finish_reason\":\"stop\"}]}";
        assertEquals(answer, ChatAnswers.text(CHAT.reply(ChatAnswers.plain(200, answer))));
        assertEquals("{\"error\":{}}", ChatAnswers.text(CHAT.reply(ChatAnswers.plain(500, "{\"error\":{}}"))));
    }

    @Test
    void aChatThatSaysThatItHasNoFunctionsIsAnsweredInTools() {
        String answer = "{\"choices\":[{\"index\":0,\"message\":{\"content\":null,\"tool_calls\":["
                + CALL.formatted(0, "x", "{\\\"input\\\":\\\"a\\\"}") + "]},\"finish_reason\":\"tool_calls\"}]}";
        ToolWords functions = chat(
                "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"x\"}}],\"functions\":null,\"function_call\":null");
        assertEquals(answer, ChatAnswers.text(functions.reply(ChatAnswers.plain(200, answer))));
        assertFalse(functions.request().has("functions"));
        ToolWords custom = chat("\"tools\":[{\"type\":\"custom\",\"custom\":{\"name\":\"x\"}}],\"functions\":[]");
        assertEquals(
                "function",
                new JsonArray(custom.request().member("tools").orElseThrow())
                        .getJsonObject(0)
                        .getString("type"));
        assertEquals(
                new JsonObject().put("name", "x").put("input", "a"),
                new JsonObject(ChatAnswers.text(custom.reply(ChatAnswers.plain(200, answer))))
                        .getJsonArray("choices")
                        .getJsonObject(0)
                        .getJsonObject("message")
                        .getJsonArray("tool_calls")
                        .getJsonObject(0)
                        .getJsonObject("custom"));
    }

    private static ToolWords chat(String members) {
        return ToolWords.of(ChatRequest.parse(Buffer.buffer("{\"model\":\"m\",\"messages\":[]," + members + "}")));
    }
}
