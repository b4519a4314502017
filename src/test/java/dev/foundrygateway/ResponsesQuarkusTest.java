package dev.foundrygateway;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.foundrygateway.edge.protocol.ResponseEventReader;
import dev.foundrygateway.practice.PracticeUpstream;
import dev.foundrygateway.practice.Script;
import dev.foundrygateway.testing.GatewayClient;
import dev.foundrygateway.testing.GatewayClient.Reply;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Responses over sockets: translated, relayed, grounded, kept. */
@QuarkusTest
@QuarkusTestResource(value = ResponseServers.class, restrictToAnnotatedClass = true)
class ResponsesQuarkusTest {
    private static final String ANN = ResponseServers.ANN;

    private static final String BOB = ResponseServers.BOB;

    private static final PracticeUpstream UPSTREAM = ResponseServers.UPSTREAM;

    private static final String ANSWER =
            "{\"id\":\"chatcmpl-7\",\"object\":\"chat.completion\",\"created\":5,\"model\":\"m\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"Gr\u00fc\u00dfe\",\"tool_calls\":[{\"id\":\"call_a\",\"type\":\"function\",\"function\":{\"name\":\"add\",\"arguments\":\"{\\\"a\\\":1}\"}}]},\"finish_reason\":\"tool_calls\"}],\"usage\":{\"prompt_tokens\":11,\"completion_tokens\":7,\"total_tokens\":18}}";

    private static final List<String> CHUNKS = List.of(
            chunk("{\"role\":\"assistant\",\"content\":\"\"}", "null"),
            chunk("{\"content\":\"Gr\u00fc\"}", "null"),
            chunk("{\"content\":\"\u00dfe\"}", "null"),
            chunk(
                    "{\"tool_calls\":[{\"index\":0,\"id\":\"call_a\",\"type\":\"function\",\"function\":{\"name\":\"add\",\"arguments\":\"{\\\"a\\\":1}\"}}]}",
                    "null"),
            chunk("{}", "\"tool_calls\""),
            "{\"id\":\"chatcmpl-7\",\"object\":\"chat.completion.chunk\",\"created\":5,\"model\":\"m\",\"choices\":[],\"usage\":{\"prompt_tokens\":11,\"completion_tokens\":7,\"total_tokens\":18}}");

    private static final String NATIVE =
            "{\"id\":\"resp_1\",\"object\":\"response\",\"status\":\"completed\",\"output\":[],\"odd\":1.50}";

    @ConfigProperty(name = "quarkus.http.test-port")
    int port;

    @BeforeEach
    void begin() {
        await().atMost(Duration.ofMinutes(1))
                .until(() ->
                        send("GET", "/v1/vector_stores/docs", "", ANN).body().matches(".*\"completed\": *1.*"));
        UPSTREAM.clear();
    }

    @Test
    void aWholeAnswerHasTheTextCallsAndCountsOfTheChat() {
        ResponseServers.chats(Script.start().json(200, ANSWER));
        JsonObject response = new JsonObject(ResponseServers.ok(ask("chatty-model", ",\"instructions\":\"Be brief.\""))
                .body());
        assertResponse(response);
        assertEquals("/v1/chat/completions", ResponseServers.asked().get(0).path());
        assertEquals(
                "[{\"role\":\"system\",\"content\":\"Be brief.\"},{\"role\":\"user\",\"content\":\"Hi\"}]",
                sent().getJsonArray("messages").encode());
    }

    @Test
    void aStreamMakesTheSameResponseHoweverItIsCut() {
        StringBuilder events = new StringBuilder();
        CHUNKS.forEach(chunk -> events.append("data: ").append(chunk).append("\n\n"));
        events.append("data: [DONE]\n\n");
        for (int size : List.of(1, 7, 64, 5_000)) {
            UPSTREAM.clear();
            ResponseServers.chats(Script.start().stream().pieces(events.toString(), size));
            Reply reply = ResponseServers.ok(ask("chatty-model", ",\"stream\":true"));
            assertTrue(reply.whole());
            assertEquals("text/event-stream", reply.header("content-type"));
            assertResponse(ResponseEventReader.response(reply.body()));
            assertFalse(reply.body().contains("[DONE]"));
        }
    }

