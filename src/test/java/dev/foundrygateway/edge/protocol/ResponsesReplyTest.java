package dev.foundrygateway.edge.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.foundrygateway.exchange.AttachedFiles;
import dev.foundrygateway.exchange.ChatReply;
import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.openai.ErrorBody;
import dev.foundrygateway.openai.ErrorCode;
import dev.foundrygateway.responses.ResponseIds;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A chat's answer as a response: whole, as events, as an error; and what is kept of it. */
class ResponsesReplyTest {
    private static final String ID = ResponseIds.of(7_000, "ab".repeat(12));

    private static final String ITEM = ID.substring("resp".length());

    private static final ResponsesProtocol RESPONSES = new ResponsesProtocol(() -> 9);

    private static final String ASKED = "{\"model\":\"m\",\"input\":\"Hi\",\"metadata\":{\"a\":\"b\"}}";

    private static final String OUTPUT =
            "[{\"id\":\"rs%1$s_0\",\"type\":\"reasoning\",\"status\":\"completed\",\"summary\":[],\"content\":[{\"type\":\"reasoning_text\",\"text\":\"Let me see.\"}]},{\"id\":\"msg%1$s_1\",\"type\":\"message\",\"status\":\"completed\",\"role\":\"assistant\",\"content\":[{\"type\":\"output_text\",\"text\":\"Gr\u00fc\u00dfe \uD83D\uDE00 \\\"x\\\"\\n\",\"annotations\":[],\"logprobs\":[]}]},{\"id\":\"fc%1$s_2\",\"type\":\"function_call\",\"status\":\"completed\",\"call_id\":\"call_a\",\"name\":\"add\",\"arguments\":\"{\\\"a\\\":1.50}\"},{\"id\":\"fc%1$s_3\",\"type\":\"function_call\",\"status\":\"completed\",\"call_id\":\"call_b\",\"name\":\"now\",\"arguments\":\"{}\"}]"
                    .formatted(ITEM);

    @Test
    void aWholeAnswerIsAResponse() {
        assertEquals(
                "{\"id\":\"" + ID
                        + "\",\"object\":\"response\",\"created_at\":7,\"status\":\"completed\",\"background\":false,\"completed_at\":9,\"error\":null,\"incomplete_details\":null,\"model\":\"phi-4-mini\",\"output\":"
                        + OUTPUT
                        + ",\"instructions\":null,\"max_output_tokens\":null,\"max_tool_calls\":null,\"previous_response_id\":null,\"prompt_cache_key\":null,\"safety_identifier\":null,\"user\":null,\"temperature\":1.0,\"top_p\":1.0,\"presence_penalty\":0.0,\"frequency_penalty\":0.0,\"parallel_tool_calls\":true,\"reasoning\":{\"effort\":null,\"summary\":null},\"service_tier\":\"default\",\"store\":false,\"text\":{\"format\":{\"type\":\"text\"}},\"tool_choice\":\"auto\",\"tools\":[],\"top_logprobs\":0,\"truncation\":\"disabled\",\"usage\":{\"input_tokens\":11,\"input_tokens_details\":{\"cached_tokens\":4},\"output_tokens\":7,\"output_tokens_details\":{\"reasoning_tokens\":2},\"total_tokens\":18},\"metadata\":{\"a\":\"b\"},\"gateway\":{\"route\":\"direct\"}}",
                read(ChatAnswers.plain(200, ChatAnswers.EVERYTHING_WHOLE)));
    }

    @Test
    void aStreamIsTheEventsOfThatResponse() {
        String events = stream(ChatAnswers.EVERYTHING);
        assertEquals(
                List.of(
                        "created",
                        "in_progress",
                        "output_item.added 0",
                        "content_part.added 0",
                        "reasoning_text.delta 0",
                        "reasoning_text.delta 0",
                        "reasoning_text.done 0",
                        "content_part.done 0",
                        "output_item.done 0",
                        "output_item.added 1",
                        "content_part.added 1",
                        "output_text.delta 1",
                        "output_text.delta 1",
                        "output_text.done 1",
                        "content_part.done 1",
                        "output_item.done 1",
                        "output_item.added 2",
                        "function_call_arguments.delta 2",
                        "function_call_arguments.delta 2",
                        "function_call_arguments.done 2",
                        "output_item.done 2",
                        "output_item.added 3",
                        "function_call_arguments.delta 3",
                        "function_call_arguments.done 3",
                        "output_item.done 3",
                        "completed"),
                ResponseEventReader.names(events));
        assertEquals(
                new JsonObject(read(ChatAnswers.plain(200, ChatAnswers.EVERYTHING_WHOLE))),
                ResponseEventReader.response(events));
        JsonObject created = ResponseEventReader.events(events).get(0).getJsonObject("response");
        assertEquals("in_progress", created.getString("status"));
        assertEquals(new JsonArray(), created.getJsonArray("output"));
    }

