package dev.foundrygateway;

import static dev.foundrygateway.RelayQuarkusTest.CHUNK;
import static dev.foundrygateway.RelayQuarkusTest.FINISH;
import static dev.foundrygateway.RelayQuarkusTest.PLAIN;
import static dev.foundrygateway.RelayQuarkusTest.STREAM;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.foundrygateway.practice.PracticeUpstream;
import dev.foundrygateway.practice.ReceivedRequest;
import dev.foundrygateway.practice.Script;
import dev.foundrygateway.testing.GatewayClient;
import dev.foundrygateway.testing.GatewayClient.Live;
import dev.foundrygateway.testing.GatewayClient.Reply;
import dev.foundrygateway.testing.ScriptedUpstream;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A model server that says nonsense politely: what is no answer is no 200. */
@QuarkusTest
@QuarkusTestResource(ScriptedUpstream.class)
class NonsenseQuarkusTest {
    private static final String PAGE = "<html><body>Welcome to nginx</body></html>";

    final PracticeUpstream upstream = ScriptedUpstream.running();

    @ConfigProperty(name = "quarkus.http.test-port")
    int port;

    @BeforeEach
    void begin() {
        upstream.clear();
    }

    private GatewayClient client() {
        return new GatewayClient(port);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                PAGE,
                "[]",
                "{}",
                "null",
                "\"text\"",
                "{\"choices\":[",
                "{\"choices\":null}",
                "{\"error\":{\"message\":\"boom\"}}",
                "{\"error\":\"boom\"}",
                "{\"choices\":[]} trailing"
            })
    void aPlain200ThatIsNoAnswerIsA502(String body) {
        for (String type : new String[] {"application/json", "text/html", "Application/JSON; charset=utf-8"}) {
            for (String request : new String[] {PLAIN, STREAM}) {
                upstream.script(Script.start()
                        .head(200, "Content-Type", type, "Content-Length", Integer.toString(body.length()))
                        .bytes(body)
                        .end());
                assertFault(client().chat(request));
            }
        }
    }

    @Test
    void theWordsOfAnErrorUnder200AreTold() {
        upstream.script(Script.start().json(200, "{\"error\":{\"message\":\"out of memory\",\"type\":\"x\"}}"));
        assertTrue(client().chat(PLAIN).body().contains("out of memory"));
        upstream.script(Script.start()
                .json(200, "{\"error\":{\"message\":\"it exceeds the model's maximum context length of 8 tokens\"}}"));
        Reply reply = client().chat(PLAIN);
        assertEquals(400, reply.status());
        assertTrue(reply.body().contains("\"code\":\"context_length_exceeded\""), reply.body());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/embeddings", "/v1/responses", "/v1/completions"})
    void thatHoldsForAllModelCalls(String path) {
        for (String body : new String[] {"", PAGE, "[]", "{\"da", "{\"error\":{\"message\":\"boom\"}}"}) {
            upstream.script(Script.start().json(200, body));
            assertFault(client().send("POST", path, PLAIN, "Content-Type", "application/json"));
        }
    }

    @Test
    void aFailedResponseIsAnAnswer() {
        String failed =
                "{\"object\":\"response\",\"status\":\"failed\",\"error\":{\"code\":\"x\",\"message\":\"boom\"}}";
        upstream.script(Script.start().json(200, failed));
        Reply reply = client().send("POST", "/v1/responses", PLAIN, "Content-Type", "application/json");
        assertEquals(200, reply.status());
        assertEquals(failed, reply.body());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                PAGE,
                "data: [DONE]\n\n",
                "data: []\n\ndata: [DONE]\n\n",
                "data: {\"choices\":[{\"del\n\ndata: [DONE]\n\n",
                "data: <html>\n\n",
                ": comment\n\n",
                "data: {\"choices\":[{\"delta\":{\"conte"
            })
    void aStreamThatIsNoAnswerIsA502(String body) {
        upstream.script(Script.start().stream().bytes(body).end());
        assertFault(client().chat(STREAM));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "data: <html>\n\n",
                "data: [DONE]\n\n",
                "data: {\"error\":{\"message\":\"boom\"}}\n\ndata: [DONE]\n\n",
                "event: error\ndata: {\"type\":\"error\",\"code\":null,\"message\":\"boom\",\"param\":null}\n\n",
                "event: response.created\ndata: {\"type\":\"response.cr"
            })
    void aStreamOfAResponseThatIsNoneIsA502(String body) {
        upstream.script(Script.start().stream().bytes(body).end());
        assertFault(client().send("POST", "/v1/responses", STREAM, "Content-Type", "application/json"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "data: {\"type\":\"response.output_te", "data: <html>\n\n", "data: {\"error\":\"html\"}\n\n"
            })
    void aResponseThatEndsBeforeItsLastEventIsTold(String rest) {
        String begun = "data: {\"type\":\"response.output_text.delta\",\"delta\":\"Hi\"}\n\n";
        CompletableFuture<Void> seen = new CompletableFuture<>();
        upstream.script(
                Script.start().stream().bytes(begun).await(seen).bytes(rest).end());
        try (Live live = client().open("POST", "/v1/responses", STREAM)) {
            assertTrue(live.readUntil("Hi").contains("200"));
            seen.complete(null);
            String told = live.readUntil("\n\n0\r\n\r\n");
            assertTrue(told.contains("event: error\ndata: {\"type\":\"error\""), told);
            assertFalse(told.contains("output_te\n") || told.contains("data: <html>"), told);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "event: response.failed\ndata: {\"type\":\"response.failed\",\"response\":{\"error\":{\"message\":\"boom\"}}}\n\n",
                "event: error\ndata: {\"type\":\"error\",\"code\":\"x\",\"message\":\"boom\",\"param\":null}\n\n"
            })
    void aResponseTellsOfItsOwnFailureInItsOwnEvent(String failed) {
        String body = "data: {\"type\":\"response.output_text.delta\",\"delta\":\"Hi\"}\n\n" + failed;
        upstream.script(Script.start().stream().bytes(body).end());
        assertEquals(body, client().send("POST", "/v1/responses", STREAM).body());
    }

    @Test
    void whatIsSaidOfStoredResponsesIsAnAnswerToo() {
        for (String call :
                List.of("GET /resp_1", "DELETE /resp_1", "POST /resp_1/cancel", "GET /resp_1/input_items", "GET ")) {
            String[] words = call.split(" ", 2);
            String path = "/v1/responses" + words[1];
            for (String body : List.of(PAGE, "[]", "{\"da", "{\"error\":{\"message\":\"boom\"}}", "{}")) {
                upstream.script(Script.start().json(200, body));
                assertFault(client().send(words[0], path, ""));
            }
        }
        upstream.script(Script.start().head(204).end());
        assertEquals(204, client().send("DELETE", "/v1/responses/resp_1", "").status());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "data: {\"choi",
                "data: [DO",
                "data:",
                "dat",
                "event: x\ndata: {\"choices\":[]",
                "data: {\"usage\":{\"prompt_tokens\":1"
            })
    void whatWasCutIsNotPassedOnAndTheErrorIsAnEventOfItsOwn(String cut) {
        for (boolean finished : new boolean[] {false, true}) {
            Script script = Script.start().stream().event(CHUNK.formatted("half"));
            upstream.script(
                    (finished ? script.event(FINISH) : script).bytes(cut).end());
            String body = client().chat(STREAM).body();
            String before = "data: " + CHUNK.formatted("half") + "\n\n" + (finished ? "data: " + FINISH + "\n\n" : "");
            assertTrue(body.startsWith(before + "data: {\"error\":{"), body);
            assertTrue(body.endsWith("\"code\":\"upstream_error\"}}\n\n"), body);
        }
    }

    @Test
    void aLastEventWithoutItsBlankLineCounts() {
        upstream.script(Script.start().stream()
                .event(CHUNK.formatted("all"))
                .event(FINISH)
                .bytes("data: [DONE]")
                .end());
        assertTrue(client().chat(STREAM).body().endsWith("data: " + FINISH + "\n\ndata: [DONE]"));
    }

    @Test
    void anEventThatIsNoJsonEndsTheStreamWithAnError() {
        CompletableFuture<Void> begun = new CompletableFuture<>();
        upstream.script(nonsenseAfter(begun));
        try (Live live = client().open("POST", "/v1/chat/completions", STREAM)) {
            assertTrue(live.readUntil("half").contains("200"));
            begun.complete(null);
            String rest = live.readUntil("\"code\":\"upstream_error\"}}\n\n");
            assertFalse(rest.contains("[DONE]") || rest.contains("\"choices\":[{\n"), rest);
        }
    }

    @Test
    void anEventThatIsNoJsonIsAnErrorWhereNothingWasPassedOnYet() {
        upstream.script(Script.start().stream()
                .event("{\"choices\":[{")
                .event(FINISH)
                .done()
                .end());
        assertFault(client().chat(STREAM));
    }

    private static Script nonsenseAfter(CompletableFuture<Void> begun) {
        return Script.start().stream()
                .event(CHUNK.formatted("half"))
                .await(begun)
                .event("{\"choices\":[{")
                .event(FINISH)
                .done()
                .end();
    }

    @Test
    void nothingFollowsDoneAndTheReplyEndsAtOnce() {
        upstream.script(Script.start().stream()
                .event(CHUNK.formatted("all"))
                .event(FINISH)
                .bytes("data: [DONE]\n\n: more\n\ndata: {\"error\":{\"message\":\"late\"}}\n\n")
                .stall());
        for (int i = 0; i < 9; i++) {
            Reply reply = client().chat(STREAM);
            assertTrue(reply.whole());
            assertTrue(reply.body().endsWith("data: [DONE]\n\n"), reply.body());
        }
    }

    @Test
    void aStreamThatEndsByItselfKeepsItsConnection() {
        upstream.script(Script.start().stream()
                .event(CHUNK.formatted("all"))
                .event(FINISH)
                .done()
                .end());
        try (Live live = client().open("POST", "/v1/chat/completions", STREAM)) {
            assertTrue(live.readUntil("[DONE]").contains("200"));
        }
        assertEquals(
                ReceivedRequest.How.COMPLETED,
                upstream.call(0).join().ended().join().how());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"choices\":[],\"usage\":{\"prompt_tokens\":0,\"completion_tokens\":0,\"total_tokens\":0}}",
                "{\"choices\":[],\"usage\":null}",
                "{\"choices\":[],\"usage\":{}}"
            })
    void theUsageChunkThatTheGatewayAskedForIsWithheldWhateverItSays(String usage) {
        upstream.script(Script.start().stream()
                .event("{\"choices\":[],\"prompt_filter_results\":[]}")
                .event(CHUNK.formatted("all"))
                .event(FINISH)
                .event(usage)
                .done()
                .end());
        String body = client().chat(STREAM).body();
        assertFalse(body.contains("usage"), body);
        assertTrue(body.contains("prompt_filter_results"), body);
        String asking =
                STREAM.replace("\"stream\":true", "\"stream\":true,\"stream_options\":{\"include_usage\":true}");
        assertTrue(client().chat(asking).body().contains(usage));
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 303, 307, 308, 304, 300})
    void aRedirectIsToldAndNotFollowed(int status) {
        upstream.script(Script.start()
                .head(status, "Location", "http://10.0.0.1:9/secret?key=abc", "Content-Length", "0")
                .end());
        for (String request : new String[] {PLAIN, STREAM}) {
            Reply reply = client().chat(request);
            assertFault(reply);
            assertTrue(reply.body().contains("answered " + status), reply.body());
            assertFalse(reply.body().contains("secret"), reply.body());
            assertEquals("", String.valueOf(reply.header("location")).replace("null", ""));
        }
    }

    @Test
    void streamsAreKnownByTheirTypeInAnyCase() {
        upstream.script(Script.start()
                .head(200, "Content-Type", "Text/Event-Stream; Charset=UTF-8")
                .event(CHUNK.formatted("now"))
                .stall());
        try (Live live = client().open("POST", "/v1/chat/completions", STREAM)) {
            assertTrue(live.readUntil("now").contains("200"));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"error\":{\"message\":\"bad\",\"type\":\"invalid_request_error\",\"code\":400}}",
                "{\"error\":{\"message\":\"bad\"}}",
                "{\"error\":\"bad\"}",
                "{\"detail\":\"bad\"}",
                "{\"detail\":[{\"loc\":[\"body\"],\"msg\":\"bad\"}]}",
                "{\"object\":\"error\",\"message\":\"bad\",\"type\":\"BadRequestError\",\"code\":400}"
            })
    void errorsOfEveryServerHaveTheFourMembers(String body) {
        upstream.script(Script.start().json(400, body));
        for (String path : new String[] {"/v1/chat/completions", "/v1/embeddings", "/v1/responses"}) {
            Reply reply = client().send("POST", path, PLAIN, "Content-Type", "application/json");
            assertEquals(400, reply.status());
            JsonObject error = new JsonObject(reply.body()).getJsonObject("error");
            assertEquals(List.of("message", "type", "param", "code"), List.copyOf(error.fieldNames()));
            assertEquals("bad", error.getString("message"));
            assertTrue(error.getValue("type") instanceof String, reply.body());
            assertTrue(error.getValue("code") == null || error.getValue("code") instanceof String, reply.body());
        }
    }

    private static void assertFault(Reply reply) {
        assertEquals(502, reply.status(), reply.body());
        assertTrue(reply.body().startsWith("{\"error\":{\"message\":"), reply.body());
        assertTrue(reply.body().contains("\"code\":\"upstream_error\""), reply.body());
        assertFalse(reply.body().contains("nginx"), reply.body());
    }
}
