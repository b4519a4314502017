package dev.foundrygateway;

import static dev.foundrygateway.RelayQuarkusTest.PLAIN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.foundrygateway.practice.PracticeUpstream;
import dev.foundrygateway.practice.ReceivedRequest;
import dev.foundrygateway.practice.Script;
import dev.foundrygateway.testing.GatewayClient;
import dev.foundrygateway.testing.GatewayClient.Reply;
import dev.foundrygateway.testing.ScriptedUpstream;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes in and out at the edge: paths and names as they are built anew, foreign replies, forms, the paths of other clients. */
@QuarkusTest
@QuarkusTestResource(ScriptedUpstream.class)
class EdgeQuarkusTest {
    private static final String WITHOUT_MODEL = "{\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";

    private static final String FORM_TYPE = "multipart/form-data; boundary=b";

    final PracticeUpstream upstream = ScriptedUpstream.running();

    @ConfigProperty(name = "quarkus.http.test-port")
    int port;

    @BeforeEach
    void begin() {
        upstream.clear();
    }

    @Test
    void thePathThatGoesUpstreamIsBuiltAnew() {
        for (String path : List.of(
                "//v1/responses/resp_1",
                "/v1//responses/resp_1",
                "/v1/v1/responses/resp_1",
                "//v1//v1/responses/resp_1",
                "/responses/resp_1",
                "/openai/v1/responses/resp_1",
                "/v1/x/../responses/resp_1",
                "/v1/responses/resp%5f1",
                "http://localhost/v1/responses/resp_1")) {
            upstream.clear();
            upstream.script(Script.start().json(200, "{\"object\":\"response\"}"));
            assertEquals(200, client().send("GET", path, "").status(), path);
            assertEquals("/v1/responses/resp_1", upstream.lastCall().uri(), path);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"..%2f..%2fshutdown", "%2e%2e%2fshutdown", "a%2fb", "a%5cb", "%c3%a9", "a%20b"})
    void anIdThatCouldLeaveItsPlaceIsRefused(String id) {
        for (String call : List.of(
                "GET /v1/responses/" + id, "DELETE /v1/responses/" + id, "POST /v1/responses/" + id + "/cancel")) {
            Reply reply =
                    client().send(call.substring(0, call.indexOf(' ')), call.substring(call.indexOf(' ') + 1), "");
            assertEquals(400, reply.status(), call + reply);
            assertTrue(reply.body().contains("\"param\":\"response_id\""), reply.body());
        }
        assertReachedNobody();
    }

    @Test
    void theQueryGoesAlongAsItWas() {
        upstream.script(Script.start().json(200, "{\"choices\":[]}"));
        client().send("GET", "/v1/responses/resp_1/input_items?limit=2&after=a%2Fb&include[]=x", "");
        assertEquals(
                "/v1/responses/resp_1/input_items?limit=2&after=a%2Fb&include[]=x",
                upstream.lastCall().uri());
    }

    @Test
    void aModelsNameIsLookedAtWhereItEnters() {
        for (String name : List.of("zz\\r\\ny", "a\\u0000b", "a\\u0085b", "a\\u2028b", "x".repeat(257))) {
            for (String path : List.of("/v1/chat/completions", "/v1/embeddings", "/v1/responses", "/v1/completions")) {
                Reply reply =
                        client().send("POST", path, "{\"model\":\"" + name + "\",\"messages\":[],\"input\":\"a\"}");
                assertEquals(400, reply.status(), path + reply);
                assertTrue(reply.body().contains("\"param\":\"model\""), reply.body());
            }
        }
        Reply form = client().send("POST", "/v1/audio/transcriptions", form("a\tb"), "Content-Type", FORM_TYPE);
        assertEquals(400, form.status());
        assertTrue(form.body().contains("\"param\":\"model\""), form.body());
        assertReachedNobody();
    }

    @Test
    void ofAForeignReplyOnlyWhatIsListedPasses() {
        upstream.script(Script.start()
                .json(
                        200,
                        "{\"choices\":[]}",
                        "Set-Cookie",
                        "a=b",
                        "Clear-Site-Data",
                        "\"*\"",
                        "Refresh",
                        "0;url=http://evil.example",
                        "Location",
                        "http://evil.example",
                        "Content-Security-Policy",
                        "default-src *",
                        "Strict-Transport-Security",
                        "max-age=1",
                        "X-Accel-Redirect",
                        "/etc/passwd",
                        "X-Frame-Options",
                        "ALLOWALL",
                        "X-Content-Type-Options",
                        "sniff",
                        "Access-Control-Allow-Origin",
                        "*",
                        "Link",
                        "<x>; rel=preload",
                        "WWW-Authenticate",
                        "Basic",
                        "X-Gateway-Route",
                        "forged",
                        "X-RateLimit-Remaining-Requests",
                        "7",
                        "OpenAI-Processing-Ms",
                        "12",
                        "Retry-After",
                        "3"));
        Reply reply = client().chat(PLAIN);
        assertEquals(200, reply.status());
        for (String gone : List.of(
                "set-cookie",
                "clear-site-data",
                "refresh",
                "location",
                "strict-transport-security",
                "x-accel-redirect",
                "x-frame-options",
                "access-control-allow-origin",
                "link",
                "www-authenticate")) {
            assertEquals("", reply.header(gone), gone);
        }
        assertEquals("direct", reply.header("x-gateway-route"));
        assertEquals("7", reply.header("x-ratelimit-remaining-requests"));
        assertEquals("12", reply.header("openai-processing-ms"));
        assertEquals("3", reply.header("retry-after"));
        assertInert(reply);
    }

