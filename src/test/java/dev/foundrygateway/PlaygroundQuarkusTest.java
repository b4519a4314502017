package dev.foundrygateway;

import static io.restassured.RestAssured.given;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.not;

import dev.foundrygateway.testing.ScriptedUpstream;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The playground's files as they are served: the policy on each, and nothing from elsewhere. */
@QuarkusTest
@QuarkusTestResource(ScriptedUpstream.class)
class PlaygroundQuarkusTest {
    private static final String BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
    private static final Pattern FILE = Pattern.compile("(?:from|src=|href=|import) ?\"((?:/|\\./)[^\"]+)\"");

    @ParameterizedTest
    @ValueSource(strings = {"/", "/live"})
    void aBrowserGetsThePageUnderAPolicyThatLetsNothingElseRun(String path) {
        given().accept(BROWSER)
                .get(path)
                .then()
                .statusCode(200)
                .contentType("text/html")
                .header(
                        "Content-Security-Policy",
                        allOf(
                                containsString("default-src 'none'"),
                                containsString("script-src 'self';"),
                                not(containsString("unsafe"))))
                .header("X-Content-Type-Options", "nosniff")
                .header("Cache-Control", "no-cache")
                .body(containsString("<title>Foundry Gateway playground</title>"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"*/*", "application/json"})
    void aProgramStillGetsTheHealthPage(String accept) {
        given().accept(accept)
                .get("/")
                .then()
                .statusCode(200)
                .contentType("application/json")
                .body("service", is("foundry-gateway"));
    }

    @Test
    void everyFileThatThePageLeadsToIsThereAndIsOfThisOrigin() {
        Deque<String> waiting = new ArrayDeque<>(Set.of("/playground/index.html"));
        Set<String> seen = new HashSet<>(waiting);
        int bytes = 0;
        while (!waiting.isEmpty()) {
            String path = waiting.remove();
            Response response = given().get(path);
            assertThat(path, response.statusCode(), is(200));
            bytes += response.asByteArray().length;
            if (path.startsWith("/playground/")) {
                assertThat(path, response.header("Content-Security-Policy"), containsString("default-src 'none'"));
                Matcher file = FILE.matcher(response.asString());
                while (file.find()) {
                    String next = file.group(1).replaceFirst("^\\./", "/playground/");
                    if (seen.add(next)) {
                        waiting.add(next);
                    }
                }
            }
        }
        assertThat("found " + seen, seen.contains("/_static/marked/16.0.0/lib/marked.esm.js"), is(true));
        assertThat("found " + seen, seen.contains("/playground/sse.js"), is(true));
        assertThat("bytes of the page and of the other page with it", bytes, lessThan(300_000));
    }

    @Test
    void aFileThatIsNotThereIsAnOpenAiError() {
        given().get("/playground/nothing.js").then().statusCode(404).body("error.code", is("not_found"));
    }
}