    @Test
    void theEventsAreTheSameHoweverTheStreamIsCut() {
        String whole = stream(ChatAnswers.EVERYTHING);
        Buffer bytes = ChatAnswers.bytes(ChatAnswers.EVERYTHING);
        for (int size = 1; size < 200; size++) {
            assertEquals(whole, read(ChatAnswers.cut(bytes, size)));
        }
    }

    @Test
    void piecesOfTwoCallsThatComeInTurnAreOneItemAfterTheOther() {
        JsonObject response = ResponseEventReader.response(stream(List.of(
                tool(0, ",\"id\":\"a\"", "\"name\":\"one\",\"arguments\":\"{\\\"x\\\":\""),
                tool(1, "", "\"name\":\"two\",\"arguments\":\"{\\\"y\\\":\""),
                tool(0, "", "\"arguments\":\"1}\""),
                tool(1, "", "\"arguments\":\"2}\""),
                ChatAnswers.finish("stop"))));
        JsonArray output = response.getJsonArray("output");
        assertEquals(2, output.size());
        assertEquals("{\"x\":1}", output.getJsonObject(0).getString("arguments"));
        assertEquals("a", output.getJsonObject(0).getString("call_id"));
        assertEquals("{\"y\":2}", output.getJsonObject(1).getString("arguments"));
        assertEquals("call" + ITEM + "_1", output.getJsonObject(1).getString("call_id"));
        assertEquals("completed", response.getString("status"));
    }

    /** A call without arguments has nothing to begin with: it is told at the end, behind whatever was under way. */
    @Test
    void callsWithoutArgumentsStandBehindTheText() {
        for (String first :
                List.of("\"content\":\"I look.\"", "\"reasoning_content\":\"Hm.\"", "\"refusal\":\"No.\"")) {
            JsonArray output = ResponseEventReader.response(stream(List.of(
                            ChatAnswers.chunk("{" + first + "}"),
                            tool(0, ",\"id\":\"a\"", "\"name\":\"now\",\"arguments\":\"\""),
                            tool(1, ",\"id\":\"b\"", "\"name\":\"add\",\"arguments\":\"{\\\"x\\\":1}\""),
                            ChatAnswers.finish("tool_calls"))))
                    .getJsonArray("output");
            assertEquals(3, output.size(), output::encode);
            assertEquals("now", output.getJsonObject(1).getString("name"), first);
            assertEquals("completed", output.getJsonObject(1).getString("status"), first);
            assertEquals("{\"x\":1}", output.getJsonObject(2).getString("arguments"), first);
        }
    }

    @Test
    void aRefusalIsAPartOfTheMessage() {
        String chunks = stream(List.of(
                ChatAnswers.chunk("{\"content\":\"Well.\"}"),
                ChatAnswers.chunk("{\"refusal\":\"I \"}"),
                ChatAnswers.chunk("{\"refusal\":\"won't.\"}"),
                ChatAnswers.finish("stop")));
        JsonArray content = ResponseEventReader.response(chunks)
                .getJsonArray("output")
                .getJsonObject(0)
                .getJsonArray("content");
        assertEquals("Well.", content.getJsonObject(0).getString("text"));
        assertEquals(new JsonObject().put("type", "refusal").put("refusal", "I won't."), content.getJsonObject(1));
    }

    @ParameterizedTest
    @CsvSource({"length, max_output_tokens", "content_filter, content_filter"})
    void aCutAnswerIsIncomplete(String finish, String reason) {
        String events = stream(List.of(ChatAnswers.chunk("{\"content\":\"Yes\"}"), ChatAnswers.finish(finish)));
        JsonObject response = ResponseEventReader.response(events);
        assertTrue(events.contains("event: response.incomplete\n"), events);
        assertEquals("incomplete", response.getString("status"));
        assertEquals(reason, response.getJsonObject("incomplete_details").getString("reason"));
        assertEquals(null, response.getValue("completed_at"));
        assertEquals(
                "incomplete", response.getJsonArray("output").getJsonObject(0).getString("status"));
        JsonObject call = ResponseEventReader.response(stream(List.of(
                        tool(0, ",\"id\":\"a\"", "\"name\":\"one\",\"arguments\":\"{\\\"x\\\"\""),
                        ChatAnswers.finish(finish))))
                .getJsonArray("output")
                .getJsonObject(0);
        assertEquals("incomplete", call.getString("status"));
        assertEquals("{\"x\"", call.getString("arguments"));
    }