    @Test
    void aStreamThatBreaksFailsTheResponse() {
        ResponseServers.chats(Script.start().stream()
                .event(CHUNKS.get(0))
                .event(CHUNKS.get(1))
                .endWithoutTerminator());
        Reply reply = ResponseServers.ok(ask("chatty-model", ",\"stream\":true"));
        List<JsonObject> events = ResponseEventReader.events(reply.body());
        JsonObject last = events.get(events.size() - 1);
        assertEquals("response.failed", last.getString("type"));
        assertEquals(
                "upstream_error",
                last.getJsonObject("response").getJsonObject("error").getString("code"));
    }

    @Test
    void errorsKeepTheirStatusAndShape() {
        ResponseServers.chats(Script.start()
                .json(400, "{\"error\":{\"message\":\"no such thing\",\"type\":\"invalid_request_error\"}}"));
        for (String stream : List.of("", ",\"stream\":true")) {
            assertError(ask("chatty-model", stream), 400, "no such thing", "");
        }
        assertError(ask("chatty-model", ",\"tools\":[{\"type\":\"web_search\"}]"), 400, "web_search", "tools[0].type");
        assertError(ask("chatty-model", ",\"conversation\":\"c\""), 400, "conversation", "conversation");
        assertError(
                ask("chatty-model", ",\"previous_response_id\":\"resp_x\""), 400, "not stored", "previous_response_id");
        assertError(send("POST", "/v1/responses", "{", ANN), 400, "not a JSON object", "");
    }

    @Test
    void hybridAndTheReportWorkBehindIt() {
        Reply hybrid = ResponseServers.ok(ask("hybrid", ""));
        assertFalse(hybrid.header("x-gateway-route").isEmpty());
        assertEquals("response", new JsonObject(hybrid.body()).getString("object"));
        UPSTREAM.clear();
        ResponseServers.chats(Script.start().json(200, ANSWER));
        JsonObject told = new JsonObject(ResponseServers.ok(ask("phi-4-mini", ",\"gateway\":{\"report\":true}"))
                .body());
        assertEquals("direct", told.getJsonObject("gateway").getString("route"));
        assertFalse(sent().containsKey("gateway"));
    }

    @Test
    void aFileSearchIsGroundedInTheStore() {
        String asked = ",\"tools\":[{\"type\":\"file_search\",\"vector_store_ids\":[\"docs\"]}]";
        String said = ANSWER.replace("Gr\u00fc\u00dfe", "384400 km [1]");
        ResponseServers.chats(Script.start().json(200, said));
        JsonArray output = new JsonObject(ResponseServers.ok(
                                question("phi-4-mini", asked + ",\"include\":[\"file_search_call.results\"]"))
                        .body())
                .getJsonArray("output");
        assertTrue(sent().encode().contains("384400"), () -> sent().encode());
        assertFalse(sent().containsKey("tools"));
        JsonObject search = output.getJsonObject(0);
        assertEquals("file_search_call", search.getString("type"));
        assertEquals(new JsonArray().add("How far away is the Moon?"), search.getJsonArray("queries"));
        assertTrue(search.getJsonArray("results")
                .getJsonObject(0)
                .getString("text")
                .contains("384400"));
        JsonObject citation = output.getJsonObject(1)
                .getJsonArray("content")
                .getJsonObject(0)
                .getJsonArray("annotations")
                .getJsonObject(0);
        assertEquals("file_citation", citation.getString("type"));
        assertEquals(
                search.getJsonArray("results").getJsonObject(0).getString("file_id"), citation.getString("file_id"));
        assertEquals("384400 km [1]".length(), citation.getInteger("index"));

        UPSTREAM.clear();
        ResponseServers.chats(Script.start().stream()
                .event(chunk("{\"content\":\"384400 km [1]\"}", "null"))
                .event(chunk("{}", "\"stop\""))
                .done());
        Reply streamed = ResponseServers.ok(question("phi-4-mini", asked + ",\"stream\":true"));
        assertTrue(streamed.body().contains("event: response.output_text.annotation.added\n"), streamed::body);
        assertEquals(
                "file_citation",
                ResponseEventReader.response(streamed.body())
                        .getJsonArray("output")
                        .getJsonObject(1)
                        .getJsonArray("content")
                        .getJsonObject(0)
                        .getJsonArray("annotations")
                        .getJsonObject(0)
                        .getString("type"));
    }

