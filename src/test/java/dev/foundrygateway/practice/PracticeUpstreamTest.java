package dev.foundrygateway.practice;

import static dev.foundrygateway.practice.PracticeClient.readUntil;
import static dev.foundrygateway.practice.PracticeClient.within;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;
import java.net.SocketException;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

class PracticeUpstreamTest extends OverSockets {
    private static final String CHAT =
            "{\"model\":\"phi-4-mini\",\"messages\":[{\"role\":\"user\",\"content\":\"Why is the sky blue?\"}]";

    PracticeUpstreamTest() {
        super(PracticeSettings.immediate());
    }

    @Test
    void itTellsWhatItReceived() {
        client().send("POST", "/v1/chat/completions?a=1", CHAT + "}", "X-One", "1", "X-One", "2");

        ReceivedRequest received = upstream().received().get(0);
        assertEquals("POST", received.method());
        assertEquals("/v1/chat/completions", received.path());
        assertEquals("/v1/chat/completions?a=1", received.uri());
        assertEquals(List.of("1", "2"), received.headers("x-one"));
        assertEquals("1", received.header("X-ONE"));
        assertEquals("", received.header("Authorization"));
        assertEquals(CHAT + "}", received.text());
        assertEquals("phi-4-mini", received.json().getString("model"));
    }

    @Test
    void aTestCanWaitForTheNextCallOfAModel() {
        CompletableFuture<ReceivedRequest> second = upstream().call(1);

        client().chat(CHAT + "}");
        client().get("/v1/models");
        assertFalse(second.isDone(), "a look at the server is none");
        client().chat(CHAT + ",\"n\":1}");

        assertEquals(CHAT + ",\"n\":1}", within(second).text());
        assertEquals(2, upstream().calls().size());
        assertEquals(3, upstream().received().size());
    }

    @Test
    void withoutRecordingItKeepsNothing() {
        restart(PracticeSettings.immediate().withoutRecording());

        assertEquals(200, client().get("/status").statusCode());

        assertEquals(List.of(), upstream().received());
    }

    @Test
    void shutdownIsRecordedButNotObeyed() throws IOException {
        try (Socket socket = client().connected("POST /shutdown", "")) {
            assertEquals("", readUntil(socket.getInputStream(), "never"));
        }

        assertEquals("POST /shutdown", upstream().received().get(0).toString());
        assertEquals(200, client().get("/status").statusCode());
    }

    @Test
    void clearMakesItAsJustStarted() {
        PracticeModel model = PracticeModel.named("phi-4-mini").notLoaded();
        restart(PracticeSettings.immediate().withModels(model));
        client().get("/models/load/phi-4-mini");
        upstream().script(Script.start().text(503, "scripted"));

        upstream().clear();

        assertEquals(0, upstream().received().size());
        assertEquals(0, upstream().loads("phi-4-mini"));
        assertEquals(400, client().chat(CHAT + "}").statusCode());
    }

    @Test
    void theSameQuestionGetsTheSameAnswerAndEachModelItsOwn() {
        assertEquals(answer(CHAT + "}"), answer(CHAT + "}"));
        assertNotEquals(answer(CHAT + "}"), answer(CHAT.replace("phi-4-mini", "gpt-oss-20b") + "}"));
    }

    @Test
    void theSlowerModelSaysMore() {
        int few = Tokens.split(answer(CHAT + "}")).size();
        int more = Tokens.split(answer(CHAT.replace("phi-4-mini", "gpt-oss-20b") + "}"))
                .size();

        assertTrue(few >= 30 && few < 40, "tokens: " + few);
        assertTrue(more >= 80 && more < 90, "tokens: " + more);
    }

    @Test
    void anAnswerRepeatsAtMostEightyCharactersOfTheQuestion() {
        String text = answer(CHAT.replace("Why is the sky blue?", "😀".repeat(100)) + "}");

        assertTrue(text.contains("heard: " + "😀".repeat(80) + "… "), text);
    }

    @Test
    void stopEndsTheAnswer() {
        assertEquals(
                "This is the practice upstream of Foundry Gateway,",
                answer(CHAT + ",\"stop\":[\"heard\",\" not a\"]}"));
    }

    private String answer(String request) {
        return new JsonObject(client().chat(request).body())
                .getJsonArray("choices")
                .getJsonObject(0)
                .getJsonObject("message")
                .getString("content");
    }

    @Test
    void everyNthModelCallFails() {
        restart(PracticeSettings.immediate().withFault(Fault.STATUS_500, 2));

        assertEquals(200, client().chat(CHAT + "}").statusCode());
        assertEquals(200, client().get("/status").statusCode());
        HttpResponse<String> failed = client().chat(CHAT + "}");
        assertEquals(500, failed.statusCode());
        assertEquals(
                "server_error",
                new JsonObject(failed.body()).getJsonObject("error").getString("type"));
        assertEquals(200, client().chat(CHAT + "}").statusCode());
    }

    @Test
    void anErrorEventEndsAStreamWithoutDone() {
        restart(PracticeSettings.immediate().withFault(Fault.ERROR_EVENT, 1));

        HttpResponse<String> stream = client().chat(CHAT + ",\"stream\":true}");

        assertEquals(200, stream.statusCode());
        assertTrue(stream.body().contains("data: {\"error\":{"), stream.body());
        assertFalse(stream.body().contains("[DONE]"), stream.body());
        assertEquals(500, client().chat(CHAT + "}").statusCode());
    }

    @Test
    void aResetComesAfterTheFirstToken() throws IOException {
        restart(PracticeSettings.immediate().withFault(Fault.RESET, 1));

        try (Socket socket = client().connected(CHAT + ",\"stream\":true}")) {
            readUntil(socket.getInputStream(), "{\"content\":\"This\"}");
            assertThrows(SocketException.class, () -> readUntil(socket.getInputStream(), "never"));
        }
    }

    @Test
    void aStalledStreamHasItsRoleChunkOnly() throws IOException {
        restart(PracticeSettings.immediate().withFault(Fault.STALL, 1));

        try (Socket socket = client().connected(CHAT + ",\"stream\":true}")) {
            readUntil(socket.getInputStream(), "\"role\":\"assistant\"");
            assertFalse(within(upstream().call(0)).ended().isDone());
        }
        assertEquals(
                ReceivedRequest.How.RESET,
                within(upstream().received().get(0).ended()).how());
    }

    @Test
    void aTakenPortIsNamed() {
        PracticeSettings same = PracticeSettings.immediate().withPort(upstream().port());

        IllegalStateException failure =
                assertThrows(IllegalStateException.class, () -> PracticeUpstream.start(vertx(), same));

        assertTrue(String.valueOf(failure.getMessage())
                .contains("127.0.0.1:" + upstream().port()));
    }

    @Test
    void itDoesNotBlockAnEventLoop() {
        CompletableFuture<PracticeUpstream> started = new CompletableFuture<>();
        vertx().runOnContext(go -> {
            try {
                started.complete(PracticeUpstream.start(vertx(), PracticeSettings.immediate()));
            } catch (IllegalStateException e) {
                started.completeExceptionally(e);
            }
        });

        CompletionException failure = assertThrows(CompletionException.class, () -> within(started));

        assertInstanceOf(IllegalStateException.class, failure.getCause());
    }

    @Test
    void afterCloseNothingListens() {
        upstream().close();
        upstream().close();

        CompletionException failure = assertThrows(CompletionException.class, () -> client().get("/status"));

        assertInstanceOf(ConnectException.class, failure.getCause());
    }
}
