package dev.foundrygateway;

import static dev.foundrygateway.RelayQuarkusTest.PLAIN;
import static org.junit.jupiter.api.Assertions.assertEquals;
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

/** What clients of Azure, of other protocols and of pages ask for. */
@QuarkusTest
@QuarkusTestResource(ScriptedUpstream.class)
class OtherClientsQuarkusTest {
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
        String nameless = EdgeQuarkusTest.form("m").replaceFirst("(?s)--b\r\n.*?\r\n(?=--b\r\n)", "");
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
    void onlyAnthropicsClientsMayLeaveAFilesPurposeOut() {
        String file = "--b\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n\r\na\r\n--b--\r\n";
        String blank = "--b\r\ncontent-disposition: form-data; name=\"purpose\"\r\n\r\n \r\n" + file;
        for (String form : List.of(file, blank)) {
            Reply reply = client().send("POST", "/v1/files", form, "Content-Type", FORM_TYPE);
            assertEquals(400, reply.status(), reply.toString());
            assertTrue(reply.body().contains("\"param\":\"purpose\""), reply.body());
        }
        Reply taken =
                client().send("POST", "/v1/files", file, "Content-Type", FORM_TYPE, "anthropic-version", "2023-06-01");
        assertEquals(200, taken.status(), taken.toString());
        assertTrue(taken.body().contains("\"purpose\":\"user_data\""), taken.body());
    }

    @Test
    void aTranscriptionsOptionsAndAnswerAreLookedAt() {
        Reply bogus = client().send(
                        "POST",
                        "/v1/audio/transcriptions",
                        EdgeQuarkusTest.form("little"),
                        "Content-Type",
                        FORM_TYPE,
                        "X-Gateway-Priority",
                        "bogus");
        assertEquals(400, bogus.status(), bogus.toString());
        assertTrue(bogus.body().contains("x-gateway-priority"), bogus.body());
        assertReachedNobody();
        upstream.script(Script.start().json(200, "{\"foo\":1}"));
        Reply nothing = client().send(
                        "POST", "/v1/audio/transcriptions", EdgeQuarkusTest.form("little"), "Content-Type", FORM_TYPE);
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

    private GatewayClient client() {
        return new GatewayClient(port);
    }

    private void assertReachedNobody() {
        assertTrue(
                upstream.received().stream().allMatch(ReceivedRequest::isManagement),
                () -> upstream.received().toString());
    }
}
