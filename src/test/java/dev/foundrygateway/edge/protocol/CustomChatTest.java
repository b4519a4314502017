package dev.foundrygateway.edge.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.foundrygateway.exchange.ChatReply;
import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.openai.ChatRequest;
import dev.foundrygateway.openai.ErrorCode;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Custom tools of a chat: functions for the model, and custom tools again for the client. */
class CustomChatTest {
    private static final String TOOLS =
            "\"tools\":[{\"type\":\"custom\",\"custom\":{\"name\":\"run\",\"description\":\"Runs.\"%s}},{\"type\":\"function\",\"function\":{\"name\":\"add\"}}]";
    private static final String RUN =
            "{\"index\":0,\"id\":\"c1\",\"type\":\"function\",\"function\":{\"name\":\"run\",\"arguments\":\"%s\"}}";
    private static final String ADD =
            "{\"index\":1,\"id\":\"c2\",\"type\":\"function\",\"function\":{\"name\":\"add\",\"arguments\":\"{}\"}}";

    private static CustomChat chat(String members) {
        return CustomChat.of(ChatRequest.parse(
                Buffer.buffer("{\"model\":\"m\",\"temperature\":0.70,\"messages\":[]," + members + "}")));
    }

    private static String tools(String format) {
        return TOOLS.formatted(format);
    }

    @Test
    void aToolItsChoiceAndItsEarlierCallsAreTheFunctions() {
        String asked = chat(tools("")
                        + ",\"tool_choice\":{\"type\":\"custom\",\"custom\":{\"name\":\"run\"}},\"messages\":[{\"role\":\"assistant\",\"tool_calls\":["
                        + "{\"id\":\"c\",\"type\":\"custom\",\"custom\":{\"name\":\"run\",\"input\":\"a\\nb\"}}]}]")
                .request()
                .bytes()
                .toString();
        JsonObject chat = new JsonObject(asked);
        assertEquals(
                new JsonObject(
                        "{\"name\":\"run\",\"description\":\"Runs.\",\"parameters\":{\"type\":\"object\",\"properties\":{\"input\":{\"type\":\"string\"}},"
                                + "\"required\":[\"input\"],\"additionalProperties\":false}}"),
                chat.getJsonArray("tools").getJsonObject(0).getJsonObject("function"));
        assertEquals(
                "add",
                chat.getJsonArray("tools")
                        .getJsonObject(1)
                        .getJsonObject("function")
                        .getString("name"));
        assertEquals(
                new JsonObject("{\"type\":\"function\",\"function\":{\"name\":\"run\"}}"),
                chat.getJsonObject("tool_choice"));
        assertEquals(0.70, chat.getDouble("temperature"));
        assertEquals(
                new JsonArray(
                        "[{\"id\":\"c\",\"type\":\"function\",\"function\":{\"name\":\"run\",\"arguments\":\"{\\\"input\\\":\\\"a\\\\nb\\\"}\"}}]"),
                chat.getJsonArray("messages").getJsonObject(0).getJsonArray("tool_calls"));
    }

    @Test
    void aRegularExpressionIsASchemaAndAnotherGrammarIsRefused() {
        String grammar = ",\"format\":{\"type\":\"grammar\",\"grammar\":{\"syntax\":\"%s\",\"definition\":\"[0-9]+\"}}";
        JsonObject function = new JsonObject(
                        chat(tools(grammar.formatted("regex"))).request().bytes())
                .getJsonArray("tools")
                .getJsonObject(0)
                .getJsonObject("function");
        assertEquals(true, function.getBoolean("strict"));
        assertEquals(
                "^([0-9]+)$",
                function.getJsonObject("parameters")
                        .getJsonObject("properties")
                        .getJsonObject("input")
                        .getString("pattern"));
        GatewayException refused = assertThrows(GatewayException.class, () -> chat(tools(grammar.formatted("lark"))));
        assertEquals("tools[0].custom.format.grammar.syntax", refused.body().param());
    }

    @Test
    void aPlainAnswersCallsAreCustomAgain() {
        ChatReply reply = chat(tools(""))
                .reply(ChatAnswers.plain(
                        200,
                        "{\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":null,\"tool_calls\":["
                                + RUN.formatted("{\\\"input\\\":\\\"ls -l\\\"}") + "," + ADD
                                + "]},\"finish_reason\":\"tool_calls\"}]}"));
        JsonArray calls = new JsonObject(ChatAnswers.text(reply))
                .getJsonArray("choices")
                .getJsonObject(0)
                .getJsonObject("message")
                .getJsonArray("tool_calls");
        assertEquals(
                new JsonObject("{\"id\":\"c1\",\"type\":\"custom\",\"custom\":{\"name\":\"run\",\"input\":\"ls -l\"}}"),
                calls.getJsonObject(0));
        assertEquals(new JsonObject(ADD), calls.getJsonObject(1));
    }

