package dev.foundrygateway;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.foundrygateway.practice.PracticeUpstream;
import dev.foundrygateway.practice.ReceivedRequest;
import dev.foundrygateway.practice.Script;
import dev.foundrygateway.testing.GatewayClient;
import dev.foundrygateway.testing.GatewayClient.Reply;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Responses of a server's own: passed on, held to a form, missing. */
@QuarkusTest
@QuarkusTestResource(value = ResponseServers.class, restrictToAnnotatedClass = true)
class OwnResponsesQuarkusTest {
    private static final String ANN = ResponseServers.ANN;

    private static final String BOB = ResponseServers.BOB;

    private static final PracticeUpstream UPSTREAM = ResponseServers.UPSTREAM;

    private static final String ANSWER =
            "{\"id\":\"chatcmpl-7\",\"object\":\"chat.completion\",\"created\":5,\"model\":\"m\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"Gr\u00fc\u00dfe\",\"tool_calls\":[{\"id\":\"call_a\",\"type\":\"function\",\"function\":{\"name\":\"add\",\"arguments\":\"{\\\"a\\\":1}\"}}]},\"finish_reason\":\"tool_calls\"}],\"usage\":{\"prompt_tokens\":11,\"completion_tokens\":7,\"total_tokens\":18}}";

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
    void aServersOwnResponsesPassByteForByte() {
        UPSTREAM.script(Script.start().json(200, NATIVE));
        String odd = ",\"tools\":[{\"type\":\"web_search\"}],\"unheard_of\":1.50";
        assertEquals(NATIVE, ResponseServers.ok(ask("phi-4-mini", odd)).body());
        assertEquals("/v1/responses", ResponseServers.asked().get(0).path());
        assertTrue(ResponseServers.asked().get(0).text().contains(odd));
        assertEquals(
                NATIVE,
                ResponseServers.ok(send("GET", "/v1/responses/resp_1", "", ANN)).body());
        assertEquals("/v1/responses/resp_1", ResponseServers.asked().get(1).path());
    }

    @Test
    void aServersOwnResponseIsItsMakersAlone() {
        String item = "\"output\":[{\"type\":\"reasoning\",\"id\":\"rs_anns\",\"summary\":[]}]";
        UPSTREAM.script(
                Script.start().json(200, NATIVE.replace("resp_1", "resp_anns").replace("\"output\":[]", item)));
        ResponseServers.ok(ask("phi-4-mini", ""));
        String event = "event: response.completed\ndata: {\"type\":\"response.completed\",\"response\":"
                + NATIVE.replace("resp_1", "resp_streamed") + "}\n\n";
        UPSTREAM.clear();
        UPSTREAM.script(Script.start().stream().pieces(event, 7));
        ResponseServers.ok(ask("phi-4-mini", ",\"stream\":true"));
        UPSTREAM.clear();
        UPSTREAM.script(Script.start().json(200, NATIVE));
        for (String id : List.of("resp_anns", "resp_streamed", "resp_nobodys")) {
            for (String path : List.of(
                    "GET /v1/responses/%s",
                    "GET /v1/responses/%s/input_items", "POST /v1/responses/%s/cancel", "DELETE /v1/responses/%s")) {
                String[] call = path.formatted(id).split(" ", 2);
                assertError(send(call[0], call[1], "", BOB), 404, "there is no response " + id, "response_id");
            }
            for (String named : List.of("previous_response_id", "Previous_Response_ID")) {
                String next = ResponseServers.body("phi-4-mini", "Hi", ",\"" + named + "\":\"" + id + "\"");
                assertError(send("POST", "/v1/responses", next, BOB), 400, "", "previous_response_id");
            }
        }
        String named = "{\"model\":\"phi-4-mini\",\"input\":[{\"type\":\"item_reference\",\"id\":\"rs_anns\"}]}";
        assertError(send("POST", "/v1/responses", named, BOB), 400, "not stored here", "input[0]");
        assertError(ask("phi-4-mini", ",\"conversation\":\"conv_1\""), 400, "API key ann", "conversation");
        assertEquals(List.of(), ResponseServers.asked());
        ResponseServers.ok(send("POST", "/v1/responses", named, ANN));
        UPSTREAM.clear();
        UPSTREAM.script(Script.start().json(200, NATIVE));
        for (String id : List.of("resp_anns", "resp_streamed")) {
            ResponseServers.ok(send("GET", "/v1/responses/" + id, "", ANN));
            ResponseServers.ok(ask("phi-4-mini", ",\"previous_response_id\":\"" + id + "\""));
        }
        assertEquals(4, ResponseServers.asked().size());
    }

