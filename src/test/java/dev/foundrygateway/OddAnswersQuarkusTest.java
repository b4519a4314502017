package dev.foundrygateway;

import static dev.foundrygateway.RelayQuarkusTest.CHUNK;
import static dev.foundrygateway.RelayQuarkusTest.FINISH;
import static dev.foundrygateway.RelayQuarkusTest.PLAIN;
import static dev.foundrygateway.RelayQuarkusTest.STREAM;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.foundrygateway.practice.PracticeUpstream;
import dev.foundrygateway.practice.Script;
import dev.foundrygateway.testing.GatewayClient;
import dev.foundrygateway.testing.GatewayClient.Reply;
import dev.foundrygateway.testing.ScriptedUpstream;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers that look like one: empty choices, errors in the shapes of other servers, statuses without a body. None of them is a 200. */
@QuarkusTest
@QuarkusTestResource(ScriptedUpstream.class)
class OddAnswersQuarkusTest {
    private static final String ANTHROPIC =
            "{\"model\":\"phi-4-mini\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
    private static final String RERANK = "{\"model\":\"phi-4-mini\",\"query\":\"a\",\"documents\":[\"b\"]}";

    final PracticeUpstream upstream = ScriptedUpstream.running();

    @ConfigProperty(name = "quarkus.http.test-port")
    int port;

    @BeforeEach
    void begin() {
        upstream.clear();
    }

    private Reply post(String path, String body) {
        return new GatewayClient(port).send("POST", path, body);
    }