    @Test
    void noReplyOfTheApiCanBecomeAPage() {
        for (String path : List.of(
                "/v1/models",
                "/health",
                "/v1/nothing",
                "/v1/files",
                "/v1/files/file-none",
                "/metrics",
                "/openai/models")) {
            assertInert(client().send("GET", path, ""));
        }
        assertFalse(client().send("GET", "/playground/index.html", "")
                .header("content-security-policy")
                .contains("sandbox"));
    }

    @Test
    void foreignCredentialsAndOtherMethodsStayHere() {
        upstream.script(Script.start().json(200, "{\"choices\":[]}"));
        List<String> names = List.of(
                "cookie",
                "proxy-authorization",
                "x-api-key",
                "api-key",
                "authorization",
                "x-goog-api-key",
                "ocp-apim-subscription-key",
                "x-http-method-override",
                "x-method-override",
                "x-http-method",
                "x-original-url",
                "x-rewrite-url",
                "x-forwarded-for",
                "x-forwarded-host",
                "x-forwarded-prefix",
                "forwarded",
                "x-real-ip",
                "via",
                "cf-access-jwt-assertion",
                "x-auth-request-email",
                "x-ms-client-principal",
                "private-token",
                "openai-organization",
                "x-unknown",
                "range");
        String[] headers =
                names.stream().flatMap(name -> List.of(name, "secret").stream()).toArray(String[]::new);
        assertEquals(200, client().chat(PLAIN, headers).status());
        for (String name : names) {
            assertEquals("", upstream.lastCall().header(name), name);
        }
    }

    @Test
    void aTranscriptionGoesByAliasAndIsAnExchange() {
        upstream.script(Script.start().json(200, "{\"text\":\"hello\"}"));
        assertEquals(
                200,
                client().send("POST", "/v1/audio/transcriptions", form("little"), "Content-Type", FORM_TYPE)
                        .status());
        assertEquals(form("phi-4-mini"), upstream.lastCall().text());
        String metrics = client().send("GET", "/metrics", "").body();
        assertTrue(
                metrics.lines()
                        .anyMatch(line -> line.startsWith("gen_ai_server_request_duration_seconds_count")
                                && line.contains("gen_ai_operation_name=\"transcription\"")),
                metrics);
        upstream.script(Script.start().text(503, "<html>busy</html>"));
        Reply busy = client().send("POST", "/v1/audio/transcriptions", form("little"), "Content-Type", FORM_TYPE);
        assertEquals(503, busy.status());
        assertTrue(busy.body().startsWith("{\"error\":"), busy.body());
    }

    @Test
    void aFormThatIsNoneIsTold() {
        for (String form : List.of(
                "",
                "--b",
                "--b\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nx",
                form("m").replace("--b--", ""))) {
            Reply reply = client().send("POST", "/v1/audio/transcriptions", form, "Content-Type", FORM_TYPE);
            assertEquals(400, reply.status(), form + reply);
            assertTrue(reply.body().contains("the form cannot be read"), reply.body());
        }
        for (String type : List.of("multipart/form-data", FORM_TYPE)) {
            Reply reply = client().send("POST", "/v1/files", "no form at all", "Content-Type", type);
            assertEquals(400, reply.status(), reply.toString());
            assertTrue(reply.body().startsWith("{\"error\":"), reply.body());
        }
        assertReachedNobody();
    }

    @Test
    void nothingIsNothing() {
        upstream.script(Script.start().json(200, "{\"choices\":[]}"));
        String nulls = WITHOUT_MODEL.replace(
                "{\"messages\"",
                "{\"model\":\"phi-4-mini\",\"gateway\":null,\"tools\":null,\"stream\":null,\"stream_options\":null,\"n\":null,\"stop\":null,\"max_tokens\":null,\"messages\"");
        assertEquals(
                200, client().chat(nulls).status(), () -> client().chat(nulls).body());
        String inner = WITHOUT_MODEL.replace(
                "{\"messages\"",
                "{\"model\":\"phi-4-mini\",\"gateway\":{\"documents\":null,\"vector_store_ids\":null,\"rag\":null,\"sources\":null,\"escalate\":null,\"priority\":null,\"report\":null,\"max_num_results\":null},\"messages\"");
        assertEquals(
                200, client().chat(inner).status(), () -> client().chat(inner).body());
        Reply store = client().send("POST", "/v1/vector_stores", "");
        assertEquals(200, store.status(), store.toString());
    }

    private void assertInert(Reply reply) {
        assertEquals("nosniff", reply.header("x-content-type-options"), reply.toString());
        assertEquals("default-src 'none'; sandbox", reply.header("content-security-policy"), reply.toString());
    }

    static String form(String model) {
        return String.join(
                "\r\n",
                "--b",
                "Content-Disposition: form-data; name=\"model\"",
                "",
                model,
                "--b",
                "Content-Disposition: form-data; name=\"file\"; filename=\"a.wav\"",
                "",
                "RIFF....",
                "--b--",
                "");
    }

    private GatewayClient client() {
        return new GatewayClient(port);
    }

    private void assertReachedNobody() {
        assertTrue(
                upstream.received().stream().allMatch(ReceivedRequest::isManagement),
                () -> upstream.received().toString());
    }
}
