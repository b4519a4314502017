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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every origin against every way in which an answer comes about: the same headers on each, once. */
@QuarkusTest
@TestProfile(CorsMatrixQuarkusTest.Settings.class)
class CorsMatrixQuarkusTest {
    private static final List<String> ALLOWED = List.of(
            "null",
            "http://localhost",
            "http://localhost:3000",
            "http://127.0.0.1:8080",
            "http://[::1]:5500",
            "https://app.example.com");
    private static final List<String> DENIED =
            List.of("https://evil.example", "http://localhost.evil.example", "https://app.example.com:8443");
    private static final String JSON = "application/json";

    /** A configured origin, small bodies, and comments soon. */
    public static class Settings implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "gateway.access.origins", "https://app.example.com",
                    "gateway.access.body-limit", "1K",
                    "gateway.sse.keep-alive", "400ms");
        }

        @Override
        public List<TestResourceEntry> testResources() {
            return List.of(new TestResourceEntry(UpstreamsByModel.class));
        }
    }

    @ParameterizedTest(name = "{0} is {1}")
    @CsvSource({
        "plain, 200, yes",
        "streaming, 200, [DONE]",
        "late, 200, keep-alive",
        "breaking, 200, \"error\"",
        "limited, 429, \"error\"",
        "failing, 500, \"error\"",
        "unready, 503, \"error\"",
        "resetting, 502, \"error\"",
        "gone, 502, upstream_unreachable",
        "stalling, 504, upstream_timeout",
        "opinionated, 200, yes",
        "opinionated-streaming, 200, [DONE]"
    })
    void modelsAnswer(String model, int status, String part) throws IOException {
        boolean stream =
                part.equals("[DONE]") || List.of("late", "breaking", "stalling").contains(model);
        String body = "{\"model\":\"" + model + "\",\"stream\":" + stream + ",\"messages\":[]}";
        check("POST", "/v1/chat/completions", JSON, body, status, part);
    }

    @ParameterizedTest(name = "{0} {1} as {2} is {4}")
    @CsvSource({
        "GET, /, '', '', 200, foundry-gateway",
        "GET, /v1/models, '', '', 200, phi-4-mini",
        "GET, /v1/models/nothing, '', '', 404, error",
        "POST, /v1/chat/completions, application/json, no json, 400, invalid_json",
        "POST, /v1/chat/nothing, application/json, {}, 404, not_found",
        "GET, /v1/chat/completions, '', '', 405, method_not_allowed",
        "POST, /v1/chat/completions, application/json, TOO MUCH, 413, body_too_large",
        "POST, /v1/chat/completions, text/plain, {}, 415, unsupported_media_type",
        "GET, /nothing, '', '', 404, not_found"
    })
    void gatewaysAnswer(String method, String path, String type, String body, int status, String part)
            throws IOException {
        check(method, path, type, body.equals("TOO MUCH") ? "x".repeat(2_000) : body, status, part);
    }

    private static void check(String method, String path, String type, String body, int status, String part)
            throws IOException {
        for (String origin : ALLOWED) {
            RawHttp.Reply reply = exchange(method, path, type, body, "Origin: " + origin);
            assertEquals(status, reply.status(), () -> origin + ": " + reply);
            assertTrue(reply.body().contains(part), reply::toString);
            assertReadableBy(origin, reply);
            assertFalse(reply.header("x-request-id").isEmpty() && !path.equals("/"), reply::toString);

            RawHttp.Reply preflight = preflight(path, origin, method);
            assertEquals(204, preflight.status());
            assertReadableBy(origin, preflight);
        }
        for (String origin : DENIED) {
            for (RawHttp.Reply reply :
                    List.of(exchange(method, path, type, body, "Origin: " + origin), preflight(path, origin, method))) {
                assertEquals(403, reply.status());
                assertTrue(reply.body().contains("origin_denied"), reply::toString);
                assertUnreadable(reply);
            }
        }
        if (!type.equals("text/plain")) {
            RawHttp.Reply program = exchange(method, path, type, body, "Accept: */*");
            assertEquals(status, program.status());
            assertUnreadable(program);
        }
    }

    private static void assertReadableBy(String origin, RawHttp.Reply reply) {
        assertEquals(List.of(origin), reply.all("access-control-allow-origin"), reply::toString);
        assertEquals(List.of(origin), reply.all("timing-allow-origin"), reply::toString);
        assertEquals(List.of(CorsHeaders.EXPOSED), reply.all("access-control-expose-headers"), reply::toString);
        assertEquals(List.of("Origin"), reply.all("vary"), reply::toString);
        assertEquals(List.of(), reply.all("access-control-allow-credentials"), reply::toString);
        assertEquals(List.of(), reply.all("access-control-allow-private-network"), reply::toString);
    }

    private static void assertUnreadable(RawHttp.Reply reply) {
        assertEquals(List.of("Origin"), reply.all("vary"), reply::toString);
        assertFalse(
                reply.headers().stream()
                        .anyMatch(line -> line.startsWith("access-control-") || line.startsWith("timing-allow-")),
                reply::toString);
    }

    private static RawHttp.Reply preflight(String path, String origin, String method) throws IOException {
        return exchange(
                "OPTIONS",
                path,
                "",
                "",
                "Origin: " + origin,
                "Access-Control-Request-Method: " + method,
                "Access-Control-Request-Headers: authorization,content-type,x-stainless-os");
    }

    private static RawHttp.Reply exchange(String method, String path, String type, String body, String... headers)
            throws IOException {
        List<String> lines = new ArrayList<>(List.of(method + " " + path + " HTTP/1.1", "Host: localhost:5274"));
        lines.addAll(List.of(headers));
        if (!type.isEmpty()) {
            lines.add("Content-Type: " + type);
        }
        return RawHttp.send(RestAssured.port, lines, body);
    }
}
