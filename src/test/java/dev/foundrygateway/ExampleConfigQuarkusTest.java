package dev.foundrygateway;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasItem;

import dev.foundrygateway.testing.ScriptedUpstream;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;

/** The gateway starts with {@code examples/config/application.properties}, and does what it says; only the model servers' addresses are others. */
@QuarkusTest
@TestProfile(ExampleConfigQuarkusTest.Example.class)
@QuarkusTestResource(value = ScriptedUpstream.class, restrictToAnnotatedClass = true)
class ExampleConfigQuarkusTest {
    /** The file's settings. */
    public static class Example implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            Properties file = new Properties();
            Map<String, String> settings = new HashMap<>();
            try (Reader reader = Files.newBufferedReader(Path.of("examples", "config", "application.properties"))) {
                file.load(reader);
                Path handbook = Files.createDirectories(Path.of("target", "handbook"));
                Files.writeString(
                        handbook.resolve("leave.md"), "# Leave\n\nRequests are signed by the head of department.\n");
                settings.put("gateway.retrieval.stores.handbook.folder", handbook.toString());
                settings.put(
                        "gateway.retrieval.directory",
                        Files.createTempDirectory("example").toString());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            file.forEach((name, value) -> settings.putIfAbsent(name.toString(), value.toString()));
            settings.remove("gateway.upstreams.foundry.url");
            settings.remove("gateway.models.gpt-oss-20b.upstream");
            return settings;
        }
    }

    @Test
    void theKeyIsAskedForAndHybridNamesItsCost() {
        String question =
                "{\"model\":\"hybrid\",\"messages\":[{\"role\":\"user\",\"content\":\"Why is the sky blue?\"}]}";
        given().contentType("application/json")
                .body(question)
                .post("/v1/chat/completions")
                .then()
                .statusCode(401)
                .body("error.code", equalTo("invalid_api_key"));
        given().contentType("application/json")
                .header("Authorization", "Bearer change-me")
                .body(question)
                .post("/v1/chat/completions")
                .then()
                .statusCode(200)
                .body("gateway.cost", greaterThan(0f));
    }

    @Test
    void theFolderIsAStoreAndThePagesOriginIsAllowed() {
        given().header("Authorization", "Bearer change-me")
                .header("Origin", "https://app.example.com")
                .get("/v1/vector_stores")
                .then()
                .statusCode(200)
                .header("Access-Control-Allow-Origin", containsString("https://app.example.com"))
                .body("data.name", hasItem("handbook"));
    }
}