    @Test
    void aSearchTellsWhatItHasSearchedAndNoneIsToldWhereThereWasNone() {
        String tools = ",\"tools\":[{\"type\":\"file_search\",\"vector_store_ids\":[\"docs\"]}]";
        String asked = "How far away is the Moon?";
        ResponseServers.chats(Script.start().json(200, ANSWER));
        String pasted = "lorem ".repeat(500) + asked;
        JsonArray queries = new JsonObject(ResponseServers.ok(
                                send("POST", "/v1/responses", ResponseServers.body("phi-4-mini", pasted, tools), ANN))
                        .body())
                .getJsonArray("output")
                .getJsonObject(0)
                .getJsonArray("queries");
        assertTrue(queries.getString(0).endsWith(asked), queries::encode);
        assertTrue(queries.getString(0).length() <= 2_000, queries::encode);
        UPSTREAM.clear();
        ResponseServers.chats(Script.start().json(200, ANSWER));
        JsonObject off =
                new JsonObject(ResponseServers.ok(question("phi-4-mini", tools + ",\"gateway\":{\"rag\":\"off\"}"))
                        .body());
        assertEquals("message", off.getJsonArray("output").getJsonObject(0).getString("type"));
    }

    @Test
    void aDefaultStoreGroundsWithoutAnItem() {
        ResponseServers.chats(Script.start().json(200, ANSWER));
        JsonArray output =
                new JsonObject(ResponseServers.ok(question("grounded", "")).body()).getJsonArray("output");
        assertTrue(sent().encode().contains("384400"), () -> sent().encode());
        assertEquals("message", output.getJsonObject(0).getString("type"));
        UPSTREAM.clear();
        UPSTREAM.script(Script.start().json(200, NATIVE));
        assertEquals(
                NATIVE,
                ResponseServers.ok(question("grounded", ",\"gateway\":{\"rag\":\"off\"}"))
                        .body());
    }

    @Test
    void aKeptResponseIsItsOwnersAlone() {
        ResponseServers.chats(Script.start().json(200, ANSWER));
        String first =
                new JsonObject(ResponseServers.ok(ask("chatty-model", "")).body()).getString("id");
        JsonObject read = new JsonObject(ResponseServers.ok(send("GET", "/v1/responses/" + first, "", ANN))
                .body());
        assertResponse(read);
        assertEquals(first, read.getString("id"));
        String next = ",\"previous_response_id\":\"" + first + "\"";
        for (String path :
                List.of("GET /v1/responses/%s", "GET /v1/responses/%s/input_items", "DELETE /v1/responses/%s")) {
            String[] call = path.formatted(first).split(" ", 2);
            assertError(send(call[0], call[1], "", BOB), 404, first, "response_id");
        }
        assertError(
                send("POST", "/v1/responses", ResponseServers.body("chatty-model", "Hi", next), BOB),
                400,
                "not stored",
                "previous_response_id");

        UPSTREAM.clear();
        ResponseServers.chats(Script.start().json(200, ANSWER));
        String outputs = "[{\"type\":\"function_call_output\",\"call_id\":\"call_a\",\"output\":\"2\"}]";
        Reply second = ResponseServers.ok(
                send("POST", "/v1/responses", "{\"model\":\"chatty-model\",\"input\":" + outputs + next + "}", ANN));
        assertEquals(first, new JsonObject(second.body()).getString("previous_response_id"));
        assertEquals(
                "[{\"role\":\"user\",\"content\":\"Hi\"},{\"role\":\"assistant\",\"content\":\"Gr\u00fc\u00dfe\",\"tool_calls\":[{\"id\":\"call_a\",\"type\":\"function\",\"function\":{\"name\":\"add\",\"arguments\":\"{\\\"a\\\":1}\"}}]},{\"role\":\"tool\",\"tool_call_id\":\"call_a\",\"content\":\"2\"}]",
                sent().getJsonArray("messages").encode());
        String id = new JsonObject(second.body()).getString("id");
        JsonObject page = new JsonObject(
                ResponseServers.ok(send("GET", "/v1/responses/" + id + "/input_items?limit=2&order=asc", "", ANN))
                        .body());
        assertEquals(2, page.getJsonArray("data").size(), page::encode);
        assertTrue(page.getBoolean("has_more"));
        JsonObject rest = new JsonObject(ResponseServers.ok(send(
                        "GET",
                        "/v1/responses/" + id + "/input_items?order=asc&after=" + page.getString("last_id"),
                        "",
                        ANN))
                .body());
        assertEquals(
                List.of("function_call", "function_call_output"),
                rest.getJsonArray("data").stream()
                        .map(item -> ((JsonObject) item).getString("type"))
                        .toList());
        assertFalse(rest.getBoolean("has_more"));

        assertError(send("POST", "/v1/responses/" + first + "/cancel", "", ANN), 400, "cancel", "response_id");
        JsonObject gone = new JsonObject(ResponseServers.ok(send("DELETE", "/v1/responses/" + first, "", ANN))
                .body());
        assertEquals(new JsonObject().put("id", first).put("object", "response").put("deleted", true), gone);
        for (String path : List.of("GET /v1/responses/%s", "POST /v1/responses/%s/cancel", "DELETE /v1/responses/%s")) {
            String[] call = path.formatted(first).split(" ", 2);
            assertError(send(call[0], call[1], "", ANN), 404, first, "response_id");
        }
        assertEquals(1, ResponseServers.asked().size(), "ids of ours go to no server");
    }

