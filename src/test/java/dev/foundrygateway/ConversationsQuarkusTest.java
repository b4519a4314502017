package dev.foundrygateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.foundrygateway.practice.PracticeUpstream;
import dev.foundrygateway.practice.ReceivedRequest;
import dev.foundrygateway.practice.Script;
import dev.foundrygateway.testing.GatewayClient;
import dev.foundrygateway.testing.GatewayClient.Reply;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Conversations over sockets: begun, read, added to by hand and by responses, ended; and those that are too long for a model. */
@QuarkusTest
@QuarkusTestResource(value = ResponseServers.class, restrictToAnnotatedClass = true)
class ConversationsQuarkusTest {
    private static final String ANN = ResponseServers.ANN;
    private static final String BOB = ResponseServers.BOB;
    private static final PracticeUpstream UPSTREAM = ResponseServers.UPSTREAM;
    private static final String ANSWER =
            "{\"id\":\"c\",\"object\":\"chat.completion\",\"created\":5,\"model\":\"m\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"Yes.\"},\"finish_reason\":\"stop\"}]}";
    private static final String STREAM =
            "data: {\"id\":\"c\",\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Yes.\"},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n";
    private static final String TOO_LONG =
            "{\"error\":{\"message\":\"This model's maximum context length is 9 tokens.\",\"type\":\"invalid_request_error\",\"code\":\"context_length_exceeded\"}}";

    @ConfigProperty(name = "quarkus.http.test-port")
    int port;

    @BeforeEach
    void begin() {
        UPSTREAM.clear();
        UPSTREAM.script(request -> request.path().endsWith("/chat/completions")
                ? Optional.of(
                        request.text().contains("\"stream\":true")
                                ? Script.start().stream().pieces(STREAM, 5_000)
                                : Script.start().json(200, ANSWER))
                : Optional.empty());
    }

    @Test
    void responsesGoOnFromAConversationAndAddToIt() {
        String id =
                begun("{\"items\":[{\"role\":\"developer\",\"content\":\"Be brief.\"}],\"metadata\":{\"a\":\"b\"}}");
        for (String members : List.of("\"" + id + "\"", "{\"id\":\"" + id + "\"},\"stream\":true")) {
            String body = send(
                    "POST",
                    "/v1/responses",
                    "{\"model\":\"chatty-model\",\"input\":\"Well?\",\"conversation\":" + members + "}",
                    ANN,
                    200);
            assertTrue(body.contains("\"conversation\":{\"id\":\"" + id + "\"}"), body);
        }
        assertEquals(
                List.of(
                        "[{\"role\":\"system\",\"content\":\"Be brief.\"},{\"role\":\"user\",\"content\":\"Well?\"}]",
                        "[{\"role\":\"system\",\"content\":\"Be brief.\"},{\"role\":\"user\",\"content\":\"Well?\"},{\"role\":\"assistant\",\"content\":\"Yes.\"},{\"role\":\"user\",\"content\":\"Well?\"}]"),
                asked());
        assertEquals(
                List.of("Be brief.", "Well?", "Yes.", "Well?", "Yes."),
                texts(json("GET", "/v1/conversations/" + id + "/items?order=asc", "")));
        String both = "{\"model\":\"chatty-model\",\"input\":\"Hi\",\"previous_response_id\":\"resp_gw_"
                + "0".repeat(36) + "\",\"conversation\":\"" + id + "\"}";
        send("POST", "/v1/responses", both, ANN, 400);
    }

    @Test
    void aConversationIsReadChangedAndDeletedByItsOwner() {
        String id = begun("{}");
        String path = "/v1/conversations/" + id;
        JsonObject added = json(
                "POST",
                path + "/items",
                "{\"items\":[{\"role\":\"user\",\"content\":\"1\"},{\"role\":\"assistant\",\"content\":\"2\"},{\"type\":\"function_call\",\"call_id\":\"c\",\"name\":\"f\",\"arguments\":\"{}\"}]}");
        assertEquals(3, added.getJsonArray("data").size());
        JsonObject first = added.getJsonArray("data").getJsonObject(0);
        assertEquals("completed", first.getString("status"));
        assertEquals(first, json("GET", path + "/items/" + first.getString("id"), ""));
        JsonObject page = json("GET", path + "/items?limit=2", "");
        assertEquals(
                added.getJsonArray("data").getJsonObject(2),
                page.getJsonArray("data").getJsonObject(0));
        assertTrue(page.getBoolean("has_more"));
        assertEquals(List.of("1"), texts(json("GET", path + "/items?after=" + page.getString("last_id"), "")));
        JsonObject changed = json("POST", path, "{\"metadata\":{\"k\":\"v\"}}");
        assertEquals("v", changed.getJsonObject("metadata").getString("k"));
        assertEquals(changed, json("GET", path, ""));
        assertEquals(changed, json("DELETE", path + "/items/" + first.getString("id"), ""));
        send("GET", path + "/items/" + first.getString("id"), "", ANN, 404);
        send("GET", path, "", BOB, 404);
        send("GET", path + "/items", "", BOB, 404);
        send("DELETE", path, "", BOB, 404);
        send("POST", path + "/items", "{\"items\":[]}", BOB, 404);
        send("POST", path, "{\"metadata\":{}}", BOB, 404);
        assertEquals(
                new JsonObject()
                        .put("id", id)
                        .put("object", "conversation.deleted")
                        .put("deleted", true),
                json("DELETE", path, ""));
        send("GET", path, "", ANN, 404);
        send(
                "POST",
                "/v1/responses",
                "{\"model\":\"chatty-model\",\"input\":\"Hi\",\"conversation\":\"" + id + "\"}",
                ANN,
                400);
    }

