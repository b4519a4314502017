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
    void clientsForAzureAreAnswered() {
        for (String path : List.of(
                "/openai/deployments/phi-4-mini/chat/completions?api-version=2024-10-21",
                "/chat/completions",
                "/openai/v1/chat/completions",
                "/v1/v1/chat/completions")) {
            upstream.clear();
            upstream.script(Script.start().json(200, "{\"choices\":[]}"));
            String body = path.contains("deployments") ? WITHOUT_MODEL : PLAIN;
            assertEquals(200, client().send("POST", path, body, "api-key", "x").status(), path);
            assertEquals("/v1/chat/completions", upstream.lastCall().uri(), path);
            assertTrue(
                    upstream.lastCall().text().contains("\"model\":\"phi-4-mini\""),
                    upstream.lastCall().text());
        }
        for (String path : List.of("/models", "/openai/v1/models")) {
            assertEquals(
                    client().send("GET", "/v1/models", "").body(),
                    client().send("GET", path, "").body());
        }
        upstream.script(Script.start().json(200, "{\"text\":\"hello\"}"));
        String nameless = form("m").replaceFirst("(?s)--b\r\n.*?\r\n(?=--b\r\n)", "");
        assertEquals(
                200,
                client().send(
                                "POST",
                                "/openai/deployments/phi-4-mini/audio/transcriptions",
                                nameless,
                                "Content-Type",
                                FORM_TYPE)
                        .status());
        assertTrue(
                upstream.lastCall().text().contains("name=\"model\"\r\n\r\nphi-4-mini\r\n"),
                upstream.lastCall().text());
    }

    @Test
    void thePathOfAzureNamesTheModelWhateverTheBodySays() {
        for (String path : List.of("little", "phi-4-mini", "PHI-4-mini")) {
            upstream.clear();
            upstream.script(Script.start().json(200, "{\"choices\":[]}"));
            String url = "/openai/deployments/" + path + "/chat/completions?api-version=1";
            String other = PLAIN.replace("phi-4-mini", "gpt-4o");
            assertEquals(200, client().send("POST", url, other).status(), path);
            assertTrue(
                    upstream.lastCall().text().contains("\"model\":\"phi-4-mini\""),
                    upstream.lastCall().text());
        }
        Reply slash = client().send("POST", "/openai/deployments/org%2Fmodel/chat/completions", PLAIN);
        assertTrue(slash.body().contains("org/model"), slash.toString());
    }

    @Test
    void otherPathsOfAzuresClientsAreAnswered() {
        for (String path : List.of("/models/chat/completions?api-version=2024-05-01-preview", "/models/embeddings")) {
            upstream.clear();
            upstream.script(Script.start().json(200, "{\"choices\":[],\"data\":[]}"));
            assertEquals(200, client().send("POST", path, PLAIN).status(), path);
        }
        assertEquals(
                client().send("GET", "/v1/models", "").body(),
                client().send("GET", "/openai/models?api-version=2024-10-21", "")
                        .body());
        assertTrue(client().send("GET", "/openai/models", "").body().startsWith("["));
        upstream.clear();
        upstream.script(Script.start().json(200, "{\"object\":\"response\"}"));
        assertEquals(
                200,
                client().send("GET", "/openai/responses/resp_1?api-version=1", "")
                        .status());
        assertTrue(
                upstream.lastCall().uri().startsWith("/v1/responses/resp_1"),
                upstream.lastCall().uri());
        Reply stores = client().send("GET", "/openai/v1/vector_stores?limit=1", "");
        assertEquals(200, stores.status(), stores.toString());
        assertTrue(stores.body().contains("\"object\":\"list\""), stores.body());
        Reply file = client().send("GET", "/openai/v1/files/file-none", "");
        assertEquals(404, file.status(), file.toString());
        assertTrue(file.body().contains("file-none") || file.body().contains("No such File"), file.body());
        assertEquals(404, client().send("GET", "/openai/v1/nothing", "").status());
    }

    @Test
    void anErrorHasTheShapeOfItsProtocolOnEveryPath() {
        String[] messages = {"anthropic-version", "2023-06-01", "x-request-id", "mine"};
        for (String[] call : new String[][] {
            {"GET", "/v1/files/file-none", ""},
            {"POST", "/v1/vector_stores", "{\"name\":5}"},
            {"POST", "/v1/vector_stores", "{"},
            {"GET", "/v1/files/%zz", ""},
            {"GET", "/v1/files?limit=x", ""},
            {"GET", "/v1/models/" + "x".repeat(5_000), ""}
        }) {
            Reply reply = client().send(call[0], call[1], call[2], messages);
            assertTrue(reply.status() >= 400 && reply.status() < 500, reply.toString());
            assertTrue(reply.body().startsWith("{\"type\":\"error\",\"error\":{\"type\":\""), reply.body());
            assertTrue(reply.body().contains("\"request_id\":\"mine\""), reply.body());
            assertEquals("mine", reply.header("x-request-id"), reply.toString());
        }
        Reply byPath = client().send("POST", "/v1/messages", "", "X-Long", "x".repeat(70_000));
        assertEquals(431, byPath.status());
        assertTrue(byPath.body().startsWith("{\"type\":\"error\""), byPath.body());
        for (String origin : List.of("http://localhost:3000", "https://evil.example")) {
            Reply page = client().send(
                            "GET", "/v1/models/" + "x".repeat(5_000), "", "Origin", origin, "x-request-id", "a b\tc");
            assertEquals(414, page.status());
            assertEquals(origin.contains("evil") ? "" : origin, page.header("access-control-allow-origin"));
            assertTrue(page.header("x-request-id").startsWith("req_"), page.toString());
        }
        Reply twice = client().send(
                        "GET",
                        "/v1/files/%zz",
                        "",
                        "x-request-id",
                        "one",
                        "x-request-id",
                        "two",
                        "Origin",
                        "http://localhost:3000");
        assertTrue(twice.header("x-request-id").startsWith("req_"), twice.toString());
    }

    @Test
    void aTranscriptionsOptionsAndAnswerAreLookedAt() {
        Reply bogus = client().send(
                        "POST",
                        "/v1/audio/transcriptions",
                        form("little"),
                        "Content-Type",
                        FORM_TYPE,
                        "X-Gateway-Priority",
                        "bogus");
        assertEquals(400, bogus.status(), bogus.toString());
        assertTrue(bogus.body().contains("x-gateway-priority"), bogus.body());
        assertReachedNobody();
        upstream.script(Script.start().json(200, "{\"foo\":1}"));
        Reply nothing = client().send("POST", "/v1/audio/transcriptions", form("little"), "Content-Type", FORM_TYPE);
        assertEquals(502, nothing.status(), nothing.toString());
        assertTrue(nothing.body().contains("\"code\":\"upstream_error\""), nothing.body());
    }

    @Test
    void pagesAreReadAlone() {
        for (String path : List.of("/live", "/playground/app.js", "/playground/index.html")) {
            assertEquals(200, client().send("GET", path, "").status(), path);
            Reply post = client().send("POST", path, "{}", "Content-Type", "application/json");
            assertEquals(405, post.status(), post.toString());
            assertEquals("GET, HEAD", post.header("allow"));
        }
        assertEquals(404, client().send("GET", "/playground/nothing.js", "").status());
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

    private static String form(String model) {
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
