package dev.foundrygateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.foundrygateway.access.CorsHeaders;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** CORS and the host check on the wire, on routes that need no upstream. */
@QuarkusTest
@TestProfile(AccessQuarkusTest.Settings.class)
class AccessQuarkusTest {
    private static final String CONFIGURED = "https://app.example.com";

    /** One configured origin; an upstream that nobody serves. */
    public static class Settings implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "gateway.access.origins",
                    CONFIGURED + ", https://*.pages.example",
                    "gateway.access.hosts",
                    "gateway.lan",
                    "gateway.upstreams.foundry.url",
                    "http://127.0.0.1:9");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/, 200",
        "/health, 200",
        "/v1/health, 200",
        "/metrics, 200",
        "/q/metrics, 200",
        "/q/health/live, 200",
        "/q/nothing, 404",
        "/nothing, 404",
        "/v1/nothing, 404",
        "/v1/chat/completions, 405"
    })
    void everyRouteAndStatusCarriesCors(String path, int status) throws IOException {
        for (String origin : List.of(CONFIGURED, "https://a.pages.example", "http://localhost:3000")) {
            RawHttp.Reply reply = get(path, "Origin: " + origin);
            assertEquals(status, reply.status());
            assertReadableBy(origin, reply);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/q/health/live", "/metrics", "/v1/nothing"})
    void replyWithoutOriginVariesByOrigin(String path) throws IOException {
        RawHttp.Reply reply = get(path, "Accept: */*");
        assertEquals(List.of("Origin"), reply.all("vary"));
        assertUnreadable(reply);
    }

    @ParameterizedTest
    @CsvSource({
        "null, /v1/chat/completions, POST",
        "null, /v1/nothing, POST",
        "http://localhost:8080, /v1/chat/completions, POST",
        "http://127.0.0.1:8080, /q/health/live, GET",
        "http://[::1]:8080, /v1/files/file-1, DELETE",
        "https://app.example.com, /models/load/m, GET",
        "https://a.pages.example, /nothing, PUT"
    })
    void preflightIsAnsweredOnAnyPath(String origin, String path, String method) throws IOException {
        RawHttp.Reply reply = preflight(path, origin, method);
        assertEquals(204, reply.status());
        assertReadableBy(origin, reply);
        assertTrue(List.of(reply.header("access-control-allow-methods").split(", ", -1))
                .contains(method));
        List<String> headers =
                List.of(reply.header("access-control-allow-headers").split(", ", -1));
        assertTrue(headers.containsAll(List.of("authorization", "content-type", "x-stainless-os", "x-stainless-new")));
        assertEquals(CorsHeaders.MAX_AGE, reply.header("access-control-max-age"));
        assertEquals("", reply.header("access-control-allow-private-network"));
        assertEquals("", reply.body());
    }

    @ParameterizedTest
    @CsvSource({
        "https://evil.example, /v1/models",
        "https://evil.example, /q/health/live",
        "https://evil.example, /nothing",
        "http://user@localhost:3000, /v1/models",
        "null, /v1/files",
        "null, /metrics",
        "http://localhost:3000, /openai/unloadall"
    })
    void deniedPageGetsNothing(String origin, String path) throws IOException {
        for (RawHttp.Reply reply : List.of(get(path, "Origin: " + origin), preflight(path, origin, "GET"))) {
            assertEquals(403, reply.status());
            assertUnreadable(reply);
            assertEquals("Origin", reply.header("vary"));
            assertEquals("application/json", reply.header("content-type"));
            assertFalse(reply.header("x-request-id").isEmpty());
            assertTrue(reply.body().contains("\"code\":\"origin_denied\""), reply.body());
            assertTrue(reply.body().contains("gateway.access.origins"), reply.body());
        }
    }

    @Test
    void severalOriginsAreDenied() throws IOException {
        RawHttp.Reply reply = get("/v1/models", "Origin: http://localhost:3000", "Origin: http://localhost:3001");
        assertEquals(403, reply.status());
        assertUnreadable(reply);
    }

    @Test
    void pageOfTheGatewayItselfMayDoEverything() throws IOException {
        String own = "http://gateway.lan:" + RestAssured.port;
        RawHttp.Reply reply = exchange(
                List.of("POST /shutdown HTTP/1.1", "Host: gateway.lan:" + RestAssured.port, "Origin: " + own), "");
        assertEquals(404, reply.status());
        assertReadableBy(own, reply);
    }

    @ParameterizedTest
    @ValueSource(strings = {"evil.example", "evil.example:5274", "localhost.evil.example", "192.168.1.5", ""})
    void unknownHostIsRefused(String host) throws IOException {
        for (String path : List.of("/", "/v1/models", "/q/health/live", "/metrics", "/nothing")) {
            assertHostDenied(exchange(List.of("GET " + path + " HTTP/1.1", "Host: " + host), ""));
        }
    }

    @Test
    void missingOrMalformedHostIsRefused() throws IOException {
        assertHostDenied(exchange(List.of("GET /health HTTP/1.1"), ""));
        assertHostDenied(exchange(List.of("GET /health HTTP/1.1", "Host: local host:x"), ""));
        assertEquals(200, exchange(List.of("GET /health HTTP/1.0"), "").status());
    }

    @Test
    void requestLineWithoutAPathIsTold() throws IOException {
        RawHttp.Reply reply = exchange(List.of("OPTIONS * HTTP/1.1", "Host: localhost"), "");
        assertEquals(400, reply.status());
        assertEquals("Origin", reply.header("vary"));
        assertTrue(reply.body().contains("\"code\":\"invalid_request\""), reply.body());
    }

    @Test
    void rebindingPageIsNotTheGatewaysOwn() throws IOException {
        assertHostDenied(exchange(
                List.of("GET /v1/models HTTP/1.1", "Host: evil.example:5274", "Origin: http://evil.example:5274"), ""));
    }

    @ParameterizedTest
    @CsvSource({
        "http://localhost:5274/health, localhost:5274, 200",
        "http://evil.example/health, localhost:5274, 403",
        "http://localhost:5274/health, evil.example, 403"
    })
    void hostInTheRequestLineMustAgree(String target, String host, int status) throws IOException {
        assertEquals(
                status,
                exchange(List.of("GET " + target + " HTTP/1.1", "Host: " + host), "")
                        .status());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "LOCALHOST:5274",
                "localhost.:80",
                "127.0.0.1",
                "[::1]:5274",
                "a.localhost",
                "gateway.lan"
            })
    void knownHostIsTaken(String host) throws IOException {
        assertEquals(
                200,
                exchange(List.of("GET /health HTTP/1.1", "Host: " + host), "").status());
    }

    @Test
    void pagesPlainTextIsNoJson() throws IOException {
        for (String path : List.of("/v1/chat/completions", "/v1/embeddings", "/v1/nothing")) {
            RawHttp.Reply reply = post(path, "{}", "Origin: http://localhost:3000", "Content-Type: text/plain");
            assertEquals(415, reply.status());
            assertReadableBy("http://localhost:3000", reply);
            assertTrue(reply.body().contains("\"code\":\"unsupported_media_type\""), reply.body());
        }
    }

    @Test
    void programsPlainTextIsTriedAsJson() throws IOException {
        RawHttp.Reply reply = post("/v1/chat/completions", "no json", "Content-Type: text/plain");
        assertEquals(400, reply.status());
        assertTrue(reply.body().contains("\"code\":\"invalid_json\""), reply.body());
    }

    @Test
    void linkOfAnotherSiteCannotUnloadModels() throws IOException {
        RawHttp.Reply reply = get("/openai/unloadall", "Sec-Fetch-Site: cross-site");
        assertEquals(403, reply.status());
        assertEquals(404, get("/openai/unloadall", "Sec-Fetch-Site: none").status());
    }

    @Test
    void doubledPrefixIsJudgedAsTheRouteItMeans() throws IOException {
        RawHttp.Reply reply =
                post("/v1/v1/chat/completions", "no json", "Origin: null", "Content-Type: application/json");
        assertEquals(400, reply.status());
        assertReadableBy("null", reply);
        assertEquals(403, get("/v1/v1/files", "Origin: null").status());
    }

    private static void assertReadableBy(String origin, RawHttp.Reply reply) {
        assertEquals(List.of(origin), reply.all("access-control-allow-origin"));
        assertEquals(List.of(origin), reply.all("timing-allow-origin"));
        assertEquals(List.of(CorsHeaders.EXPOSED), reply.all("access-control-expose-headers"));
        assertEquals(List.of("Origin"), reply.all("vary"));
        assertEquals(List.of(), reply.all("access-control-allow-credentials"));
    }

    private static void assertUnreadable(RawHttp.Reply reply) {
        assertEquals(
                List.of(),
                reply.headers().stream()
                        .filter(line -> line.startsWith("access-control-") || line.startsWith("timing-allow-"))
                        .toList());
    }

    private static void assertHostDenied(RawHttp.Reply reply) {
        assertEquals(403, reply.status());
        assertUnreadable(reply);
        assertTrue(reply.body().contains("\"code\":\"host_denied\""), reply.body());
        assertTrue(reply.body().contains("gateway.access.hosts"), reply.body());
    }

    private RawHttp.Reply get(String path, String... headers) throws IOException {
        return exchange(head("GET", path, headers), "");
    }

    private RawHttp.Reply post(String path, String body, String... headers) throws IOException {
        return exchange(head("POST", path, headers), body);
    }

    private RawHttp.Reply preflight(String path, String origin, String method) throws IOException {
        List<String> lines = head(
                "OPTIONS",
                path,
                "Origin: " + origin,
                "Access-Control-Request-Method: " + method,
                "Access-Control-Request-Headers: authorization, content-type, x-stainless-new",
                "Access-Control-Request-Private-Network: true");
        return exchange(lines, "");
    }

    private static List<String> head(String method, String path, String... headers) {
        List<String> lines = new ArrayList<>(List.of(method + " " + path + " HTTP/1.1", "Host: localhost:5274"));
        lines.addAll(List.of(headers));
        return lines;
    }

    private RawHttp.Reply exchange(List<String> lines, String body) throws IOException {
        return RawHttp.send(RestAssured.port, lines, body);
    }
}
