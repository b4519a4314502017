package dev.foundrygateway.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.foundrygateway.practice.PracticeUpstream;
import dev.foundrygateway.practice.ReceivedRequest;
import dev.foundrygateway.practice.ReceivedRequest.How;
import dev.foundrygateway.practice.Script;
import dev.foundrygateway.testing.GatewayClient;
import dev.foundrygateway.testing.GatewayClient.Reply;
import dev.foundrygateway.testing.ScriptedUpstream;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A schema's way up the ladder over sockets, before a server that ignores schemas. */
@QuarkusTest
@QuarkusTestResource(ScriptedUpstream.class)
@TestProfile(SchemasProfile.class)
class SchemaQuarkusTest {
    private static final String FORMAT =
            "\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"person\",\"strict\":true,\"schema\":{\"type\":\"object\",\"properties\":{\"age\":{\"type\":\"integer\"}},\"required\":[\"age\"],\"additionalProperties\":false}}}";

    private final PracticeUpstream upstream = ScriptedUpstream.running();

    @ConfigProperty(name = "quarkus.http.test-port")
    int port;

    @BeforeEach
    void begin() {
        upstream.clear();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatHoldsIsPassedOnAfterTheCheck(boolean stream) {
        IgnoringServer.says(upstream, "{\"age\":36}");
        Reply reply = ask("checked", stream, FORMAT);
        assertAnswer(reply, stream, "{\"age\":36}", "checked");
        assertEquals(1, chats().size());
        assertTrue(chats().get(0).json().containsKey("response_format"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aFenceAndProseAreTakenOff(boolean stream) {
        IgnoringServer.says(upstream, "Here it is:\n```json\n{\"age\":36,}\n```\nAnything else?");
        assertAnswer(ask("checked", stream, FORMAT), stream, "{\"age\":36}", "repaired");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theModelIsToldWhatWasWrongAndAnswersAgain(boolean stream) {
        IgnoringServer.says(upstream, "{\"age\":\"old\"}", "{\"age\":36}");
        assertAnswer(ask("checked", stream, FORMAT), stream, "{\"age\":36}", "again");
        JsonArray messages = chats().get(1).json().getJsonArray("messages");
        assertEquals(3, messages.size());
        assertEquals("{\"age\":\"old\"}", messages.getJsonObject(1).getString("content"));
        String told = messages.getJsonObject(2).getString("content");
        assertTrue(told.contains("at /age the rule type is broken") && told.contains("\"additionalProperties\""), told);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void noAnswerThatBreaksTheSchemaIsA200(boolean stream) {
        IgnoringServer.says(upstream, "{\"age\":\"old\"}");
        Reply reply = ask("checked", stream, FORMAT);
        assertEquals(502, reply.status(), reply::body);
        JsonObject error = new JsonObject(reply.body()).getJsonObject("error");
        assertEquals("schema_violation", error.getString("code"));
        assertEquals("response_format", error.getString("param"));
        assertTrue(error.getString("message").contains("at /age the rule type is broken"), reply::body);
        assertEquals(2, chats().size());
    }

    @Test
    void theClientSeesTheAnswersUsageAndTheAccountTheTokensOfAllTries() {
        IgnoringServer.says(upstream, "no", "{\"age\":36}");
        JsonObject answer = new JsonObject(
                ask("checked", false, FORMAT + ",\"gateway\":{\"report\":true}").body());
        assertEquals(5, answer.getJsonObject("usage").getInteger("completion_tokens"));
        JsonObject report = answer.getJsonObject("gateway");
        assertEquals("again", report.getString("schema"));
        JsonObject leg = report.getJsonArray("legs").getJsonObject(0);
        assertEquals(10, leg.getInteger("completion_tokens"), report::encode);
        assertEquals(20, leg.getInteger("prompt_tokens"), report::encode);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theFormIsAskedForByAToolWhereTheServerHonoursThat(boolean stream) {
        IgnoringServer.answers(
                upstream,
                request -> IgnoringServer.reply(request, IgnoringServer.call("person", "{\"age\":36}"), "tool_calls"));
        Reply reply = ask("tool-call", stream, FORMAT);
        assertAnswer(reply, stream, "{\"age\":36}", "tool_call");
        assertFalse(reply.body().contains("tool_calls"), reply::body);
        JsonObject sent = chats().get(0).json();
        assertFalse(sent.containsKey("response_format"));
        assertEquals(
                "{\"type\":\"function\",\"function\":{\"name\":\"person\"}}",
                sent.getJsonObject("tool_choice").encode());
        assertEquals(
                "[\"age\"]",
                sent.getJsonArray("tools")
                        .getJsonObject(0)
                        .getJsonObject("function")
                        .getJsonObject("parameters")
                        .getJsonArray("required")
                        .encode());
    }

    @Test
    void aServerThatRefusesTheToolIsToldInWords() {
        IgnoringServer.answers(
                upstream,
                request -> request.json().containsKey("tools")
                        ? Script.start()
                                .json(500, "{\"error\":{\"message\":\"structured tool calling requires markers\"}}")
                        : IgnoringServer.reply(
                                request,
                                new JsonObject().put("role", "assistant").put("content", "{\"age\":36}"),
                                "stop"));
        assertAnswer(ask("rescued-tools", false, FORMAT), false, "{\"age\":36}", "checked");
        JsonObject sent = chats().get(1).json();
        assertTrue(sent.containsKey("response_format"));
        assertEquals("system", sent.getJsonArray("messages").getJsonObject(0).getString("role"));
        assertAnswer(ask("rescued-tools", true, FORMAT), true, "{\"age\":36}", "checked");
        assertEquals(3, chats().size(), "it is not asked by a tool again");
    }

    @Test
    void anEnforcedStreamPassesAsItComes() {
        IgnoringServer.says(upstream, " { \"age\": 36 } ");
        Reply reply = ask("native", true, FORMAT);
        assertEquals("native", reply.header("x-gateway-schema"));
        String direct = direct(true, "{" + FORMAT + "}");
        assertEquals(direct.replace("\"x\"", "\"phi-4-mini\""), reply.body());
    }

    @Test
    void aStreamThatWasTrustedAndBreaksTheSchemaDoesNotEndWell() {
        IgnoringServer.says(upstream, "{\"age\":\"old\"}");
        Reply reply = ask("native", true, FORMAT);
        assertEquals(200, reply.status());
        assertTrue(reply.body().contains("\"code\":\"schema_violation\""), reply::body);
        assertFalse(
                reply.body().contains("[DONE]") || reply.body().contains("\"finish_reason\":\"stop\""), reply::body);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"required\"",
                "{\"type\":\"function\",\"function\":{\"name\":\"f\"}}",
                "{\"type\":\"function\",\"name\":\"f\"}",
                "{\"type\":\"function\",\"function\":{}}",
                "{\"type\":\"none\"}",
                "[]",
                "{\"type\":\"allowed_tools\",\"allowed_tools\":{\"mode\":\"auto\",\"tools\":[]}}"
            })
    void aCallThatMustBeMadeNeedsATool(String choice) {
        for (boolean stream : new boolean[] {false, true}) {
            Reply reply = ask("hybrid", stream, "\"tool_choice\":" + choice);
            assertEquals(400, reply.status(), reply::body);
            assertTrue(reply.body().contains("\"param\":\"tool_choice"), reply::body);
        }
        assertEquals(0, upstream.calls().size());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void ofTheAllowedToolsOneIsCalledWhereThatIsRequired(boolean stream) {
        String tool = "{\"type\":\"function\",\"function\":{\"name\":\"%s\"}}";
        String asked = "\"tools\":[" + tool.formatted("add") + "," + tool.formatted("now")
                + "],\"tool_choice\":{\"type\":\"allowed_tools\",\"allowed_tools\":{\"mode\":\"required\",\"tools\":["
                + tool.formatted("now") + "]}}";
        IgnoringServer.says(upstream, "It is late.");
        assertEquals(502, ask("checked", stream, asked).status());
        JsonObject sent = chats().get(0).json();
        assertEquals("required", sent.getString("tool_choice"));
        assertEquals(
                "[" + tool.formatted("now") + "]", sent.getJsonArray("tools").encode());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void relayLeavesAnswersAlone(boolean stream) {
        IgnoringServer.says(upstream, "I am 36.");
        Reply reply = ask("relay", stream, FORMAT);
        assertEquals(200, reply.status());
        assertEquals("I am 36.", content(reply, stream));
        assertEquals("", reply.header("x-gateway-schema"));
    }

    @Test
    void theFallbackAnswersWhereTheModelCannot() {
        IgnoringServer.answers(
                upstream,
                request -> IgnoringServer.reply(
                        request,
                        new JsonObject()
                                .put("role", "assistant")
                                .put(
                                        "content",
                                        request.json().getString("model").equals("strong") ? "{\"age\":36}" : "no"),
                        "stop"));
        Reply reply = ask("rescued", true, FORMAT);
        assertAnswer(reply, true, "{\"age\":36}", "fallback");
        assertEquals("strong", reply.header("x-gateway-model"));
        assertEquals("fallback", reply.header("x-gateway-route"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aDraftThatCannotHoldIsEscalated(boolean stream) {
        IgnoringServer.answers(
                upstream,
                request -> IgnoringServer.reply(
                        request,
                        new JsonObject()
                                .put("role", "assistant")
                                .put(
                                        "content",
                                        request.json().getString("model").equals("strong") ? "{\"age\":36}" : "no"),
                        "stop"));
        Reply reply = ask("hybrid", stream, FORMAT);
        assertAnswer(reply, stream, "{\"age\":36}", "checked");
        assertEquals("escalated", reply.header("x-gateway-route"));
        assertEquals("broken_json", reply.header("x-gateway-reason"));
    }

    @Test
    void ahybridWithoutAnyAnswerThatHoldsIsAnError() {
        IgnoringServer.says(upstream, "no");
        Reply reply = ask("hybrid", true, FORMAT);
        assertEquals(502, reply.status(), reply::body);
        assertTrue(reply.body().contains("schema_violation"), reply::body);
    }

    @ParameterizedTest
    @ValueSource(strings = {"checked", "hybrid", "native"})
    void aBrokenSchemaIsTheCallersFault(String model) {
        IgnoringServer.says(upstream, "{}");
        Reply reply = ask(model, false, FORMAT.replace("integer", "integre"));
        assertEquals(400, reply.status(), reply::body);
        JsonObject error = new JsonObject(reply.body()).getJsonObject("error");
        assertEquals("invalid_schema", error.getString("code"));
        assertEquals("response_format.json_schema.schema", error.getString("param"));
        assertTrue(error.getString("message").contains("at /properties/age/type"), reply::body);
        assertEquals(List.of(), chats());
    }

    @Test
    void messagesKeepASchemaToo() {
        IgnoringServer.says(upstream, "Well: {\"age\":36}");
        JsonObject schema = new JsonObject(
                "{\"type\":\"object\",\"properties\":{\"age\":{\"type\":\"integer\"}},\"required\":[\"age\"]}");
        Reply reply = new GatewayClient(port)
                .send(
                        "POST",
                        "/v1/messages",
                        new JsonObject()
                                .put("model", "checked")
                                .put("max_tokens", 50)
                                .put(
                                        "messages",
                                        new JsonArray()
                                                .add(new JsonObject()
                                                        .put("role", "user")
                                                        .put("content", "Hi")))
                                .put(
                                        "output_config",
                                        new JsonObject()
                                                .put(
                                                        "format",
                                                        new JsonObject()
                                                                .put("type", "json_schema")
                                                                .put("schema", schema)))
                                .encode(),
                        "Content-Type",
                        "application/json");
        assertEquals(200, reply.status(), reply::body);
        assertEquals(
                "{\"age\":36}",
                new JsonObject(reply.body())
                        .getJsonArray("content")
                        .getJsonObject(0)
                        .getString("text"));
    }

    @Test
    void commentsKeepTheClientWhileItsAnswerIsHeldAndItsLeavingEndsTheTry() throws Exception {
        CompletableFuture<Void> never = new CompletableFuture<>();
        IgnoringServer.answers(
                upstream,
                request -> chats().size() == 1
                        ? IgnoringServer.reply(
                                request,
                                new JsonObject().put("role", "assistant").put("content", "no"),
                                "stop")
                        : Script.start().stream().await(never));
        try (GatewayClient.Live live = new GatewayClient(port)
                .open(
                        "POST",
                        "/v1/chat/completions",
                        body("checked", true, FORMAT),
                        "Content-Type",
                        "application/json")) {
            String head = live.readUntil(": ");
            assertTrue(head.contains("200"), head);
        }
        How how = chats().get(1).ended().get(10, TimeUnit.SECONDS).how();
        assertEquals(How.RESET, how);
        never.complete(null);
    }

    /** The server is asked for its models and its state, too. */
    private List<ReceivedRequest> chats() {
        return upstream.received().stream()
                .filter(request -> request.path().endsWith("/chat/completions"))
                .toList();
    }

    private String direct(boolean stream, String members) {
        return new GatewayClient(upstream.port())
                .chat(new JsonObject(members)
                        .put("model", "phi-4-mini")
                        .put("stream", stream)
                        .put("messages", new JsonArray())
                        .encode())
                .body();
    }

    private Reply ask(String model, boolean stream, String members) {
        return new GatewayClient(port).chat(body(model, stream, members));
    }

    private static String body(String model, boolean stream, String members) {
        return "{\"model\":\"" + model + "\",\"stream\":" + stream
                + ",\"messages\":[{\"role\":\"user\",\"content\":\"How old are you?\"}]," + members + "}";
    }

    private static void assertAnswer(Reply reply, boolean stream, String content, String step) {
        assertEquals(200, reply.status(), reply::body);
        assertEquals(content, content(reply, stream), reply::body);
        assertEquals(step, reply.header("x-gateway-schema"));
        if (stream) {
            assertTrue(reply.body().endsWith("data: [DONE]\n\n") && reply.whole(), reply::body);
            assertTrue(reply.body().contains("\"finish_reason\":\"stop\""), reply::body);
            assertFalse(reply.body().contains("\"usage\":{"), reply::body);
        }
    }

    private static String content(Reply reply, boolean stream) {
        if (!stream) {
            return message(new JsonObject(reply.body()), "message");
        }
        StringBuilder content = new StringBuilder();
        reply.body()
                .lines()
                .filter(line -> line.startsWith("data: {"))
                .map(line -> new JsonObject(line.substring("data: ".length())))
                .forEach(chunk -> content.append(message(chunk, "delta")));
        return content.toString();
    }

    private static String message(JsonObject root, String name) {
        JsonArray choices = root.getJsonArray("choices");
        return choices.isEmpty()
                ? ""
                : Optional.ofNullable(
                                choices.getJsonObject(0).getJsonObject(name).getString("content"))
                        .orElse("");
    }
}
