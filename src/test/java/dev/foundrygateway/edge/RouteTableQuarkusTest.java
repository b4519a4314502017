package dev.foundrygateway.edge;

import static io.restassured.RestAssured.given;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.foundrygateway.testing.ScriptedUpstream;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What follows from the table of routes. */
@QuarkusTest
@TestProfile(RouteTableQuarkusTest.Everything.class)
class RouteTableQuarkusTest {
    /** All that can be switched on. */
    public static class Everything implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("gateway.access.management", "true");
        }

        @Override
        public java.util.List<TestResourceEntry> testResources() {
            return java.util.List.of(new TestResourceEntry(ScriptedUpstream.class));
        }
    }

    @Test
    void theDocumentHasWhatTheTableHasAndNothingElse() {
        Set<String> served = new TreeSet<>();
        for (Route route : RouteTable.routes()) {
            if (route.documented()) {
                served.add(
                        route.method() + " " + route.path().replace("*}", "}").replaceAll("\\{\\w+}", "{}"));
            }
        }
        Map<String, Map<String, Object>> paths =
                given().accept("application/json").get("/q/openapi").jsonPath().getMap("paths");
        Set<String> documented = new TreeSet<>();
        paths.forEach((path, methods) -> methods.keySet().stream()
                .filter(method ->
                        Set.of("get", "post", "delete", "put", "patch").contains(method))
                .forEach(method ->
                        documented.add(method.toUpperCase(Locale.ROOT) + " " + path.replaceAll("\\{\\w+}", "{}"))));
        assertEquals(served, documented);
    }

    @Test
    void accessJudgesEachRouteByTheAreaOfItsLine() {
        for (Route route : RouteTable.routes()) {
            String path = route.path().replaceAll("\\{\\w+\\*?}", "x");
            assertEquals(route.place(), RouteTable.find(route.method(), path), route.method() + " " + path);
        }
    }

    @Test
    void everyPathTellsItsMethodsToAnyOther() {
        for (Route route : RouteTable.routes()) {
            String path = route.path().replaceAll("\\{\\w+\\*?}", "x");
            String allow = given().request("PATCH", path)
                    .then()
                    .statusCode(405)
                    .extract()
                    .header("Allow");
            assertEquals(true, Set.of(allow.split(", ", -1)).contains(route.method()), path + " allows " + allow);
            assertFalse(allow.contains("PATCH"), allow);
        }
    }
}
