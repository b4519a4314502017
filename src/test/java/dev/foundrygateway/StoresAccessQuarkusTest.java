package dev.foundrygateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.foundrygateway.retrieval.RetrievalResource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who may call the routes of files and stores, and with what bodies: they hold what others uploaded. */
@QuarkusTest
@QuarkusTestResource(value = RetrievalResource.class, restrictToAnnotatedClass = true)
class StoresAccessQuarkusTest {
    private static final String FORM = "multipart/form-data; boundary=x";

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource({
        "GET, /v1/files",
        "POST, /v1/files",
        "GET, /v1/files/file-1",
        "GET, /v1/files/file-1/content",
        "DELETE, /v1/files/file-1",
        "GET, /v1/vector_stores",
        "POST, /v1/vector_stores",
        "DELETE, /v1/vector_stores/docs",
        "GET, /v1/vector_stores/docs/files",
        "POST, /v1/vector_stores/docs/file_batches",
        "POST, /v1/vector_stores/docs/search",
        "GET, /v1/v1/vector_stores/docs",
        "GET, /v1/Files",
        "GET, /v1/vector_stores;x=y/docs"
    })
    void pageWithoutAnOriginAndStrangePagesAreRefused(String method, String path) throws IOException {
        for (String origin : List.of("null", "https://evil.example")) {
            RawHttp.Reply reply = send(method, path, "application/json", "{}", "Origin: " + origin);
            assertEquals(403, reply.status(), reply::toString);
            assertTrue(reply.body().contains("origin_denied"), reply::toString);
            assertEquals(List.of(), reply.all("access-control-allow-origin"));
            RawHttp.Reply preflight =
                    send("OPTIONS", path, "", "", "Origin: " + origin, "Access-Control-Request-Method: " + method);
            assertEquals(403, preflight.status(), preflight::toString);
            assertEquals(List.of(), preflight.all("access-control-allow-origin"));
        }
    }

    @ParameterizedTest(name = "{0} {1} is {2}")
    @CsvSource({
        "GET, /v1/files, 200, list",
        "GET, /v1/files/file-1, 404, file_not_found",
        "GET, /v1/vector_stores, 200, list",
        "GET, /v1/vector_stores/none, 404, vector_store_not_found",
        "POST, /v1/vector_stores/docs/search, 400, query",
        "POST, /v1/vector_stores/docs/files, 400, file_id",
        "PUT, /v1/vector_stores/docs, 405, method_not_allowed",
        "GET, /v1/vector_stores/docs/nothing, 404, not_found"
    })
    void localPageReadsEveryAnswerAndItsRequestId(String method, String path, int status, String part)
            throws IOException {
        String origin = "http://localhost:3000";
        RawHttp.Reply reply = send(
                method,
                path,
                "application/json",
                method.equals("GET") ? "" : "{}",
                "Origin: " + origin,
                "X-Request-Id: mine");
        assertEquals(status, reply.status(), reply::toString);
        assertTrue(reply.body().contains(part), reply::toString);
        assertEquals(List.of(origin), reply.all("access-control-allow-origin"), reply::toString);
        assertEquals(List.of("Origin"), reply.all("vary"), reply::toString);
        assertEquals(List.of("mine"), reply.all("x-request-id"), reply::toString);
        assertTrue(reply.header("content-type").startsWith("application/json"), reply::toString);
    }

    @ParameterizedTest(name = "{0} to {1} is {2}")
    @CsvSource({
        "text/plain, /v1/vector_stores, 415",
        "application/x-www-form-urlencoded, /v1/vector_stores/docs/search, 415",
        "multipart/form-data; boundary=x, /v1/vector_stores, 415",
        "multipart/form-data; boundary=x, /v1/vector_stores/docs/files, 415",
        "multipart/form-data; boundary=x, /v1/vector_stores/docs/search, 415",
        "text/plain, /v1/files, 415"
    })
    void onlyFilesTakeForms(String type, String path, int status) throws IOException {
        for (String origin : List.of("Origin: http://localhost:3000", "Sec-Fetch-Site: cross-site")) {
            RawHttp.Reply reply = send("POST", path, type, "--x--\r\n", origin);
            assertEquals(status, reply.status(), reply::toString);
            assertTrue(reply.body().contains("unsupported_media_type"), reply::toString);
        }
    }

    @Test
    void aFormWithoutAFileNamesTheMissingPart() throws IOException {
        RawHttp.Reply reply = send(
                "POST",
                "/v1/files",
                FORM,
                "--x\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\nassistants\r\n--x--\r\n",
                "Origin: http://localhost:3000");
        assertEquals(400, reply.status(), reply::toString);
        assertTrue(reply.body().contains("\"param\":\"file\""), reply::toString);
    }

    @Test
    void fiftyMegabytesAreRefusedByTheSettingsName() throws IOException {
        RawHttp.Reply form = send("POST", "/v1/files", FORM, "x".repeat(50 << 20));
        assertEquals(413, form.status(), form::toString);
        assertTrue(form.body().contains("body_too_large"), form::toString);
        assertTrue(form.body().contains("gateway.retrieval.max-file-size"), form::toString);
        RawHttp.Reply json = send("POST", "/v1/vector_stores", "application/json", "x".repeat(50 << 20));
        assertEquals(413, json.status(), json::toString);
        assertTrue(json.body().contains("gateway.access.body-limit"), json::toString);
    }

    @Test
    void aHostThatIsNotOursReachesNoStore() throws IOException {
        RawHttp.Reply reply =
                RawHttp.send(RestAssured.port, List.of("GET /v1/vector_stores HTTP/1.1", "Host: rebound.example"), "");
        assertEquals(403, reply.status(), reply::toString);
        assertTrue(reply.body().contains("host_denied"), reply::toString);
    }

    private static RawHttp.Reply send(String method, String path, String type, String body, String... headers)
            throws IOException {
        List<String> lines = new ArrayList<>(List.of(method + " " + path + " HTTP/1.1", "Host: localhost:5274"));
        lines.addAll(List.of(headers));
        if (!type.isEmpty()) {
            lines.add("Content-Type: " + type);
        }
        return RawHttp.send(RestAssured.port, lines, body);
    }
}
