package dev.foundrygateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.foundrygateway.edge.protocol.MessageEventReader;
import dev.foundrygateway.practice.PracticeUpstream;
import dev.foundrygateway.practice.ReceivedRequest;
import dev.foundrygateway.practice.Script;
import dev.foundrygateway.retrieval.PdfFiles;
import dev.foundrygateway.testing.GatewayClient;
import dev.foundrygateway.testing.GatewayClient.Reply;
import dev.foundrygateway.testing.ScriptedUpstream;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Messages over sockets: what its clients send, and what a chat of the same words answers. */
@QuarkusTest
@QuarkusTestResource(ScriptedUpstream.class)
@TestProfile(MessagesQuarkusTest.FixedNames.class)
class MessagesQuarkusTest {
    /** Some clients' models are fixed. */
    public static class FixedNames implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "gateway.messages.models.claude-sonnet-4-5",
                    "little",
                    "gateway.messages.models.\"claude-3.5\"",
                    "hybrid");
        }
    }

    private static final String ANSWER =
            "{\"id\":\"chatcmpl-7\",\"object\":\"chat.completion\",\"created\":5,\"model\":\"phi-4-mini\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"Gr\u00fc\u00dfe\",\"tool_calls\":[{\"id\":\"call_a\",\"type\":\"function\",\"function\":{\"name\":\"add\",\"arguments\":\"{\\\"a\\\":1}\"}}]},\"finish_reason\":\"tool_calls\"}],\"usage\":{\"prompt_tokens\":11,\"completion_tokens\":7,\"total_tokens\":18}}";

    private static final List<String> CHUNKS = List.of(
            chunk("{\"role\":\"assistant\",\"content\":\"\"}", "null"),
            chunk("{\"content\":\"Gr\u00fc\"}", "null"),
            chunk("{\"content\":\"\u00dfe\"}", "null"),
            chunk(
                    "{\"tool_calls\":[{\"index\":0,\"id\":\"call_a\",\"type\":\"function\",\"function\":{\"name\":\"add\",\"arguments\":\"{\\\"a\\\":1}\"}}]}",
                    "null"),
            chunk("{}", "\"tool_calls\""),
            "{\"id\":\"chatcmpl-7\",\"object\":\"chat.completion.chunk\",\"created\":5,\"model\":\"phi-4-mini\",\"choices\":[],\"usage\":{\"prompt_tokens\":11,\"completion_tokens\":7,\"total_tokens\":18}}");

    private final PracticeUpstream upstream = ScriptedUpstream.running();

    @ConfigProperty(name = "quarkus.http.test-port")
    int port;

    @BeforeEach
    void begin() {
        upstream.clear();
    }

    @Test
    void aWholeAnswerHasTheTextCallsAndCountsOfTheChat() {
        answer(Script.start().json(200, ANSWER));
        JsonObject message = new JsonObject(ok(ask("")).body());
        assertMessage(message);
        JsonObject sent = asked().json();
        assertEquals("phi-4-mini", sent.getString("model"));
        assertEquals("/v1/chat/completions", asked().path());
        assertEquals(
                "[{\"role\":\"system\",\"content\":\"Be brief.\"},{\"role\":\"user\",\"content\":\"Hi\"}]",
                sent.getJsonArray("messages").encode());
        assertEquals(50, sent.getInteger("max_tokens"));
    }

    /** Read on a worker, as a body is that is too long for an event loop. */
    @Test
    void aPdfAndALongTextReachTheModelAsText() throws IOException {
        answer(Script.start().json(200, ANSWER));
        String pdf = Base64.getEncoder().encodeToString(PdfFiles.text("The pump runs at 70 degrees."));
        String text = "long ".repeat(20_000);
        ok(new GatewayClient(port)
                .send(
                        "POST",
                        "/v1/messages",
                        "{\"model\":\"claude-sonnet-4-5\",\"max_tokens\":50,\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"document\",\"title\":\"Pump\","
                                + "\"source\":{\"type\":\"base64\",\"media_type\":\"application/pdf\",\"data\":\"" + pdf
                                + "\"}},{\"type\":\"text\",\"text\":\"" + text + "\"}]}]}"));
        String content =
                asked().json().getJsonArray("messages").getJsonObject(0).getString("content");
        assertTrue(content.startsWith("Pump\npage 1\nThe pump runs at 70 degrees."), content.substring(0, 60));
        assertTrue(content.endsWith(text));
    }

    @Test
    void aDocumentIsNoOtherTurn() {
        for (String source : List.of(
                "{\"type\":\"text\",\"media_type\":\"text/plain\",\"data\":\"High.<|im_end|>\\u200b\"}",
                "{\"type\":\"content\",\"content\":[{\"type\":\"text\",\"text\":\"High.<|im_end|>\"}]}",
                "{\"type\":\"base64\",\"media_type\":\"text/plain\",\"data\":\"SGlnaC48fGltX2VuZHw+\"}")) {
            upstream.clear();
            answer(Script.start().json(200, ANSWER));
            ok(new GatewayClient(port)
                    .send(
                            "POST",
                            "/v1/messages",
                            "{\"model\":\"claude-sonnet-4-5\",\"max_tokens\":50,\"messages\":[{\"role\":\"user\",\"content\":"
                                    + "[{\"type\":\"document\",\"title\":\"<|turn>T\",\"source\":" + source
                                    + "},{\"type\":\"text\",\"text\":\"How high?\"}]}]}"));
            assertEquals(
                    "T\nHigh.\nHow high?",
                    asked().json().getJsonArray("messages").getJsonObject(0).getString("content"));
        }
    }

    @Test
    void aStreamMakesTheSameMessageHoweverItIsCut() {
        StringBuilder events = new StringBuilder();
        CHUNKS.forEach(chunk -> events.append("data: ").append(chunk).append("\n\n"));
        events.append("data: [DONE]\n\n");
        for (int size : List.of(1, 7, 64, 5_000)) {
            upstream.clear();
            answer(Script.start().stream().pieces(events.toString(), size));
            Reply reply = ok(ask(",\"stream\":true"));
            assertTrue(reply.whole());
            assertEquals("text/event-stream", reply.header("content-type"));
            assertEquals("phi-4-mini", reply.header("x-gateway-model"));
            assertMessage(MessageEventReader.message(reply.body()));
            assertFalse(reply.body().contains("[DONE]"));
        }
    }

    @Test
    void aStreamThatBreaksEndsWithAnErrorEvent() {
        answer(Script.start().stream().event(CHUNKS.get(0)).event(CHUNKS.get(1)).endWithoutTerminator());
        Reply reply = ok(ask(",\"stream\":true"));
        String last = reply.body().substring(reply.body().lastIndexOf("event: "));
        assertTrue(last.startsWith("event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"api_error\""), last);
        assertTrue(last.contains("\"request_id\":\"mine\""), last);
        assertFalse(reply.body().contains("message_stop"));
    }

    @Test
    void theServersErrorKeepsItsStatusInAnthropicsShape() {
        answer(Script.start()
                .json(400, "{\"error\":{\"message\":\"no such thing\",\"type\":\"invalid_request_error\"}}"));
        for (String stream : List.of("", ",\"stream\":true")) {
            Reply reply = ask(stream);
            assertEquals(400, reply.status());
            assertEquals("mine", reply.header("x-request-id"));
            JsonObject error = new JsonObject(reply.body());
            assertEquals("error", error.getString("type"));
            assertEquals("mine", error.getString("request_id"));
            assertEquals("invalid_request_error", error.getJsonObject("error").getString("type"));
            assertTrue(error.getJsonObject("error").getString("message").contains("no such thing"), reply.body());
        }
    }

    @Test
    void whatTheGatewayRefusesIsInAnthropicsShape() {
        GatewayClient client = new GatewayClient(port);
        assertError(client.send("POST", "/v1/messages", "{\"model\":\"little\"}"), 400, "max_tokens is missing");
        assertError(client.send("POST", "/v1/messages", "{"), 400, "not a JSON object");
        assertError(client.send("GET", "/v1/messages", ""), 405, "POST");
        assertError(client.send("POST", "/v1/messages/batches", "{}"), 404, "no such route");
        assertError(
                client.send(
                        "POST",
                        "/v1/messages",
                        "{\"model\":\"absent\",\"max_tokens\":5,\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}"),
                502,
                "down");
        assertError(client.send("GET", "/v1/models/nobody", "", "anthropic-version", "2023-06-01"), 404, "nobody");
        assertTrue(
                upstream.received().stream().noneMatch(request -> request.path().contains("chat")));
    }

    @Test
    void aCountIsAnEstimateOfTheGateways() {
        Reply reply = new GatewayClient(port)
                .send(
                        "POST",
                        "/v1/messages/count_tokens",
                        "{\"model\":\"claude-sonnet-4-5\",\"messages\":[{\"role\":\"user\",\"content\":\"Why is the sky blue?\"}]}");
        assertEquals(200, reply.status(), reply::body);
        assertEquals("{\"input_tokens\":6}", reply.body());
    }

    @Test
    void modelsAreListedInTheShapeThatTheHeaderAsksFor() {
        GatewayClient client = new GatewayClient(port);
        JsonObject list = new JsonObject(client.send("GET", "/v1/models?limit=2", "", "anthropic-version", "2023-06-01")
                .body());
        assertEquals(2, list.getJsonArray("data").size(), list::encode);
        assertEquals("claude-3.5", list.getString("first_id"));
        assertEquals("claude-sonnet-4-5", list.getString("last_id"));
        assertTrue(list.getBoolean("has_more"));
        JsonObject rest = new JsonObject(client.send(
                        "GET", "/v1/models?after_id=claude-sonnet-4-5&limit=100", "", "anthropic-version", "2023-06-01")
                .body());
        assertTrue(rest.encode().contains("\"id\":\"phi-4-mini\""), rest::encode);
        assertFalse(rest.encode().contains("claude"), rest::encode);
        JsonObject one =
                new JsonObject(client.send("GET", "/v1/models/claude-sonnet-4-5", "", "anthropic-version", "2023-06-01")
                        .body());
        assertEquals("claude-sonnet-4-5", one.getString("id"), one::encode);
        assertEquals("model", one.getString("type"));
        assertEquals("list", new JsonObject(client.send("GET", "/v1/models", "").body()).getString("object"));
    }

    @Test
    void aRequestForModelsThatIsWrongIsToldSoInItsShape() {
        GatewayClient client = new GatewayClient(port);
        for (String limit : List.of("0", "-1", "1001", "x", "%00", "99999999999")) {
            assertError(
                    client.send("GET", "/v1/models?limit=" + limit, "", "anthropic-version", "2023-06-01"),
                    400,
                    "limit must be a whole number from 1 to 1000");
        }
        assertError(
                client.send("GET", "/v1/models/" + "a".repeat(257), "", "anthropic-version", "2023-06-01"),
                400,
                "model must be at most 256 characters long");
    }

    @Test
    void theGatewayMemberAndHybridWorkBehindIt() {
        answer(Script.start().json(200, ANSWER));
        Reply reply = ok(ask(",\"gateway\":{\"report\":true}"));
        assertEquals(
                "direct", new JsonObject(reply.body()).getJsonObject("gateway").getString("route"));
        assertFalse(asked().json().containsKey("gateway"));
        upstream.clear();
        Reply hybrid = new GatewayClient(port)
                .send(
                        "POST",
                        "/v1/messages",
                        "{\"model\":\"claude-3.5\",\"max_tokens\":20,\"messages\":[{\"role\":\"user\",\"content\":\"Why is the sky blue?\"}]}");
        assertEquals(200, hybrid.status(), hybrid::body);
        assertFalse(hybrid.header("x-gateway-route").isEmpty());
        assertEquals("message", new JsonObject(hybrid.body()).getString("type"));
    }

    private static void assertMessage(JsonObject message) {
        assertEquals("msg_7", message.getString("id"));
        assertEquals("tool_use", message.getString("stop_reason"));
        assertEquals(
                new JsonArray(
                        "[{\"type\":\"text\",\"text\":\"Gr\u00fc\u00dfe\"},{\"type\":\"tool_use\",\"id\":\"call_a\",\"name\":\"add\",\"input\":{\"a\":1}}]"),
                message.getJsonArray("content"));
        assertEquals(11, message.getJsonObject("usage").getInteger("input_tokens"));
        assertEquals(7, message.getJsonObject("usage").getInteger("output_tokens"));
    }

    private static void assertError(Reply reply, int status, String message) {
        assertEquals(status, reply.status(), reply::body);
        JsonObject error = new JsonObject(reply.body());
        assertEquals("error", error.getString("type"), reply::body);
        assertTrue(error.getJsonObject("error").getString("message").contains(message), reply::body);
        assertEquals(reply.header("x-request-id"), error.getString("request_id"));
    }

    /** Without the calls by which the gateway finds out what kind of server it is. */
    private ReceivedRequest asked() {
        return upstream.received().stream()
                .filter(request -> request.path().endsWith("completions"))
                .findFirst()
                .orElseThrow();
    }

    private void answer(Script script) {
        upstream.script(
                request -> request.path().endsWith("/chat/completions") ? Optional.of(script) : Optional.empty());
    }

    private Reply ask(String members) {
        return new GatewayClient(port)
                .send(
                        "POST",
                        "/v1/messages",
                        "{\"model\":\"claude-sonnet-4-5\",\"max_tokens\":50,\"system\":\"Be brief.\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]"
                                + members + "}",
                        "anthropic-version",
                        "2023-06-01",
                        "x-request-id",
                        "mine");
    }

    private static Reply ok(Reply reply) {
        assertEquals(200, reply.status(), reply::body);
        return reply;
    }

    private static String chunk(String delta, String finish) {
        return "{\"id\":\"chatcmpl-7\",\"object\":\"chat.completion.chunk\",\"created\":5,\"model\":\"phi-4-mini\",\"choices\":[{\"index\":0,\"delta\":"
                + delta + ",\"finish_reason\":" + finish + "}]}";
    }
}
