package dev.foundrygateway;

import static io.restassured.RestAssured.given;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.foundrygateway.testing.ScriptedUpstream;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import java.util.Set;
import java.util.function.IntSupplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code /metrics} in both of Prometheus' text formats. */
@QuarkusTest
@QuarkusTestResource(ScriptedUpstream.class)
class MetricsQuarkusTest {
    /** What a Prometheus 2.53 sends, to the letter. */
    private static final String PROMETHEUS = "application/openmetrics-text;version=1.0.0;q=0.5,"
            + "application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2";

    private static final String OPENMETRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    private static final String PLAIN = "text/plain; version=0.0.4; charset=utf-8";
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final Pattern SERIES = Pattern.compile("(?m)^[a-z][a-zA-Z0-9_:]*");

    @BeforeEach
    void begin() {
        ScriptedUpstream.running().clear();
    }

    @Test
    void prometheusGetsOpenMetricsWithExemplars() {
        ask();
        for (String path : List.of("/metrics", "/q/metrics")) {
            String page = page(path, PROMETHEUS, OPENMETRICS);
            assertThat(page, endsWith("# EOF\n"));
            assertThat(page, containsString("# {span_id=\"00f067aa0ba902b7\",trace_id=\"" + TRACE + "\"}"));
        }
    }

    /** Prometheus refuses all of a page that has an exemplar elsewhere. */
    @Test
    void onlyBucketsAndCountersHaveExemplars() {
        ask();
        List<String> bearers = page("/metrics", PROMETHEUS, OPENMETRICS)
                .lines()
                .filter(line -> line.contains("trace_id="))
                .toList();
        assertThat(bearers, not(empty()));
        assertThat(bearers, everyItem(matchesPattern("[a-z_]+_(bucket|total)\\{.*")));
    }

    @Test
    void whoeverAsksForTextGetsPlainText() {
        ask();
        for (String accept : List.of("text/plain", "text/html,*/*;q=0.8", "text/plain;version=0.0.4;q=1,*/*;q=0.1")) {
            String page = page("/metrics", accept, PLAIN);
            assertThat(page, containsString("gen_ai_server_request_duration_seconds_bucket{"));
            assertThat(page, not(containsString(TRACE)));
        }
    }

    @Test
    void whoeverTakesAnythingGetsOpenMetrics() {
        for (String accept : List.of("*/*", "")) {
            assertThat(page("/metrics", accept, OPENMETRICS), endsWith("# EOF\n"));
        }
    }

    @Test
    void seriesHaveTheSameNamesInBoth() {
        ask();
        given().contentType("application/json")
                .body("{\"model\":\"nobody-serves-this\",\"messages\":[]}")
                .post("/v1/chat/completions");
        Set<String> plain = series(page("/metrics", "text/plain", PLAIN));
        assertEquals(plain, series(page("/metrics", PROMETHEUS, OPENMETRICS)));
        assertThat(plain.contains("gateway_errors_total"), is(true));
    }

    /** Of the edge, and of the pipeline: each once. */
    @Test
    void everyErrorThatIsAnsweredIsCountedOnce() {
        String chat = "/v1/chat/completions";
        assertCounted("invalid_json", 400, () -> post(chat, "{\"model\":"));
        assertCounted("invalid_json", 400, () -> post("/v1/responses", "no"));
        assertCounted("invalid_json", 400, () -> post("/v1/messages", "[]"));
        assertCounted("not_found", 404, () -> given().get("/v1/nothing").statusCode());
        assertCounted("method_not_allowed", 405, () -> given().delete(chat).statusCode());
        assertCounted(
                "origin_denied",
                403,
                () -> given().header("Origin", "https://evil.example")
                        .get("/v1/models")
                        .statusCode());
        for (String stream : List.of("true", "false")) {
            String body = "{\"model\":\"nobody-serves-this\",\"stream\":" + stream
                    + ",\"messages\":[{\"role\":\"user\",\"content\":\"why\"}]}";
            assertCounted("model_not_found", 404, () -> post(chat, body));
        }
        assertCounted(
                "file_not_found", 404, () -> given().get("/v1/files/file-0").statusCode());
    }

    private static int post(String path, String body) {
        return given().contentType("application/json").body(body).post(path).statusCode();
    }

    private static void assertCounted(String code, int status, IntSupplier request) {
        int before = errors(code);
        assertEquals(status, request.getAsInt());
        // An exchange is counted when it has ended, a moment after its last byte.
        await().untilAsserted(() -> assertEquals(before + 1, errors(code), code));
    }

    private static int errors(String code) {
        return page("/metrics", "text/plain", PLAIN)
                .lines()
                .filter(line -> line.startsWith("gateway_errors_total{code=\"" + code + "\""))
                .mapToInt(line -> (int) Double.parseDouble(line.replaceFirst(".* ", "")))
                .sum();
    }

    private static void ask() {
        given().contentType("application/json")
                .header("traceparent", "00-" + TRACE + "-00f067aa0ba902b7-01")
                .body("{\"model\":\"phi-4-mini\",\"messages\":[{\"role\":\"user\",\"content\":\"why\"}]}")
                .post("/v1/chat/completions")
                .then()
                .statusCode(200);
    }

    private static String page(String path, String accept, String mediaType) {
        var response = given().header("Accept", accept).get(path);
        assertEquals(200, response.statusCode());
        assertEquals(mediaType, response.header("Content-Type"));
        return response.asString();
    }

    private static Set<String> series(String page) {
        return SERIES.matcher(page).results().map(match -> match.group()).collect(Collectors.toSet());
    }
}