    @Test
    void aServerWithoutResponsesIsAskedForChats() {
        UPSTREAM.script(request -> Optional.of(
                request.path().endsWith("/chat/completions")
                        ? Script.start().json(200, ANSWER)
                        : Script.start().json(404, "{\"error\":{\"code\":404,\"message\":\"File Not Found\"}}")));
        assertResponse(new JsonObject(ResponseServers.ok(ask("bare-model", "")).body()));
        assertResponse(new JsonObject(ResponseServers.ok(ask("bare-model", "")).body()));
        assertEquals(
                List.of("/v1/responses", "/v1/chat/completions", "/v1/chat/completions"),
                ResponseServers.asked().stream().map(ReceivedRequest::path).toList(),
                "once it is known, it isn't asked again");
        String unknown = "{\"error\":{\"message\":\"model x not found\",\"code\":\"model_not_found\"}}";
        UPSTREAM.script(Script.start().json(404, unknown));
        assertEquals(404, ask("phi-4-mini", "").status(), "that is an answer");
    }

    /** Whatever a server keeps in chats, its own Responses are not known to: what asks for a form is asked as a chat, and held to it. */
    @ParameterizedTest
    @ValueSource(strings = {"phi-4-mini", "enforced"})
    void aFormIsKeptWhereTheServersOwnResponsesDoNot(String model) {
        String schema =
                ",\"text\":{\"format\":{\"type\":\"json_schema\",\"name\":\"a\",\"schema\":{\"type\":\"object\",\"required\":[\"n\"]}}}";
        String tool = ",\"tools\":[{\"type\":\"function\",\"name\":\"add\",\"parameters\":{\"type\":\"object\"}%s}]";
        String required = ",\"tool_choice\":\"required\"";
        ResponseServers.chats(Script.start().json(200, ANSWER.replace("\"tool_calls\":[", "\"unused\":[")));
        for (String asked : List.of(schema, tool.formatted("") + required)) {
            Reply reply = ask(model, asked);
            assertEquals(502, reply.status(), reply::body);
            JsonObject error = new JsonObject(reply.body()).getJsonObject("error");
            assertEquals("schema_violation", error.getString("code"));
            assertEquals(asked.equals(schema) ? "text.format" : "tools", error.getString("param"));
        }
        UPSTREAM.clear();
        UPSTREAM.script(Script.start().json(200, NATIVE));
        String none = ",\"tool_choice\":\"auto\",\"text\":{\"format\":{\"type\":\"text\"}}";
        for (String asked : List.of(
                tool.formatted(",\"strict\":false") + none, schema + ",\"tools\":[{\"type\":\"web_search\"}]")) {
            assertEquals(NATIVE, ResponseServers.ok(ask(model, asked)).body());
        }
        assertEquals(
                List.of("/v1/responses", "/v1/responses"),
                ResponseServers.asked().stream().map(ReceivedRequest::path).toList());
    }

    @Test
    void tokensOfTheInputAreCountedWithoutAModel() {
        String kept = new JsonObject(ResponseServers.ok(ask("hybrid", "")).body()).getString("id");
        UPSTREAM.clear();
        String asked = "{\"input\":\"12345678\",\"instructions\":\"1234\"%s}";
        for (String path : List.of("/v1/responses/input_tokens", "/responses/input_tokens")) {
            JsonObject count = new JsonObject(ResponseServers.ok(send("POST", path, asked.formatted(""), ANN))
                    .body());
            assertEquals("response.input_tokens", count.getString("object"));
            long more = new JsonObject(ResponseServers.ok(send(
                                    "POST", path, asked.formatted(",\"previous_response_id\":\"" + kept + "\""), ANN))
                            .body())
                    .getLong("input_tokens");
            assertTrue(count.getLong("input_tokens") > 2 && more > count.getLong("input_tokens"), count::encode);
        }
        assertError(
                send("POST", "/v1/responses/input_tokens", asked.formatted(",\"temperature\":\"x\""), ANN),
                400,
                "temperature",
                "temperature");
        assertEquals(List.of(), ResponseServers.asked());
    }

    @Test
    void aServerWithoutChatsRefusesASearchInWords() {
        UPSTREAM.script(Script.start().json(200, NATIVE));
        assertError(
                question("phi-4-mini", ",\"tools\":[{\"type\":\"file_search\",\"vector_store_ids\":[\"docs\"]}]"),
                501,
                "file_search",
                "tools");
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

    private Reply ask(String model, String members) {
        return send("POST", "/v1/responses", ResponseServers.body(model, "Hi", members), ANN);
    }

    private Reply question(String model, String members) {
        return send("POST", "/v1/responses", ResponseServers.body(model, "How far away is the Moon?", members), ANN);
    }

    private Reply send(String method, String path, String body, String key) {
        return new GatewayClient(port).send(method, path, body, "Authorization", "Bearer " + key);
    }
}
