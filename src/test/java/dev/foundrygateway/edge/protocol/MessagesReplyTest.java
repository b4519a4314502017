package dev.foundrygateway.edge.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.foundrygateway.exchange.AttachedFiles;
import dev.foundrygateway.exchange.ChatReply;
import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.exchange.Source;
import dev.foundrygateway.openai.ErrorCode;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A chat's answer as a message: whole, as events, as an error. */
class MessagesReplyTest {
    private static final MessagesProtocol MESSAGES = new MessagesProtocol(Map.of());
    private static final String ASKED =
            "{\"model\":\"m\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";

    private static final String CONTENT =
            "[{\"type\":\"thinking\",\"thinking\":\"Let me see.\",\"signature\":\"\"},{\"type\":\"text\",\"text\":\"Gr\u00fc\u00dfe \uD83D\uDE00 \\\"x\\\"\\n\"},{\"type\":\"tool_use\",\"id\":\"call_a\",\"name\":\"add\",\"input\":{\"a\":1.50}},{\"type\":\"tool_use\",\"id\":\"call_b\",\"name\":\"now\",\"input\":{}}]";
    private static final String USAGE =
            "{\"input_tokens\":7,\"cache_creation_input_tokens\":0,\"cache_read_input_tokens\":4,\"output_tokens\":7}";

    @Test
    void aWholeAnswerIsAMessage() {
        assertEquals(
                "{\"id\":\"msg_7\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"phi-4-mini\",\"content\":"
                        + CONTENT + ",\"stop_reason\":\"tool_use\",\"stop_sequence\":null,\"usage\":" + USAGE
                        + ",\"gateway\":{\"route\":\"direct\"}}",
                read(ChatAnswers.plain(200, ChatAnswers.EVERYTHING_WHOLE)));
    }

    @Test
    void headersAreKeptButForTheLength() {
        ChatReply reply =
                MESSAGES.read(Buffer.buffer(ASKED)).reply(ChatAnswers.plain(200, ChatAnswers.EVERYTHING_WHOLE), "r");
        assertEquals("yes", reply.headers().get("x-kept"));
        assertFalse(reply.headers().contains("content-length"));
    }

