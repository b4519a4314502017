package dev.foundrygateway;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.foundrygateway.practice.Script;
import dev.foundrygateway.testing.GatewayClient;
import dev.foundrygateway.testing.GatewayClient.Reply;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.zip.GZIPOutputStream;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A lone model server of another kind: its list closed by a setting, replies that it was not asked for, and clients and connections that go away. */
@QuarkusTest
@QuarkusTestResource(value = LoneServer.class, restrictToAnnotatedClass = true)
class LoneServerQuarkusTest {
    private static final String ANSWER =
            "{\"object\":\"chat.completion\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"hi\"},\"finish_reason\":\"stop\"}]}";
    private static final String CHUNK = "{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"begun\"}}]}";

    @ConfigProperty(name = "quarkus.http.test-port")
    int port;

    private static String asking(String model, boolean stream) {
        return "{\"model\":\"" + model + "\",\"stream\":" + stream
                + ",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
    }

    private Reply chat(String model, boolean stream) {
        return new GatewayClient(port).chat(asking(model, stream));
    }

    private void assertUpstreamError(boolean stream, String... told) {
        Reply reply;
        try (Log log = new Log()) {
            reply = chat("by-setting", stream);
            assertEquals(List.of(), List.copyOf(log.told));
        }
        assertEquals(502, reply.status(), reply.body());
        assertTrue(reply.body().contains("\"code\":\"upstream_error\""), reply.body());
        for (String text : told) {
            assertTrue(reply.body().contains(text), reply.body());
        }
        assertEquals(1, LoneServer.received().size(), "it answered, and is not asked again");
    }

    @Test
    void anOpenListIsClosedByASetting() {
        LoneServer.chats(number -> Script.start().json(200, ANSWER));
        assertEquals(200, chat("by-setting", false).status());
        Reply unknown = chat("nobody-lists-me", false);
        assertEquals(404, unknown.status(), unknown.body());
        assertTrue(unknown.body().contains("\"code\":\"model_not_found\""), unknown.body());
        assertTrue(unknown.body().contains("by-setting"), unknown.body());
        assertEquals(1, LoneServer.received().size());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aHeadOverTheLimitIsToldAsThat(boolean stream) {
        LoneServer.chats(number -> Script.start().json(200, ANSWER, "X-Much", "x".repeat(20_000)));
        assertUpstreamError(stream, "head is too long", "8192");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aPackedReplyIsToldAsThat(boolean stream) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write((stream ? "data: " + CHUNK + "\n\ndata: [DONE]\n\n" : ANSWER).getBytes(StandardCharsets.UTF_8));
        }
        String type = stream ? "text/event-stream" : "application/json";
        LoneServer.chats(number -> Script.start()
                .head(200, "Content-Type", type, "Content-Encoding", "gzip")
                .bytes(Buffer.buffer(packed.toByteArray()))
                .end());
        assertUpstreamError(stream, "Content-Encoding: gzip", "had not asked for");
    }

    @Test
    void aRedirectIsToldAsThat() {
        LoneServer.chats(number -> Script.start()
                .head(302, "Location", "/elsewhere", "Content-Length", "0")
                .end());
        assertUpstreamError(true, "redirect");
    }

    @Test
    void anEncodingThatIsNoneIsNoFault() {
        LoneServer.chats(number -> Script.start().json(200, ANSWER, "Content-Encoding", "identity"));
        assertEquals(200, chat("by-setting", false).status());
    }

    /** A client leaves at each moment of an exchange, politely and not; a model server breaks off at each. Nothing of it is a fault of the program. */
    @Test
    void ordinaryDeparturesAreNoErrorsOfTheLog() throws Exception {
        try (Log log = new Log()) {
            for (boolean reset : new boolean[] {true, false}) {
                for (boolean stream : new boolean[] {true, false}) {
                    LoneServer.chats(number -> Script.start().stall());
                    leave(asking("by-setting", stream), "", reset);
                    String type = stream ? "text/event-stream" : "application/json";
                    LoneServer.chats(number -> Script.start()
                            .head(200, "Content-Type", type)
                            .bytes(stream ? "data: " + CHUNK + "\n\n" : "{\"choices\":")
                            .stall());
                    leave(asking("by-setting", stream), stream ? "begun" : "", reset);
                    // The server goes away as its client does.
                    LoneServer.chats(number -> Script.start()
                            .head(200, "Content-Type", type)
                            .bytes(stream ? "data: " + CHUNK + "\n\n" : "{\"choices\":")
                            .reset());
                    leave(asking("by-setting", stream), stream ? "begun" : "", reset);
                    LoneServer.chats(number -> Script.start().reset());
                    assertTrue(chat("by-setting", stream).status() >= 500);
                    // A body that is longer than a socket's buffers, for a server that does not read it.
                    LoneServer.chats(number -> Script.start().reset());
                    assertTrue(new GatewayClient(port)
                                    .chat(asking("by-setting", stream).replace("hi", "x".repeat(4 << 20)))
                                    .status()
                            >= 500);
                }
                // In the middle of its own request.
                leave(asking("by-setting", true).substring(0, 40), "", reset);
            }
            assertEquals(List.of(), List.copyOf(log.told));
        }
    }

    private void leave(String body, String after, boolean reset) throws Exception {
        int before = LoneServer.received().size();
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoLinger(reset, 0);
            socket.getOutputStream()
                    .write(
                            ("POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: "
                                            + (body.endsWith("}") ? body.length() : body.length() + 10) + "\r\n\r\n"
                                            + body)
                                    .getBytes(StandardCharsets.UTF_8));
            StringBuilder read = new StringBuilder();
            while (read.indexOf(after) < 0) {
                read.append((char) socket.getInputStream().read());
            }
            if (body.endsWith("}")) {
                await().until(() -> LoneServer.received().size() > before);
            }
        }
        if (body.endsWith("}")) {
            LoneServer.received().get(before).ended().get(15, SECONDS);
        }
    }

    /** What is logged as a warning or worse meanwhile. */
    private static final class Log extends Handler implements AutoCloseable {
        private final Queue<String> told = new ConcurrentLinkedQueue<>();

        Log() {
            Logger.getLogger("").addHandler(this);
        }

        @Override
        public void publish(LogRecord record) {
            if (record.getLevel().intValue() >= Level.WARNING.intValue()) {
                told.add(record.getLoggerName() + ": " + record.getMessage() + " " + record.getThrown());
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {
            Logger.getLogger("").removeHandler(this);
        }
    }
}