    @Test
    void aStreamsCallsAreCustomAgainHoweverItIsCut() {
        Buffer stream = ChatAnswers.bytes(List.of(
                ChatAnswers.chunk("{\"role\":\"assistant\",\"content\":\"Well.\"}"),
                ChatAnswers.chunk("{\"tool_calls\":[" + RUN.formatted("") + "]}"),
                ChatAnswers.chunk(
                        "{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"{\\\"input\\\":\\\"l\"}}]}"),
                ChatAnswers.chunk("{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"s\\\"}\"}}]}"),
                ChatAnswers.chunk("{\"tool_calls\":[" + ADD + "]}"),
                ChatAnswers.finish("tool_calls")));
        for (int size : new int[] {1, 7, 64, 10_000}) {
            String read = ChatAnswers.text(chat(tools("")).reply(ChatAnswers.cut(stream, size)));
            List<JsonObject> pieces = new ArrayList<>();
            for (String line :
                    read.lines().filter(one -> one.startsWith("data: {")).toList()) {
                new JsonObject(line.substring(6))
                        .getJsonArray("choices")
                        .getJsonObject(0)
                        .getJsonObject("delta")
                        .getJsonArray("tool_calls", new JsonArray())
                        .forEach(piece -> pieces.add((JsonObject) piece));
            }
            assertEquals(
                    List.of(
                            new JsonObject(
                                    "{\"id\":\"c1\",\"type\":\"custom\",\"index\":0,\"custom\":{\"name\":\"run\",\"input\":\"\"}}"),
                            new JsonObject(ADD),
                            new JsonObject("{\"index\":0,\"custom\":{\"input\":\"ls\"}}")),
                    pieces);
            assertFalse(read.contains("\"input\\\""), read);
        }
    }

    @Test
    void argumentsWithoutAnEndAreAFaultOfTheServer() {
        List<String> chunks =
                new ArrayList<>(List.of(ChatAnswers.chunk("{\"tool_calls\":[" + RUN.formatted("") + "]}")));
        String more = "x".repeat(900_000);
        for (int i = 0; i < 5; i++) {
            chunks.add(ChatAnswers.chunk(
                    "{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"" + more + "\"}}]}"));
        }
        ChatReply reply = chat(tools("")).reply(ChatAnswers.cut(ChatAnswers.bytes(chunks), 1_000_000));
        GatewayException endless = assertThrows(GatewayException.class, () -> ChatAnswers.text(reply));
        assertEquals(ErrorCode.UPSTREAM_ERROR, endless.code());
    }

    @Test
    void aResponseTellsTheCallAsACustomTools() {
        String request =
                "{\"model\":\"m\",\"input\":\"Hi\",\"stream\":true,\"tools\":[{\"type\":\"custom\",\"name\":\"run\"}]}";
        String call =
                "{\"tool_calls\":[{\"index\":0,\"id\":\"c1\",\"type\":\"function\",\"function\":{\"name\":\"run\",\"arguments\":\"%s\"}}]}";
        for (String arguments : List.of("{\\\"input\\\":\\\"ls\\\"}", "ls")) {
            Buffer stream = ChatAnswers.bytes(
                    List.of(ChatAnswers.chunk(call.formatted(arguments)), ChatAnswers.finish("tool_calls")));
            String events = ChatAnswers.read(new ResponsesProtocol(() -> 0), request, ChatAnswers.cut(stream, 9));
            JsonObject item =
                    ResponseEventReader.response(events).getJsonArray("output").getJsonObject(0);
            assertEquals("custom_tool_call", item.getString("type"));
            assertEquals("ls", item.getString("input"));
            assertEquals("c1", item.getString("call_id"));
            assertEquals("run", item.getString("name"));
            assertTrue(item.getString("id").startsWith("ctc_"), item::encode);
            List<String> names = ResponseEventReader.names(events);
            assertTrue(names.contains("custom_tool_call_input.delta 0"), names::toString);
            assertTrue(names.contains("custom_tool_call_input.done 0"), names::toString);
            assertFalse(names.toString().contains("function_call_arguments"), names::toString);
        }
    }
}