    @Test
    void aStreamIsTheEventsOfThatMessage() {
        String events = stream(ChatAnswers.EVERYTHING);
        assertEquals(
                List.of(
                        "message_start",
                        "content_block_start 0",
                        "content_block_delta 0",
                        "content_block_delta 0",
                        "content_block_stop 0",
                        "content_block_start 1",
                        "content_block_delta 1",
                        "content_block_delta 1",
                        "content_block_stop 1",
                        "content_block_start 2",
                        "content_block_delta 2",
                        "content_block_delta 2",
                        "content_block_stop 2",
                        "content_block_start 3",
                        "content_block_delta 3",
                        "content_block_stop 3",
                        "message_delta",
                        "message_stop"),
                MessageEventReader.names(events));
        JsonObject message = MessageEventReader.message(events);
        assertEquals(
                new JsonObject("{\"content\":" + CONTENT + "}").getJsonArray("content"),
                message.getJsonArray("content"));
        assertEquals("tool_use", message.getString("stop_reason"));
        assertEquals(new JsonObject(USAGE), message.getJsonObject("usage"));
        assertEquals(new JsonObject("{\"route\":\"direct\"}"), message.getJsonObject("gateway"));
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
    void piecesOfTwoCallsThatComeInTurnAreOneBlockAfterTheOther() {
        List<String> chunks = List.of(
                tool(0, ",\"id\":\"a\"", "\"name\":\"one\",\"arguments\":\"{\\\"x\\\":\""),
                tool(1, ",\"id\":\"b\"", "\"name\":\"two\",\"arguments\":\"{\\\"y\\\":\""),
                tool(0, "", "\"arguments\":\"1}\""),
                tool(1, "", "\"arguments\":\"2}\""),
                ChatAnswers.finish("stop"));
        String events = stream(chunks);
        assertEquals(
                "[{\"type\":\"tool_use\",\"id\":\"a\",\"name\":\"one\",\"input\":{\"x\":1}},{\"type\":\"tool_use\",\"id\":\"b\",\"name\":\"two\",\"input\":{\"y\":2}}]",
                MessageEventReader.message(events).getJsonArray("content").encode());
        assertEquals("tool_use", MessageEventReader.message(events).getString("stop_reason"));
    }

    @Test
    void aCallWithoutAnIdGetsOneAndAnotherOneAnother() {
        String content = MessageEventReader.message(stream(List.of(
                        tool(0, "", "\"name\":\"one\",\"arguments\":\"{}\""),
                        tool(1, "", "\"name\":\"two\",\"arguments\":\"\""),
                        ChatAnswers.finish("tool_calls"))))
                .getJsonArray("content")
                .encode();
        assertTrue(content.matches(".*\"id\":\"toolu_[0-9a-f]+_0\".*\"id\":\"toolu_[0-9a-f]+_1\".*"), content);
    }

    @ParameterizedTest
    @CsvSource({
        "stop, , end_turn",
        "length, , max_tokens",
        "content_filter, , refusal",
        "stop, END, stop_sequence",
        "eos, , end_turn"
    })
    void theStopReasonIsWhatTheFinishReasonMeans(String finish, String string, String stop) {
        String tail = string == null ? "" : ",\"stop_reason\":\"" + string + "\"";
        String last = ChatAnswers.finish(finish).replace("\"" + finish + "\"}", "\"" + finish + "\"" + tail + "}");
        JsonObject streamed =
                MessageEventReader.message(stream(List.of(ChatAnswers.chunk("{\"content\":\"a\"}"), last)));
        JsonObject whole = new JsonObject(read(ChatAnswers.plain(
                200,
                "{\"id\":\"1\",\"choices\":[{\"message\":{\"content\":\"a\"},\"finish_reason\":\"" + finish + "\""
                        + tail + "}]}")));
        for (JsonObject message : List.of(streamed, whole)) {
            assertEquals(stop, message.getString("stop_reason"));
            assertEquals(string, message.getString("stop_sequence"));
        }
    }

    @Test
    void thoughtIsLeftOutWhereItIsDisabled() {
        String asked = ASKED.replace("\"max_tokens\"", "\"thinking\":{\"type\":\"disabled\"},\"max_tokens\"");
        String whole = ChatAnswers.read(MESSAGES, asked, ChatAnswers.plain(200, ChatAnswers.EVERYTHING_WHOLE));
        String events =
                ChatAnswers.read(MESSAGES, asked, ChatAnswers.cut(ChatAnswers.bytes(ChatAnswers.EVERYTHING), 4_000));
        assertFalse(whole.contains("thinking"));
        assertFalse(events.contains("thinking"));
    }

    @Test
    void annotationsAreCitations() {
        String annotations =
                "\"annotations\":[{\"type\":\"url_citation\",\"url_citation\":{\"start_index\":3,\"end_index\":6,\"title\":\"T\",\"url\":\"urn:t\"}}]";
        String citation =
                "[{\"type\":\"search_result_location\",\"cited_text\":\"[1]\",\"source\":\"urn:t\",\"title\":\"T\",\"search_result_index\":0,\"start_block_index\":0,\"end_block_index\":1}]";
        String whole = read(ChatAnswers.plain(
                200,
                "{\"choices\":[{\"message\":{\"content\":\"So [1].\"," + annotations
                        + "},\"finish_reason\":\"stop\"}]}"));
        String events = stream(List.of(
                ChatAnswers.chunk("{\"content\":\"So \"}"),
                ChatAnswers.chunk("{\"content\":\"[1].\"}"),
                ChatAnswers.finish("stop").replace("\"delta\":{}", "\"delta\":{" + annotations + "}")));
        for (JsonObject message : List.of(new JsonObject(whole), MessageEventReader.message(events))) {
            assertEquals(
                    citation,
                    message.getJsonArray("content")
                            .getJsonObject(0)
                            .getJsonArray("citations")
                            .encode());
        }
    }

    @Test
    void theCitedTextIsThePassages() {
        Source moon = new Source("a#0", "file-a", "T", "urn:t", 0.9, "The Moon is 384400 km away.", "T", Map.of());
        ChatReply plain = ChatAnswers.plain(
                200,
                "{\"choices\":[{\"message\":{\"content\":\"Far [1].\",\"annotations\":[{\"type\":\"url_citation\",\"url_citation\":{\"start_index\":4,\"end_index\":7,\"title\":\"T\",\"url\":\"urn:t\"}}]},\"finish_reason\":\"stop\"}]}");
        ChatReply grounded = new ChatReply(
                plain.status(),
                plain.headers(),
                false,
                plain.body(),
                plain.served().withSources(List.of("How far?"), List.of(moon)));
        assertEquals(
                moon.text(),
                new JsonObject(read(grounded))
                        .getJsonArray("content")
                        .getJsonObject(0)
                        .getJsonArray("citations")
                        .getJsonObject(0)
                        .getString("cited_text"));
    }

    @ParameterizedTest
    @CsvSource({
        "400, invalid_request_error",
        "401, authentication_error",
        "403, permission_error",
        "404, not_found_error",
        "405, invalid_request_error",
        "413, request_too_large",
        "415, invalid_request_error",
        "429, rate_limit_error",
        "500, api_error",
        "502, api_error",
        "503, overloaded_error",
        "504, timeout_error"
    })
    void anErrorKeepsItsStatusAndMessage(int status, String type) {
        ChatReply reply = ChatAnswers.plain(status, "{\"error\":{\"message\":\"No \\\"x\\\".\",\"type\":\"t\"}}");
        assertEquals(
                status, MESSAGES.read(Buffer.buffer(ASKED)).reply(reply, "r").status());
        assertEquals(
                "{\"type\":\"error\",\"error\":{\"type\":\"" + type
                        + "\",\"message\":\"No \\\"x\\\".\"},\"request_id\":\"req-1\"}",
                read(reply));
    }

    @Test
    void anErrorInTheStreamIsItsLastEvent() {
        List<String> chunks = new ArrayList<>(ChatAnswers.EVERYTHING.subList(0, 4));
        chunks.add("{\"error\":{\"message\":\"out of memory\",\"type\":\"server_error\",\"code\":503}}");
        String told = stream(chunks);
        String broken = read(ChatAnswers.broken(
                ChatAnswers.EVERYTHING.subList(0, 4),
                new GatewayException(ErrorCode.UPSTREAM_TIMEOUT, "the model server has been silent for 60 s")));
        assertTrue(
                told.endsWith(
                        "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"out of memory\"},\"request_id\":\"req-1\"}\n\n"),
                told);
        assertTrue(
                broken.endsWith(
                        "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"timeout_error\",\"message\":\"the model server has been silent for 60 s\"},\"request_id\":\"req-1\"}\n\n"),
                broken);
        for (String events : List.of(told, broken)) {
            assertFalse(events.contains("message_stop"));
            assertTrue(events.contains("text_delta"));
        }
    }

    @Test
    void aCallThatNeverGetsANameIsAnError() {
        String events = stream(List.of(tool(0, ",\"id\":\"a\"", "\"arguments\":\"{}\""), ChatAnswers.finish("stop")));
        assertTrue(events.contains("event: error"), events);
        assertFalse(events.contains("message_stop"), events);
    }

    @Test
    void aCommentIsAPing() {
        Buffer bytes = Buffer.buffer(": loading\n\n").appendBuffer(ChatAnswers.bytes(ChatAnswers.EVERYTHING));
        assertTrue(
                read(ChatAnswers.cut(bytes, bytes.length())).startsWith("event: ping\ndata: {\"type\":\"ping\"}\n\n"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"choices\":[]}", "[]", "{\"choices\":[{\"message\":null}]}", ""})
    void anAnswerWithoutAMessageIsAFault(String body) {
        GatewayException fault = assertThrows(GatewayException.class, () -> read(ChatAnswers.plain(200, body)));
        assertEquals(502, fault.code().status());
    }

    @Test
    void argumentsThatAreNoObjectAreAFaultUnlessTheyWereCut() {
        String answer =
                "{\"choices\":[{\"message\":{\"tool_calls\":[{\"id\":\"a\",\"function\":{\"name\":\"f\",\"arguments\":\"{\\\"x\"}}]},\"finish_reason\":\"stop\"}]}";
        assertThrows(GatewayException.class, () -> read(ChatAnswers.plain(200, answer)));
        String cut = read(ChatAnswers.plain(200, answer.replace("\"stop\"", "\"length\"")));
        assertTrue(cut.contains("\"input\":{}"), cut);
        assertTrue(cut.contains("\"stop_reason\":\"max_tokens\""), cut);
    }

    @Test
    void tokensAreCountedByTheEstimate() {
        String system = "12345678";
        assertEquals(
                "{\"input_tokens\":" + (system.length() + "system".length() + "Hi".length() + "user".length() + 3) / 4
                        + "}",
                MESSAGES.countTokens(
                                Buffer.buffer("{\"model\":\"m\",\"system\":\"" + system
                                        + "\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}"),
                                AttachedFiles.UNREAD)
                        .toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "{\"model\":", "{}x"})
    void whatIsNoJsonObjectIsSaidSo(String body) {
        GatewayException refused = assertThrows(GatewayException.class, () -> MESSAGES.read(Buffer.buffer(body)));
        assertEquals(ErrorCode.INVALID_JSON, refused.code());
    }

    private static String tool(int index, String id, String function) {
        return ChatAnswers.chunk("{\"tool_calls\":[{\"index\":" + index + id + ",\"function\":{" + function + "}}]}");
    }

    private static String stream(List<String> chunks) {
        Buffer bytes = ChatAnswers.bytes(chunks);
        return read(ChatAnswers.cut(bytes, bytes.length()));
    }

    private static String read(ChatReply reply) {
        return ChatAnswers.read(MESSAGES, ASKED, reply);
    }
}
