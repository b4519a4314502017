package dev.foundrygateway;

import static dev.foundrygateway.RelayQuarkusTest.PLAIN;
import static org.junit.jupiter.api.Assertions.assertEquals;
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
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What arrives upstream of requests that are long, chunked, packed or carry what must stay here. */
@QuarkusTest
@QuarkusTestResource(ScriptedUpstream.class)
class RequestEdgeQuarkusTest {
    /** The least that is a chat answer. */
    private static final String ANSWER = "{\"choices\":[]}";

    final PracticeUpstream upstream = ScriptedUpstream.running();

    @ConfigProperty(name = "quarkus.http.test-port")
    int port;

    @BeforeEach
    void begin() {
        upstream.clear();
    }

    @Test
    void aLongRequestOfTenMegabytesArrivesWhole() {
        String body = "{\"model\":\"phi-4-mini\",\"messages\":[{\"role\":\"user\",\"content\":\"" + "x".repeat(10 << 20)
                + "\"}]}";
        upstream.script(Script.start().json(200, ANSWER));
        assertEquals(200, client().chat(body).status());
        assertEquals(body, upstream.lastCall().text());
    }

    @Test
    void aLargerBodyThanTheLimitIsRefused() {
        String body = "{\"x\":\"" + "x".repeat(13 << 20) + "\"}";
        Reply announced =
                client().send("POST", "/v1/chat/completions", "{", "Content-Length", Integer.toString(body.length()));
        assertEquals(413, announced.status());
        assertTrue(
                announced.body().contains("body_too_large") && announced.body().contains("gateway.access.body-limit"));
        String chunk = Integer.toHexString(body.length()) + "\r\n" + body + "\r\n0\r\n\r\n";
        Reply chunked = client().sendRaw(
                        "POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
                                + chunk);
        assertEquals(413, chunked.status());
        assertTrue(
                upstream.received().stream().noneMatch(request -> request.path().endsWith("/chat/completions")));
    }

    @Test
    void aChunkedRequestBodyArrives() {
        upstream.script(Script.start().json(200, ANSWER));
        String half = PLAIN.substring(0, 20);
        String rest = PLAIN.substring(20);
        Reply reply = client().sendRaw(
                        "POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
                                + Integer.toHexString(half.length()) + "\r\n" + half + "\r\n"
                                + Integer.toHexString(rest.length()) + "\r\n" + rest + "\r\n0\r\n\r\n");
        assertEquals(200, reply.status());
        assertEquals(PLAIN, upstream.lastCall().text());
    }

    @Test
    void aGzipRequestBodyArrivesUnpacked() throws IOException {
        upstream.script(Script.start().json(200, ANSWER));
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(PLAIN.getBytes(StandardCharsets.UTF_8));
        }
        byte[] head =
                ("POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Encoding: gzip\r\nContent-Length: "
                                + packed.size() + "\r\n\r\n")
                        .getBytes(StandardCharsets.UTF_8);
        byte[] request = Arrays.copyOf(head, head.length + packed.size());
        System.arraycopy(packed.toByteArray(), 0, request, head.length, packed.size());
        assertEquals(200, client().sendRaw(request).status());
        assertEquals(PLAIN, upstream.lastCall().text());
    }

    @Test
    void expectContinueIsAnswered() {
        upstream.script(Script.start().json(200, ANSWER));
        try (Live live = client().open(
                        "POST",
                        "/v1/chat/completions",
                        "",
                        "Expect",
                        "100-continue",
                        "Content-Length",
                        Integer.toString(PLAIN.length()))) {
            assertTrue(live.readUntil("\r\n\r\n").startsWith("HTTP/1.1 100"));
        }
        assertEquals(
                413,
                client().send(
                                "POST",
                                "/v1/chat/completions",
                                "",
                                "Expect",
                                "100-continue",
                                "Content-Length",
                                "99999999")
                        .status());
    }

    @Test
    void javasOwnClientWhichOffersAnUpgradeIsServed() throws Exception {
        upstream.script(Script.start().json(200, ANSWER));
        HttpResponse<String> reply = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/v1/chat/completions"))
                                .POST(HttpRequest.BodyPublishers.ofString(PLAIN))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertEquals(200, reply.statusCode());
        assertEquals(ANSWER, reply.body());
        assertEquals(PLAIN, upstream.lastCall().text());
    }

    @Test
    void credentialsAndBrowserHeadersStayHere() {
        upstream.script(Script.start()
                .json(
                        200,
                        ANSWER,
                        "Access-Control-Allow-Origin",
                        "*",
                        "Set-Cookie",
                        "a=b",
                        "X-Vendor",
                        "kept",
                        "X-Vendor",
                        "kept"));
        Reply reply = client().chat(
                        PLAIN,
                        "Authorization",
                        "Bearer secret",
                        "Cookie",
                        "a=b",
                        "X-Api-Key",
                        "secret",
                        "X-Gateway-Rag",
                        "off",
                        "Connection",
                        "close, X-Hop",
                        "X-Hop",
                        "1",
                        "X-Vendor-Request",
                        "may be anything",
                        "OpenAI-Beta",
                        "kept",
                        "Accept-Encoding",
                        "gzip",
                        "X-Request-Id",
                        "mine-1");
        ReceivedRequest request = upstream.lastCall();
        for (String gone :
                List.of("authorization", "cookie", "x-api-key", "x-gateway-rag", "x-hop", "x-vendor-request")) {
            assertEquals("", request.header(gone), gone);
        }
        assertEquals("kept", request.header("openai-beta"));
        assertEquals("identity", request.header("accept-encoding"));
        assertEquals("mine-1", request.header("x-request-id"));
        assertEquals("mine-1", reply.header("x-request-id"));
        assertEquals("kept", reply.header("x-vendor"));
        assertEquals("", reply.header("set-cookie"));
        assertEquals("", reply.header("access-control-allow-origin"));
    }

    @Test
    void aRequestIdThatFitsNoHeaderIsReplaced() {
        for (String id : List.of("x".repeat(129), "two words", "é")) {
            String given =
                    client().send("GET", "/v1/models", "", "X-Request-Id", id).header("x-request-id");
            assertTrue(given.startsWith("req_"), given);
        }
    }

    @Test
    void eachReplyHasItsRequestsId() {
        for (String path : List.of(
                "/health",
                "/metrics",
                "/v1/gateway/usage",
                "/v1/gateway/exchanges",
                "/v1/gateway/explain?model=phi-4-mini",
                "/v1/vector_stores",
                "/v1/vector_stores/none/nowhere",
                "/models/loaded",
                "/nowhere",
                "/")) {
            assertEquals(
                    "mine",
                    client().send("GET", path, "", "X-Request-Id", "mine").header("x-request-id"),
                    path);
            String made = client().send("GET", path, "").header("x-request-id");
            assertTrue(made.startsWith("req_"), () -> path + ": " + made);
        }
    }

    private GatewayClient client() {
        return new GatewayClient(port);
    }
}
