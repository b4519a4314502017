package dev.foundrygateway;

import static dev.foundrygateway.RelayQuarkusTest.PLAIN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.foundrygateway.practice.PracticeUpstream;
import dev.foundrygateway.practice.Script;
import dev.foundrygateway.testing.GatewayClient;
import dev.foundrygateway.testing.GatewayClient.Live;
import dev.foundrygateway.testing.GatewayClient.Reply;
import dev.foundrygateway.testing.ScriptedUpstream;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that no honest client sends: each is answered in our shape, and reaches no model server. */
@QuarkusTest
@TestProfile(HostileRequestsQuarkusTest.Settings.class)
class HostileRequestsQuarkusTest {
    private static final String POST = "POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\n";
    private static final String SMUGGLED = "POST /shutdown HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n";

    /** A body has little time. */
    public static class Settings implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("gateway.access.body-timeout", "400ms");
        }

        @Override
        public List<TestResourceEntry> testResources() {
            return List.of(new TestResourceEntry(ScriptedUpstream.class));
        }
    }

    final PracticeUpstream upstream = ScriptedUpstream.running();

    @ConfigProperty(name = "quarkus.http.test-port")
    int port;

    @BeforeEach
    void begin() {
        upstream.clear();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
                "Transfer-Encoding: gzip, chunked\r\n",
                "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
                "Host: localhost\r\nContent-Length: 0\r\n",
                "Content-Length: 5\r\nContent-Length: 5\r\n",
                "Content-Length: 5, 5\r\n",
                "Content-Length: +5\r\n",
                "Content-Length : 5\r\n",
                "X-Folded: a\r\n b\r\nContent-Length: 0\r\n",
                "X-Bare: a\nContent-Length: 5\r\n"
            })
    void aHeadWithTwoReadingsIsRefusedAndNothingBehindItIsRead(String headers) {
        Reply reply = client().sendRaw(POST + headers + "\r\n0\r\n\r\n" + SMUGGLED + SMUGGLED);
        assertError(400, "invalid_request", reply);
        assertEquals("close", reply.header("connection"));
        assertEquals(1, reply.body().split("\"error\"", -1).length - 1, reply.body());
        assertReachedNobody();
    }

    @Test
    void theSecondRequestOfAConnectionIsLookedAtToo() {
        upstream.script(Script.start().json(200, "{\"choices\":[]}"));
        String good = POST + "Content-Length: " + PLAIN.length() + "\r\n\r\n" + PLAIN;
        Reply reply =
                client().sendRaw(good + POST + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
        assertEquals(200, reply.status());
        assertTrue(reply.body().contains("HTTP/1.1 400"), reply.body());
    }

    @ParameterizedTest
    @CsvSource({
        "GET /v1/models/%zz HTTP/1.1, 400",
        "GET /v1/models?x=%zz HTTP/1.1, 400",
        "GET /v1/files?limit=% HTTP/1.1, 400",
        "GET /v1/models/% HTTP/1.1, 400",
        "GET /v1/files/a%00b HTTP/1.1, 400",
        "GET /v1/vector_stores/%0d%0a HTTP/1.1, 400",
        "GET /v1/responses/%7f HTTP/1.1, 400",
        "GET  /v1/models HTTP/1.1, 400",
        "GET /v1/models HTTP/3.0, 400",
        "FOO /v1/models HTTP/1.1, 405",
        "FOO /v1/chat/completions HTTP/1.1, 405",
        "FOO /v1/nothing HTTP/1.1, 404",
        "GET http://localhost/v1/models HTTP/1.1, 200",
        "GET http://localhost HTTP/1.1, 200",
        "GET http://localhost/v1/vector_stores HTTP/1.1, 200",
        "GET ftp://localhost/v1/models HTTP/1.1, 400",
        "GET http://evil.example/v1/models HTTP/1.1, 403",
        "CONNECT localhost:80 HTTP/1.1, 400"
    })
    void aStrangeRequestLineIsTold(String line, int status) {
        Reply reply = client().sendRaw(line + "\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        assertEquals(status, reply.status(), line + ": " + reply);
        if (status >= 400) {
            assertTrue(reply.body().startsWith("{\"error\":{\"message\":"), reply.body());
        }
    }

    @Test
    void whatIsTooLongForTheServerIsToldInOurShape() {
        assertError(414, "uri_too_long", client().send("GET", "/v1/models/" + "x".repeat(5_000), ""));
        assertError(431, "headers_too_large", client().send("GET", "/v1/models", "", "X-Long", "x".repeat(70_000)));
    }

    @Test
    void malformedChunksAreTold() {
        for (String chunks : List.of("zz\r\nab\r\n0\r\n\r\n", "-2\r\nab\r\n0\r\n\r\n", "2\r\nabc\r\n0\r\n\r\n")) {
            Reply reply = client().sendRaw(POST + "Transfer-Encoding: chunked\r\n\r\n" + chunks);
            assertError(400, "invalid_request", reply);
        }
        assertReachedNobody();
    }

    @ParameterizedTest
    @CsvSource({"br, 415", "zstd, 415", "'gzip, br', 415", "gzip, 400", "deflate, 400"})
    void anEncodingThatIsNoneIsTold(String encoding, int status) {
        for (String path : List.of("/v1/chat/completions", "/v1/embeddings", "/v1/gateway/compare")) {
            Reply reply = client().send("POST", path, PLAIN, "Content-Encoding", encoding);
            assertEquals(status, reply.status(), reply.toString());
            assertTrue(reply.body().contains(encoding), reply.body());
        }
        assertReachedNobody();
    }

    @Test
    void aBodyInLatinLettersIsRefusedOrReadAsItSays() {
        String body = "{\"model\":\"phi-4-mini\",\"messages\":[{\"role\":\"user\",\"content\":\"Köln\"}]}";
        upstream.script(Script.start().json(200, "{\"choices\":[]}"));
        Reply refused = client().sendRaw(latin(body, "application/json"));
        assertError(400, "invalid_json", refused);
        assertTrue(refused.body().contains("UTF-8"), refused.body());
        assertReachedNobody();
        assertEquals(
                200,
                client().sendRaw(latin(body, "application/json; charset=iso-8859-1"))
                        .status());
        assertEquals(body, upstream.lastCall().text());
        assertEquals("application/json", upstream.lastCall().header("content-type"));
        assertError(415, "unsupported_media_type", client().sendRaw(latin(body, "application/json; charset=klingon")));
    }

    @Test
    void aBodyThatDoesNotComeIsNotWaitedForLonger() {
        for (String framing : List.of("Content-Length: 100", "Transfer-Encoding: chunked")) {
            try (Live live = client().open(
                            "POST",
                            "/v1/chat/completions",
                            "",
                            framing.split(": ", -1)[0],
                            framing.split(": ", -1)[1])) {
                String head = live.readUntil("\"code\":\"request_timeout\"}}");
                assertTrue(head.startsWith("HTTP/1.1 408"), head);
                assertTrue(head.contains("gateway.access.body-timeout"), head);
            }
        }
    }

    @Test
    void aChatInOtherWordsIsReadInItsCharsetToo() {
        String chat = "\"messages\":[{\"role\":\"user\",\"content\":\"K\u00f6ln\"}],\"max_tokens\":9}";
        for (String path : List.of("/v1/messages", "/v1/gateway/compare")) {
            upstream.clear();
            String body = (path.endsWith("compare")
                            ? "{\"models\":[\"phi-4-mini\",\"little\"],"
                            : "{\"model\":\"phi-4-mini\",")
                    + chat;
            client().sendRaw(latin(path, body, "application/json; charset=iso-8859-1"));
            assertTrue(
                    upstream.lastCall().text().contains("K\u00f6ln"),
                    upstream.lastCall().text());
            assertEquals("application/json", upstream.lastCall().header("content-type"), path);
        }
    }

    @Test
    void aComparisonsNamesAreLookedAt() {
        for (String body : List.of(
                "{\"models\":[\"phi-4-mini\",\"zz\\r\\ny\"],\"prompt\":\"x\"}",
                "{\"models\":[\"phi-4-mini\",\"little\"],\"prompt\":\"x\",\"judge\":\"a\\u0000\"}",
                "{\"models\":[\"phi-4-mini\",\"" + "x".repeat(300) + "\"],\"prompt\":\"x\"}")) {
            assertError(400, "invalid_request", client().send("POST", "/v1/gateway/compare", body));
        }
        assertReachedNobody();
    }

    @Test
    void aFormThatComesTooSlowlyIsNotWaitedFor() {
        for (String framing : List.of("Content-Length: 1000", "Transfer-Encoding: chunked")) {
            try (Live live = client().open(
                            "POST",
                            "/v1/files",
                            framing.startsWith("Transfer")
                                    ? "3\r\n--b\r\n"
                                    : "--b\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\nassist",
                            "Content-Type",
                            "multipart/form-data; boundary=b",
                            framing.split(": ", -1)[0],
                            framing.split(": ", -1)[1])) {
                String head = live.readUntil("\"code\":\"request_timeout\"}}");
                assertTrue(head.startsWith("HTTP/1.1 408"), head);
                assertTrue(head.contains("gateway.access.body-timeout"), head);
            }
        }
    }

    @Test
    void aFormWhoseConnectionEndsIsNoErrorOfOurs() throws InterruptedException {
        try (Log log = new Log()) {
            for (String framing : List.of("Content-Length: 1000", "Transfer-Encoding: chunked")) {
                String[] header = framing.split(": ", -1);
                String sent = header[0].startsWith("T") ? "3\r\n--b\r\n" : "--b\r\n";
                // It is told that it comes too slowly, and its connection ends while the form is read.
                try (Live live = client().open(
                                "POST",
                                "/v1/files",
                                sent,
                                "Content-Type",
                                "multipart/form-data; boundary=b",
                                header[0],
                                header[1])) {
                    assertTrue(live.readUntil("\"code\":\"request_timeout\"}}").startsWith("HTTP/1.1 408"));
                }
                assertTrue(log.endings.tryAcquire(15, TimeUnit.SECONDS), "the form's reading has not ended");
            }
            assertEquals(List.of(), List.copyOf(log.told));
        }
    }

    /** What is logged as a warning or worse meanwhile, and each form that ended before its reply. */
    private static final class Log extends Handler implements AutoCloseable {
        private final Logger failures = Logger.getLogger("dev.foundrygateway.edge.RestFailures");
        private final Queue<String> told = new ConcurrentLinkedQueue<>();
        private final Semaphore endings = new Semaphore(0);

        Log() {
            Logger.getLogger("").addHandler(this);
            failures.setLevel(Level.FINE);
        }

        @Override
        public void publish(LogRecord record) {
            if (record.getLevel().intValue() >= Level.WARNING.intValue()) {
                told.add(record.getLoggerName() + ": " + record.getMessage() + " " + record.getThrown());
            }
            if (record.getLoggerName().equals(failures.getName())) {
                endings.release();
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {
            failures.setLevel(null);
            Logger.getLogger("").removeHandler(this);
        }
    }

    private static byte[] latin(String body, String type) {
        return latin("/v1/chat/completions", body, type);
    }

    private static byte[] latin(String path, String body, String type) {
        return (POST.replace("/v1/chat/completions", path) + "Connection: close\r\nContent-Type: " + type
                        + "\r\nContent-Length: " + body.getBytes(StandardCharsets.ISO_8859_1).length + "\r\n\r\n"
                        + body)
                .getBytes(StandardCharsets.ISO_8859_1);
    }

    private void assertReachedNobody() {
        assertTrue(
                upstream.received().stream().allMatch(request -> request.isManagement()),
                () -> upstream.received().toString());
    }

    private static void assertError(int status, String code, Reply reply) {
        assertEquals(status, reply.status(), reply.toString());
        assertEquals("application/json", reply.header("content-type"));
        assertTrue(reply.body().startsWith("{\"error\":{\"message\":"), reply.body());
        assertTrue(reply.body().contains("\"code\":\"" + code + "\""), reply.body());
    }

    private GatewayClient client() {
        return new GatewayClient(port);
    }
}
