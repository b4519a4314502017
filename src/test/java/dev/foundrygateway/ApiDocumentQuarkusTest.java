package dev.foundrygateway;

import static io.restassured.RestAssured.given;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.oneOf;

import dev.foundrygateway.testing.ScriptedUpstream;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The OpenAPI document, and the page that shows it. */
@QuarkusTest
@QuarkusTestResource(ScriptedUpstream.class)
class ApiDocumentQuarkusTest {
    @Test
    void everyDocumentedRouteExists() {
        JsonPath document = given().accept("application/json").get("/q/openapi").jsonPath();
        assertThat(document.getString("info.title"), is("Foundry Gateway"));
        Map<String, Map<String, Object>> paths = document.getMap("paths");
        assertThat(paths, hasKey("/v1/gateway/compare"));
        assertThat(paths, hasKey("/v1/chat/completions"));
        paths.forEach((path, methods) -> methods.keySet().stream()
                .filter(method -> method.equals("get") || method.equals("post"))
                // Unloading and ending are there only where they are switched on.
                .filter(method -> !path.contains("{") && !path.equals("/shutdown") && !path.equals("/openai/unloadall"))
                .forEach(method -> {
                    int status = method.equals("get")
                            ? given().get(path).statusCode()
                            : given().contentType("application/json")
                                    .body("[]")
                                    .post(path)
                                    .statusCode();
                    assertThat(method + " " + path, status, not(oneOf(404, 405)));
                }));
    }

    @Test
    void swaggerUiShowsIt() {
        given().get("/q/swagger-ui/").then().statusCode(200).body(containsString("Foundry Gateway"));
    }
}