    @Test
    void aResponseThatIsNotToBeStoredIsNot() {
        ResponseServers.chats(Script.start().json(200, ANSWER));
        JsonObject response = new JsonObject(
                ResponseServers.ok(ask("chatty-model", ",\"store\":false")).body());
        assertFalse(response.getBoolean("store"));
        assertEquals(
                404,
                send("GET", "/v1/responses/" + response.getString("id"), "", ANN)
                        .status());
    }

    private static void assertResponse(JsonObject response) {
        assertEquals("completed", response.getString("status"));
        JsonObject message = response.getJsonArray("output").getJsonObject(0);
        assertEquals(
                "Gr\u00fc\u00dfe",
                message.getJsonArray("content").getJsonObject(0).getString("text"));
        JsonObject call = response.getJsonArray("output").getJsonObject(1);
        assertEquals("call_a", call.getString("call_id"));
        assertEquals("{\"a\":1}", call.getString("arguments"));
        assertEquals(11, response.getJsonObject("usage").getInteger("input_tokens"));
        assertEquals(7, response.getJsonObject("usage").getInteger("output_tokens"));
        assertEquals(18, response.getJsonObject("usage").getInteger("total_tokens"));
    }

    private static void assertError(Reply reply, int status, String message, String param) {
        assertEquals(status, reply.status(), reply::body);
        JsonObject error = new JsonObject(reply.body()).getJsonObject("error");
        assertTrue(error.getString("message").contains(message), reply::body);
        assertEquals(param.isEmpty() ? null : param, error.getString("param"));
    }

    private static JsonObject sent() {
        return ResponseServers.asked().get(0).json();
    }

    private Reply ask(String model, String members) {
        return send("POST", "/v1/responses", ResponseServers.body(model, "Hi", members), ANN);
    }

    private Reply question(String model, String members) {
        return send("POST", "/v1/responses", ResponseServers.body(model, "How far away is the Moon?", members), ANN);
    }

    private Reply send(String method, String path, String body, String key) {
        return new GatewayClient(port).send(method, path, body, "Authorization", "Bearer " + key);
    }

    private static String chunk(String delta, String finish) {
        return "{\"id\":\"chatcmpl-7\",\"object\":\"chat.completion.chunk\",\"created\":5,\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":"
                + delta + ",\"finish_reason\":" + finish + "}]}";
    }
}