    @Test
    void anErrorBehindTheBeginningFailsTheResponse() {
        List<String> chunks = List.of(ChatAnswers.chunk("{\"content\":\"Yes\"}"));
        GatewayException late = new GatewayException(ErrorCode.UPSTREAM_TIMEOUT, "silent for 60 s");
        List<String> told = new ArrayList<>(chunks);
        told.add("{\"error\":{\"message\":\"out of memory\",\"type\":\"server_error\",\"code\":\"oom\"}}");
        for (String events : List.of(read(ChatAnswers.broken(chunks, late)), stream(told))) {
            assertFalse(events.contains("response.completed"));
            List<JsonObject> all = ResponseEventReader.events(events);
            JsonObject last = all.get(all.size() - 1);
            assertEquals("response.failed", last.getString("type"));
            JsonObject response = last.getJsonObject("response");
            assertEquals("failed", response.getString("status"));
            assertTrue(List.of("silent for 60 s", "out of memory")
                    .contains(response.getJsonObject("error").getString("message")));
            assertTrue(List.of("upstream_timeout", "oom")
                    .contains(response.getJsonObject("error").getString("code")));
        }
    }

    @Test
    void anErrorBeforeTheBeginningIsTheEventError() {
        String events =
                read(ChatAnswers.broken(List.of(), new GatewayException(ErrorCode.UPSTREAM_TIMEOUT, "silent", "x")));
        assertEquals(
                "event: error\ndata: {\"type\":\"error\",\"sequence_number\":0,\"message\":\"silent\",\"code\":\"upstream_timeout\",\"param\":\"x\",\"error\":{\"type\":\"server_error\",\"message\":\"silent\",\"code\":\"upstream_timeout\",\"param\":\"x\"}}\n\n",
                events);
    }

    @Test
    void anErrorsBodyStaysOpenAis() {
        JsonObject error = new JsonObject(
                read(ChatAnswers.plain(400, "{\"error\":{\"message\":\"no\",\"type\":\"t\",\"param\":\"p\"}}")));
        assertEquals("no", error.getJsonObject("error").getString("message"));
        assertEquals("p", error.getJsonObject("error").getString("param"));
    }