    private static void assertFault(Reply reply, String of) {
        assertEquals(502, reply.status(), of + " -> " + reply.body());
        assertTrue(reply.body().contains("error"), reply.body());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"choices\":{}}",
                "{\"choices\":\"x\"}",
                "{\"choices\":[null]}",
                "{\"choices\":[1]}",
                "true",
                "12",
                "{\"object\":\"error\",\"message\":\"boom\",\"code\":40303}",
                "{\"detail\":\"boom\"}",
                "{\"message\":\"boom\"}",
                "{\"error\":\"boom\",\"choices\":null}"
            })
    void aChatWithoutAChoiceIsNone(String body) {
        upstream.script(Script.start().json(200, body));
        for (String path : new String[] {"/v1/chat/completions", "/v1/completions"}) {
            assertFault(post(path, PLAIN), path);
            assertFault(post(path, STREAM), path + " streamed");
        }
        Reply message = post("/v1/messages", ANTHROPIC);
        assertFault(message, "messages");
        assertTrue(message.body().contains("\"type\":\"error\""), message.body());
        assertFault(post("/v1/messages", ANTHROPIC.replace("{\"model", "{\"stream\":true,\"model")), "messages");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"object\":\"error\",\"message\":\"boom\",\"code\":40303}",
                "{\"detail\":\"boom\"}",
                "{\"message\":\"boom\"}",
                "{\"error\":\"boom\"}",
                "{\"data\":null}",
                "{\"detail\":[{\"msg\":\"boom\"}],\"message\":\"boom\"}",
                "null",
                "\"text\""
            })
    void otherCallsHaveNoAnswerOfThatShapeEither(String body) {
        upstream.script(Script.start().json(200, body));
        assertFault(post("/v1/embeddings", "{\"model\":\"phi-4-mini\",\"input\":\"a\"}"), "embeddings");
        assertFault(post("/v1/rerank", RERANK), "rerank");
        assertFault(post("/v1/responses", "{\"model\":\"phi-4-mini\",\"input\":\"a\"}"), "responses");
        String form = "--b\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nphi-4-mini\r\n--b--\r\n";
        assertFault(
                new GatewayClient(port)
                        .send(
                                "POST",
                                "/v1/audio/transcriptions",
                                form,
                                "Content-Type",
                                "multipart/form-data; boundary=b"),
                "audio");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"embeddings\":[[0.1]],\"message\":\"ok\"}",
                "{\"embedding\":{\"values\":[0.1]}}",
                "{\"output\":{\"results\":[{\"index\":0}]},\"message\":\"\"}",
            })
    void shapesOfOtherServersAreAnswers(String body) {
        upstream.script(Script.start().json(200, body));
        Reply vectors = post("/v1/embeddings", "{\"model\":\"phi-4-mini\",\"input\":\"a\"}");
        assertEquals(200, vectors.status(), vectors.body());
        Reply ranks = post("/v1/rerank", RERANK);
        assertEquals(200, ranks.status(), ranks.body());
    }

    @Test
    void whatWasHeardMayStandBesideAMessage() {
        String form = "--b\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nphi-4-mini\r\n--b--\r\n";
        upstream.script(Script.start().json(200, "{\"code\":0,\"message\":\"success\",\"text\":\"Hello\"}"));
        Reply heard = new GatewayClient(port)
                .send("POST", "/v1/audio/transcriptions", form, "Content-Type", "multipart/form-data; boundary=b");
        assertEquals(200, heard.status(), heard.body());
    }

    /** Each protocol and stage asks whether it is a 200. */
    @Test
    void anAnswerOfAnotherSuccessIsAnAnswerInEachProtocol() {
        upstream.script(
                Script.start()
                        .json(
                                201,
                                "{\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"Hello\"},\"finish_reason\":\"stop\"}]}"));
        Reply chat = post("/v1/chat/completions", PLAIN);
        assertEquals(200, chat.status(), chat.body());
        Reply message = post(
                "/v1/messages",
                "{\"model\":\"phi-4-mini\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"why\"}]}");
        assertEquals(200, message.status(), message.body());
        assertTrue(message.body().contains("\"text\":\"Hello\""), message.body());
    }

    @ParameterizedTest
    @ValueSource(ints = {201, 202, 203, 204, 205, 206, 226})
    void aSuccessWithoutAnAnswerIsNone(int status) {
        for (String request : new String[] {PLAIN, STREAM}) {
            upstream.script(
                    status == 204
                            ? Script.start().head(204).end()
                            : Script.start().json(status, ""));
            assertFault(post("/v1/chat/completions", request), status + " empty");
            if (status != 204) {
                upstream.script(Script.start().json(status, "{}"));
                assertFault(post("/v1/chat/completions", request), status + " {}");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "data: {\"object\":\"error\",\"message\":\"boom\",\"code\":40303}\n\ndata: [DONE]\n\n",
                "data: {\"detail\":\"boom\"}\n\ndata: [DONE]\n\n",
                "data: {\"message\":\"boom\"}\n\n",
                "data: {\"error\":\"boom\"}\n\ndata: [DONE]\n\n",
                "error: {\"message\":\"boom\"}\n\n",
                "event: error\ndata: boom\n\n",
                "event: error\ndata: {\"message\":\"boom\"}\n\n",
                "data: null\n\ndata: [DONE]\n\n",
                "data: 1\n\ndata: [DONE]\n\n",
                "data: {\"choices\":[]}\n\ndata: [DONE]\n\n",
                "data: {}\n\ndata: [DONE]\n\n",
                "{\"error\":{\"message\":\"boom\"}}",
                "{\"choices\":[{\"index\":0,\"message\":{\"content\":\"plain\"}}]}\n"
            })
    void aStreamOfErrorsInOtherShapesIsNone(String body) {
        upstream.script(Script.start().stream().bytes(body).end());
        assertFault(post("/v1/chat/completions", STREAM), "chat");
        assertFault(post("/v1/completions", STREAM), "completions");
        assertFault(post("/v1/messages", ANTHROPIC.replace("{\"model", "{\"stream\":true,\"model")), "messages");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "data: {\"object\":\"error\",\"message\":\"boom\",\"code\":40303}",
                "data: {\"detail\":\"boom\"}",
                "data: {\"message\":\"boom\"}",
                "data: {\"error\":\"boom\"}",
                "error: {\"message\":\"boom\"}",
                "event: error\\ndata: {\"message\":\"boom\"}"
            })
    void inTheMiddleItIsOneErrorEventAndTheEnd(String event) {
        upstream.script(Script.start().stream()
                .event(CHUNK.formatted("half"))
                .bytes(event.replace("\\n", "\n") + "\n\n")
                .event(CHUNK.formatted("late"))
                .event(FINISH)
                .done()
                .end());
        String body = post("/v1/chat/completions", STREAM).body();
        assertTrue(body.startsWith("data: " + CHUNK.formatted("half") + "\n\n"), body);
        assertFalse(body.contains("[DONE]") || body.contains("late"), body);
        assertEquals(1, body.split("\"error\":\\{\"message\"", -1).length - 1, body);
        assertTrue(body.contains("boom"), body);
    }
}
