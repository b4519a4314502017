package dev.foundrygateway.practice;

import static dev.foundrygateway.practice.PracticeClient.readUntil;
import static dev.foundrygateway.practice.PracticeClient.within;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.foundrygateway.practice.ReceivedRequest.Ending;
import dev.foundrygateway.practice.ReceivedRequest.How;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class ScriptTest extends OverSockets {
    private static final String CHAT = "/v1/chat/completions";

    ScriptTest() {
        super(PracticeSettings.immediate());
    }

    @Test
    void aStreamIsWrittenStepByStep() {
        upstream()
                .script(Script.start().stream("X-More", "yes")
                        .comment("waiting")
                        .event("{\"a\":1}")
                        .delay(Duration.ofMillis(1))
                        .pieces("data: ä\n\n", 1)
                        .done()
                        .end());

        HttpResponse<String> reply = client().chat("{}");

        assertEquals(": waiting\n\ndata: {\"a\":1}\n\ndata: ä\n\ndata: [DONE]\n\n", reply.body());
        assertEquals("yes", reply.headers().firstValue("X-More").orElse(""));
        assertEquals(How.COMPLETED, within(upstream().received().get(0).ended()).how());
    }

    @Test
    void aWholeReplyHasItsStatusLengthAndHeaders() {
        upstream().script(Script.start().json(429, "{\"error\":\"ü\"}", "Retry-After", "7"));

        HttpResponse<String> reply = client().chat("{}");

        assertEquals(429, reply.statusCode());
        assertEquals("{\"error\":\"ü\"}", reply.body());
        assertEquals("7", reply.headers().firstValue("Retry-After").orElse(""));
        assertEquals("14", reply.headers().firstValue("Content-Length").orElse(""));
    }

    @Test
    void theHeadLeavesBeforeTheFirstBodyByte() throws IOException {
        upstream().script(Script.start().stream().stall());

        try (Socket socket = client().connected("{}")) {
            String head = readUntil(socket.getInputStream(), "\r\n\r\n");

            assertTrue(head.startsWith("HTTP/1.1 200 OK\r\n"), head);
        }
    }

    @Test
    void aGateHoldsTheScriptUntilTheTestOpensIt() throws IOException {
        CompletableFuture<Void> gate = new CompletableFuture<>();
        upstream()
                .script(Script.start().stream()
                        .event("one")
                        .mark("one written")
                        .await(gate)
                        .event("two")
                        .mark("two written")
                        .end());

        InputStream body = client().open(CHAT, "{}").body();
        ReceivedRequest received = within(upstream().call(0));
        assertEquals("data: one\n\n", readUntil(body, "\n\n"));
        long one = within(received.reached("one written"));
        assertFalse(received.reached("two written").isDone());

        gate.complete(null);

        assertEquals("data: two\n\n", readUntil(body, "\n\n"));
        assertTrue(within(received.reached("two written")) > one);
        assertEquals(How.COMPLETED, within(received.ended()).how());
    }

    @Test
    void aGateThatFailsOpensToo() {
        upstream()
                .script(Script.start()
                        .await(CompletableFuture.failedFuture(new IllegalStateException()))
                        .text(200, "through"));

        assertEquals("through", client().chat("{}").body());
    }

    @Test
    void aClientThatHangsUpIsRecordedAsReset() throws IOException {
        upstream().script(Script.start().stream().event("one").stall());

        long before = System.nanoTime();
        try (Socket socket = client().connected("{}")) {
            assertTrue(readUntil(socket.getInputStream(), "data: one").endsWith("data: one"));
        }

        Ending ending = within(upstream().received().get(0).ended());
        assertEquals(How.RESET, ending.how());
        assertTrue(ending.nanoTime() > before);
    }

    @Test
    void aClientThatHangsUpBeforeTheHeadIsRecordedAsReset() throws IOException {
        upstream().script(Script.start().mark("here").stall());
        ReceivedRequest received;

        try (Socket socket = client().connected("{}")) {
            received = within(upstream().call(0));
            within(received.reached("here"));
            assertFalse(received.ended().isDone());
            assertTrue(socket.isConnected());
        }

        assertEquals(How.RESET, within(received.ended()).how());
    }

    @Test
    void aResetIsNoEndForTheClient() throws IOException {
        CompletableFuture<Void> gate = new CompletableFuture<>();
        upstream().script(Script.start().stream().event("one").await(gate).reset());

        try (Socket socket = client().connected("{}")) {
            InputStream in = socket.getInputStream();
            assertTrue(readUntil(in, "data: one\n\n\r\n").endsWith("data: one\n\n\r\n"));

            gate.complete(null);

            SocketException failure = assertThrows(SocketException.class, in::read);
            assertEquals("Connection reset", failure.getMessage());
        }
        assertEquals(How.CUT, within(upstream().received().get(0).ended()).how());
    }

    @Test
    void aResetMayComeBeforeTheHead() throws IOException {
        upstream().script(Script.start().reset());

        try (Socket socket = client().connected("{}")) {
            assertThrows(SocketException.class, socket.getInputStream()::read);
        }
    }

    @Test
    void aCutStreamLacksItsLastChunk() throws IOException {
        upstream().script(Script.start().stream().bytes("data: on").endWithoutTerminator());

        try (Socket socket = client().connected("{}")) {
            String all = readUntil(socket.getInputStream(), "never");

            assertTrue(all.endsWith("\r\n\r\n8\r\ndata: on\r\n"), all);
        }
    }

    @Test
    void aCutReplyFallsShortOfItsLength() throws IOException {
        upstream()
                .script(Script.start()
                        .head(200, "Content-Length", "10")
                        .bytes("half")
                        .endWithoutTerminator());

        try (Socket socket = client().connected("{}")) {
            String all = readUntil(socket.getInputStream(), "never");

            assertTrue(all.endsWith("\r\n\r\nhalf"), all);
        }
    }

    @Test
    void aScriptThatRunsOutEndsTheReply() {
        upstream().script(Script.start().stream().event("one"));

        assertEquals("data: one\n\n", client().chat("{}").body());
    }

    @Test
    void aScriptOfManyStepsNeedsNoDeepStack() {
        Script script = Script.start().stream().pieces("x".repeat(5_000), 1);
        upstream().script(script);

        assertEquals(5_000, client().chat("{}").body().length());
    }

    @Test
    void aClientThatDoesNotReadHoldsTheScriptUp() throws IOException {
        String big = "x".repeat(16 * 1024 * 1024);
        upstream()
                .script(Script.start().stream()
                        .mark("head")
                        .bytes(big)
                        .mark("all")
                        .end());

        ReceivedRequest received;
        try (Socket socket = client().connected("{}")) {
            received = within(upstream().call(0));
            within(received.reached("head"));
            assertTrue(socket.isConnected());
        }

        assertEquals(How.RESET, within(received.ended()).how());
        assertFalse(received.reached("all").isDone());
    }

    @Test
    void aFunctionChoosesTheScriptOfEachRequest() {
        upstream()
                .script(request -> request.text().contains("scripted")
                        ? Optional.of(Script.start().text(503, "scripted"))
                        : Optional.empty());

        assertEquals(503, client().chat("scripted").statusCode());
        assertEquals(400, client().chat("not").statusCode());
    }

    @Test
    void theSameScriptServesManyRequests() {
        upstream().script(Script.start().text(200, "same"));

        assertEquals("same", client().chat("{}").body());
        assertEquals("same", client().chat("{}").body());
        assertEquals(2, upstream().received().size());
    }

    @Test
    void headersMustComeInPairs() {
        assertThrows(IllegalArgumentException.class, () -> Script.start().head(200, "Lonely"));
    }
}