    @Test
    void whatCannotBeKeptIsRefusedByName() {
        String many = "{\"role\":\"user\",\"content\":\"1\"},".repeat(20) + "{\"role\":\"user\",\"content\":\"1\"}";
        for (String wrong : List.of(
                "{\"items\":[" + many + "]} items",
                "{\"items\":[{\"type\":\"computer_call_output\"}]} items[0].type",
                "{\"metadata\":{\"a\":1}} metadata.a",
                "{\"other\":1} other")) {
            int cut = wrong.lastIndexOf(' ');
            String body = send("POST", "/v1/conversations", wrong.substring(0, cut), ANN, 400);
            assertEquals(
                    wrong.substring(cut + 1),
                    new JsonObject(body).getJsonObject("error").getString("param"));
        }
        String long5 = "{\"items\":[{\"role\":\"user\",\"content\":\"" + "x".repeat(5 << 20) + "\"}]}";
        String id = begun(long5);
        String full = send("POST", "/v1/conversations/" + id + "/items", long5, ANN, 400);
        assertTrue(full.contains("larger than 8388608 bytes"), full);
        send("GET", "/v1/conversations/conv_1", "", ANN, 404);
        send("GET", "/v1/conversations/..%2fx", "", ANN, 404);
    }

    @Test
    void truncationLeavesTheOlderHalfOutUntilTheModelCanTakeIt() {
        UPSTREAM.script(request -> request.path().endsWith("/chat/completions")
                ? Optional.of(
                        request.json().getJsonArray("messages").size() > 4
                                ? Script.start().json(400, TOO_LONG)
                                : Script.start().json(200, ANSWER))
                : Optional.empty());
        StringBuilder items = new StringBuilder("{\"role\":\"system\",\"content\":\"S\"}");
        for (int i = 1; i <= 5; i++) {
            items.append(i == 2 ? ",{\"role\":\"developer\",\"content\":\"D\"}" : "");
            items.append(",{\"role\":\"user\",\"content\":\"q" + i + "\"},{\"role\":\"assistant\",\"content\":\"a" + i
                    + "\"}");
        }
        String input =
                "{\"model\":\"chatty-model\",\"input\":[" + items + ",{\"role\":\"user\",\"content\":\"last\"}]%s}";
        String body = send("POST", "/v1/responses", input.formatted(",\"truncation\":\"auto\""), ANN, 200);
        assertEquals("auto", new JsonObject(body).getString("truncation"));
        List<String> asked = asked();
        assertEquals(
                "[{\"role\":\"system\",\"content\":\"S\"},{\"role\":\"system\",\"content\":\"D\"},{\"role\":\"assistant\",\"content\":\"a5\"},{\"role\":\"user\",\"content\":\"last\"}]",
                asked.get(asked.size() - 1));
        assertTrue(asked.size() > 2 && asked.size() < 6, asked::toString);
        send("POST", "/v1/responses", input.formatted(""), ANN, 400);
    }

    @Test
    void aFileOfTheGatewaysIsReadHereWhateverTheServerSpeaks() {
        String form = """
                --b\r
                content-disposition: form-data; name="purpose"\r
                \r
                user_data\r
                --b\r
                content-disposition: form-data; name="file"; filename="moon.txt"\r
                \r
                It is far away.\r
                --b--\r
                """;
        Reply added = new GatewayClient(port)
                .send(
                        "POST",
                        "/v1/files",
                        form,
                        "Authorization",
                        "Bearer " + ANN,
                        "Content-Type",
                        "multipart/form-data; boundary=b");
        assertEquals(200, added.status(), added::body);
        String input = """
                {"model":"phi-4-mini","input":[{"role":"user","content":[{"type":"input_file","file_id":"%s"}]}]}""";
        String named = input.formatted(new JsonObject(added.body()).getString("id"));
        send("POST", "/v1/responses", named, ANN, 200);
        assertEquals(List.of("[{\"role\":\"user\",\"content\":\"moon.txt\\nIt is far away.\"}]"), asked());
        send("POST", "/v1/responses", named, BOB, 400);
        send("POST", "/v1/responses", input.formatted("file-of-the-server"), ANN, 400);
        assertEquals(1, asked().size());
    }

    private static List<String> asked() {
        return UPSTREAM.received().stream()
                .filter(request -> request.path().endsWith("/chat/completions"))
                .map(ReceivedRequest::json)
                .map(request -> request.getJsonArray("messages").encode())
                .toList();
    }

    private static List<String> texts(JsonObject page) {
        JsonArray items = page.getJsonArray("data");
        return items.stream()
                .map(item -> ((JsonObject) item)
                        .getJsonArray("content")
                        .getJsonObject(0)
                        .getString("text"))
                .toList();
    }

    private String begun(String body) {
        JsonObject conversation = json("POST", "/v1/conversations", body);
        assertEquals("conversation", conversation.getString("object"));
        assertTrue(conversation.getLong("created_at") > 1_700_000_000L);
        return conversation.getString("id");
    }

    private JsonObject json(String method, String path, String body) {
        return new JsonObject(send(method, path, body, ANN, 200));
    }

    private String send(String method, String path, String body, String key, int status) {
        Reply reply = new GatewayClient(port).send(method, path, body, "Authorization", "Bearer " + key);
        assertEquals(status, reply.status(), method + " " + path + ": " + reply.body());
        return reply.body();
    }
}