    /** A later stage speaks of the chat; the client asked otherwise. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "response_format.json_schema.schema | text.format.schema | output_config.format.schema",
                "response_format | text.format | output_config.format",
                "tools[12].function.parameters | tools[12].parameters | tools[12].input_schema",
                "tools[0].function.name | tools[0].name | tools[0].name",
                "tool_choice.function.name | tool_choice.name | tool_choice.name",
                "messages | input | messages",
                "max_tokens | max_output_tokens | max_tokens",
                "reasoning_effort | reasoning.effort | output_config.effort",
                "stop | stop | stop_sequences",
                "gateway.rag | gateway.rag | gateway.rag",
            })
    void errorsNameWhatTheClientSent(String chat, String response, String message) {
        String told = chat + " is wrong; gateway.max_tokens isn't";
        String body = new JsonObject()
                .put("error", new JsonObject().put("message", told).put("param", chat))
                .encode();
        JsonObject error = new JsonObject(read(ChatAnswers.plain(400, body))).getJsonObject("error");
        assertEquals(response, error.getString("param"));
        assertEquals(response + " is wrong; gateway.max_tokens isn't", error.getString("message"));
        MessagesProtocol messages = new MessagesProtocol(Map.of());
        String asked = "{\"model\":\"m\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";
        assertEquals(
                message + " is wrong; gateway.max_tokens isn't",
                new JsonObject(ChatAnswers.read(messages, asked, ChatAnswers.plain(400, body)))
                        .getJsonObject("error")
                        .getString("message"));
        GatewayException failure = new GatewayException(ErrorCode.INVALID_REQUEST, told, chat);
        assertEquals(
                response,
                RESPONSES.read(Buffer.buffer(ASKED)).failure(failure).body().param());
        assertTrue(messages.read(Buffer.buffer(asked))
                .failure(failure)
                .body()
                .message()
                .startsWith(message + " "));
        String events = read(ChatAnswers.broken(List.of(), failure));
        assertEquals(response, ResponseEventReader.events(events).get(0).getString("param"), "in a stream");
    }

    @Test
    void anErrorWithoutACodeIsAServersError() {
        String event = RESPONSES
                .errorEvent(500, new ErrorBody("no", "server_error", "", ""), "r")
                .toString();
        assertEquals("server_error", ResponseEventReader.events(event).get(0).getString("code"));
    }

    @Test
    void whatWasAskedIsToldInFullAndCountsAreNeverNull() {
        String asked = "{\"model\":\"m\",\"input\":\"Hi\",\"temperature\":0.50,\"presence_penalty\":1,"
                + "\"tools\":[{\"type\":\"function\",\"name\":\"add\"},{\"type\":\"custom\",\"name\":\"x\"}]}";
        Buffer bytes =
                ChatAnswers.bytes(List.of(ChatAnswers.chunk("{\"content\":\"Yes\"}"), ChatAnswers.finish("stop")));
        JsonObject response = ResponseEventReader.response(
                ChatAnswers.read(RESPONSES, asked, ChatAnswers.cut(bytes, bytes.length())));
        assertEquals(0.5, response.getDouble("temperature"));
        assertEquals(1.0, response.getDouble("top_p"));
        assertEquals(1.0, response.getDouble("presence_penalty"));
        assertEquals(
                "[{\"type\":\"function\",\"name\":\"add\",\"description\":null,\"parameters\":null,\"strict\":null},{\"type\":\"custom\",\"name\":\"x\"}]",
                response.getJsonArray("tools").encode());
        assertEquals(
                "{\"input_tokens\":0,\"input_tokens_details\":{\"cached_tokens\":0},\"output_tokens\":0,\"output_tokens_details\":{\"reasoning_tokens\":0},\"total_tokens\":0}",
                response.getJsonObject("usage").encode());
    }

    @Test
    void theTokensProbabilitiesStandWithTheText() {
        String one = "{\"token\":\"Y\",\"logprob\":-0.5,\"bytes\":[89],\"top_logprobs\":[]}";
        String two = one.replace("Y", "es");
        List<String> chunks = new ArrayList<>();
        for (String token : List.of(one, two)) {
            chunks.add(ChatAnswers.chunk("{\"content\":\"" + new JsonObject(token).getString("token") + "\"}")
                    .replace("\"finish_reason\"", "\"logprobs\":{\"content\":[" + token + "]},\"finish_reason\""));
        }
        chunks.add(ChatAnswers.finish("stop"));
        String events = stream(chunks);
        assertEquals(
                "[" + one + "," + two + "]",
                ResponseEventReader.response(events)
                        .getJsonArray("output")
                        .getJsonObject(0)
                        .getJsonArray("content")
                        .getJsonObject(0)
                        .getJsonArray("logprobs")
                        .encode());
        assertTrue(events.contains("\"delta\":\"es\",\"logprobs\":[" + two + "]"), events);
        assertTrue(events.contains("\"text\":\"Yes\",\"logprobs\":[" + one + "," + two + "]"), events);
    }

    @Test
    void aCommentStaysOne() {
        Buffer bytes = Buffer.buffer(": loading\n\n").appendBuffer(ChatAnswers.bytes(ChatAnswers.EVERYTHING));
        assertTrue(read(ChatAnswers.cut(bytes, bytes.length())).startsWith(": keep-alive\n\n"));
    }

    private static String tool(int index, String id, String function) {
        return ChatAnswers.chunk("{\"tool_calls\":[{\"index\":" + index + id + ",\"function\":{" + function + "}}]}");
    }

    private static String stream(List<String> chunks) {
        Buffer bytes = ChatAnswers.bytes(chunks);
        return read(ChatAnswers.cut(bytes, bytes.length()));
    }

    private static String read(ChatReply reply) {
        return RESPONSES
                .read(
                        Buffer.buffer(ASKED),
                        Earlier.NONE,
                        AttachedFiles.UNREAD,
                        new ResponseKeeping(ID, Optional.empty(), Optional.empty()))
                .reply(reply, ChatAnswers.REQUEST_ID)
                .body()
                .collect()
                .in(Buffer::buffer, (all, frame) -> all.appendBuffer(frame.bytes()))
                .await()
                .indefinitely()
                .toString();
    }
}
