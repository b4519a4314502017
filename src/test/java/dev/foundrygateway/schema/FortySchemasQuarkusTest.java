package dev.foundrygateway.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.foundrygateway.openai.schema.AnswerSchema;
import dev.foundrygateway.practice.PracticeUpstream;
import dev.foundrygateway.testing.GatewayClient;
import dev.foundrygateway.testing.GatewayClient.Reply;
import dev.foundrygateway.testing.ScriptedUpstream;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

/** Forty schemas before a server that ignores them: whatever it says, no 200 breaks one. */
@QuarkusTest
@QuarkusTestResource(ScriptedUpstream.class)
@TestProfile(SchemasProfile.class)
class FortySchemasQuarkusTest {
    private final PracticeUpstream upstream = ScriptedUpstream.running();

    @ConfigProperty(name = "quarkus.http.test-port")
    int port;

    @Test
    void noAnswerThatIsA200BreaksItsSchema() throws Exception {
        JsonArray rows = rows();
        assertEquals(40, rows.size());
        for (int i = 0; i < rows.size(); i++) {
            JsonObject row = rows.getJsonObject(i);
            String valid = Json.encode(row.getValue("valid"));
            String broken = Json.encode(row.getValue("broken"));
            check(row, "checked", "checked", valid);
            check(row, "checked", "repaired", "It is:\n```json\n" + valid + "\n```");
            check(row, "checked", "again", broken, valid);
            check(row, "checked", "", broken, "Sorry. " + broken);
            check(row, "tool-call", "", "Let me think about it.");
            check(row, "native", "again", broken, valid);
        }
    }

    private void check(JsonObject row, String model, String step, String... answers) throws Exception {
        upstream.clear();
        IgnoringServer.says(upstream, answers);
        boolean stream = !model.equals("native") && row.getString("name").length() % 2 == 0;
        JsonObject format = new JsonObject()
                .put("type", "json_schema")
                .put("json_schema", new JsonObject().put("name", "x").put("schema", row.getJsonObject("schema")));
        Reply reply = new GatewayClient(port)
                .chat(new JsonObject()
                        .put("model", model)
                        .put("stream", stream)
                        .put("response_format", format)
                        .put(
                                "messages",
                                new JsonArray()
                                        .add(new JsonObject().put("role", "user").put("content", row.getString("ask"))))
                        .encode());
        String about = row.getString("name") + " " + step + " " + reply.body();
        assertEquals(step, reply.header("x-gateway-schema"), about);
        if (step.isEmpty()) {
            assertEquals(502, reply.status(), about);
            assertTrue(reply.body().contains("schema_violation") && reply.body().contains("the rule "), about);
            return;
        }
        assertEquals(200, reply.status(), about);
        AnswerSchema schema = AnswerSchema.compile(row.getJsonObject("schema").encode());
        assertEquals(Optional.empty(), schema.check(text(reply.body(), stream)), about);
    }

    private static String text(String body, boolean stream) {
        String json = stream
                ? body.lines()
                        .filter(line -> line.startsWith("data: {"))
                        .findFirst()
                        .orElseThrow()
                        .substring("data: ".length())
                : body;
        return new JsonObject(json)
                .getJsonArray("choices")
                .getJsonObject(0)
                .getJsonObject(stream ? "delta" : "message")
                .getString("content");
    }

    private static JsonArray rows() throws IOException {
        return new JsonArray(Files.readString(Path.of("bench", "schemas", "forty.json")));
    }
}
