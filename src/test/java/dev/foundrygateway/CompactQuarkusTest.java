package dev.foundrygateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
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
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A conversation is made shorter and goes on, also where the model's server has Responses of its own. */
@QuarkusTest
@QuarkusTestResource(value = ResponseServers.class, restrictToAnnotatedClass = true)
class CompactQuarkusTest {
    private static final PracticeUpstream UPSTREAM = ResponseServers.UPSTREAM;

    private static final String LONG =
            "[{\"role\":\"developer\",\"content\":\"Be brief.\"},{\"role\":\"user\",\"content\":\"Find the bug.\"},"
                    + "{\"role\":\"assistant\",\"content\":\"I look.\"},{\"type\":\"function_call\",\"call_id\":\"c1\",\"name\":\"read\",\"arguments\":\"{}\"},"
                    + "{\"type\":\"function_call_output\",\"call_id\":\"c1\",\"output\":\"x = 1\"}]";

    @ConfigProperty(name = "quarkus.http.test-port")
    int port;

    @BeforeEach
    void begin() {
        UPSTREAM.clear();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/responses/compact", "/responses/compact"})
    void aLongConversationIsASummaryAndTheUsersMessages(String path) {
        says("  The bug is in line 7, gr\u00fcn.  ");
        Reply reply = send(
                path,
                "\"input\":" + LONG
                        + ",\"instructions\":\"Help.\",\"tools\":[{\"type\":\"web_search\"}],\"parallel_tool_calls\":true,\"text\":{\"format\":{\"type\":\"json_object\"}},\"reasoning\":{\"effort\":\"low\"}");
        assertEquals(200, reply.status(), reply::body);
        JsonObject compacted = new JsonObject(reply.body());
        assertEquals("response.compaction", compacted.getString("object"));
        assertTrue(compacted.getString("id").startsWith("resp_"), reply::body);
        assertTrue(compacted.getLong("created_at") > 1_700_000_000, reply::body);
        assertEquals(18, compacted.getJsonObject("usage").getInteger("total_tokens"));
        JsonArray output = compacted.getJsonArray("output");
        assertEquals(3, output.size(), reply::body);
        assertEquals("developer", output.getJsonObject(0).getString("role"));
        assertEquals("user", output.getJsonObject(1).getString("role"));
        assertEquals("compaction", output.getJsonObject(2).getString("type"));
        assertTrue(output.getJsonObject(2).getString("id").startsWith("cmp_"), reply::body);

        JsonObject asked = chats().get(0);
        assertFalse(asked.containsKey("tools") || asked.containsKey("response_format"), asked::encode);
        assertEquals("low", asked.getString("reasoning_effort"));
        JsonArray messages = asked.getJsonArray("messages");
        assertEquals("Help.", messages.getJsonObject(0).getString("content"));
        assertTrue(
                messages.getJsonObject(messages.size() - 1).getString("content").startsWith("Write a summary"),
                messages::encode);

        says("It is.");
        output.add(new JsonObject().put("role", "user").put("content", "Is it mended?"));
        Reply next = send("/v1/responses", "\"input\":" + output.encode());
        assertEquals(200, next.status(), next::body);
        assertEquals(
                List.of(
                        "system Be brief.",
                        "user Find the bug.",
                        "assistant Summary of the conversation so far:\nThe bug is in line 7, gr\u00fcn.",
                        "user Is it mended?"),
                chats().get(1).getJsonArray("messages").stream()
                        .map(JsonObject.class::cast)
                        .map(message -> message.getString("role") + " " + message.getString("content"))
                        .toList());
    }

    @Test
    void itGoesOnFromAStoredResponseAndFromAnEarlierSummary() {
        says("Six.");
        String kept = new JsonObject(
                        send("/v1/responses", "\"input\":\"Two times three?\",\"gateway\":{\"report\":true}")
                                .body())
                .getString("id");
        says("The first summary.");
        JsonArray first = output("\"previous_response_id\":\"" + kept + "\",\"input\":\"And plus one?\"");
        assertTrue(chats().get(1).encode().contains("Six."), chats()::toString);
        says("Nothing new.");
        assertEquals(2, output("\"previous_response_id\":\"" + kept + "\"").size());
        assertEquals(3, chats().get(2).getJsonArray("messages").size(), chats()::toString);
        says("The second summary.");
        first.add(new JsonObject().put("role", "user").put("content", "More."));
        JsonArray second = output("\"input\":" + first.encode());
        assertTrue(chats().get(3).encode().contains("The first summary."), chats()::toString);
        assertEquals(
                1,
                second.stream()
                        .map(JsonObject.class::cast)
                        .filter(item -> item.getString("type").equals("compaction"))
                        .count());
    }

    @Test
    void whatCannotBeSummedUpIsAnErrorOfResponses() {
        assertError(send("/v1/responses/compact", "\"instructions\":\"x\""), 400, "input");
        assertError(send("/v1/responses/compact", "\"input\":[{\"type\":\"odd\"}]"), 400, "input[0].type");
        assertError(
                send("/v1/responses/compact", "\"input\":\"Hi\",\"previous_response_id\":\"resp_1\""),
                400,
                "previous_response_id");
        says("  ");
        assertError(send("/v1/responses/compact", "\"input\":\"Hi\""), 502, "");
        ResponseServers.chats(
                Script.start()
                        .json(
                                400,
                                "{\"error\":{\"message\":\"max_tokens is too large\",\"type\":\"invalid_request_error\",\"param\":\"max_tokens\",\"code\":null}}"));
        assertError(send("/v1/responses/compact", "\"input\":\"Hi\""), 400, "max_output_tokens");
    }

    private JsonArray output(String members) {
        Reply reply = send("/v1/responses/compact", members);
        assertEquals(200, reply.status(), reply::body);
        return new JsonObject(reply.body()).getJsonArray("output");
    }

    private static void assertError(Reply reply, int status, String param) {
        assertEquals(status, reply.status(), reply::body);
        assertEquals(
                param.isEmpty() ? null : param,
                new JsonObject(reply.body()).getJsonObject("error").getString("param"),
                reply::body);
    }

    private static void says(String text) {
        ResponseServers.chats(Script.start()
                .json(
                        200,
                        new JsonObject(
                                        "{\"id\":\"c\",\"object\":\"chat.completion\",\"created\":5,\"model\":\"m\",\"usage\":{\"prompt_tokens\":11,\"completion_tokens\":7,\"total_tokens\":18}}")
                                .put(
                                        "choices",
                                        new JsonArray()
                                                .add(new JsonObject()
                                                        .put("index", 0)
                                                        .put("finish_reason", "stop")
                                                        .put(
                                                                "message",
                                                                new JsonObject()
                                                                        .put("role", "assistant")
                                                                        .put("content", text))))
                                .encode()));
    }

    private static List<JsonObject> chats() {
        return ResponseServers.asked().stream()
                .filter(request -> request.path().endsWith("/chat/completions"))
                .map(ReceivedRequest::json)
                .toList();
    }

    private Reply send(String path, String members) {
        return new GatewayClient(port)
                .send(
                        "POST",
                        path,
                        "{\"model\":\"phi-4-mini\"," + members + "}",
                        "Content-Type",
                        "application/json",
                        "Authorization",
                        "Bearer " + ResponseServers.ANN);
    }
}
