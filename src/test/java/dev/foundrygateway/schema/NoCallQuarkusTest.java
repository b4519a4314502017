package dev.foundrygateway.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.foundrygateway.practice.PracticeUpstream;
import dev.foundrygateway.practice.ReceivedRequest;
import dev.foundrygateway.testing.GatewayClient;
import dev.foundrygateway.testing.GatewayClient.Reply;
import dev.foundrygateway.testing.ScriptedUpstream;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code tool_choice} {@code none}, in each protocol, before servers that see tools and call them whatever the choice says. */
@QuarkusTest
@QuarkusTestResource(ScriptedUpstream.class)
@TestProfile(SchemasProfile.class)
class NoCallQuarkusTest {
    private static final String TOOL = "{\"type\":\"function\",\"function\":{\"name\":\"add\"}}";
    private static final String NONE =
            "\"tools\":[" + TOOL + "],\"tool_choice\":\"none\",\"parallel_tool_calls\":false";

    private final PracticeUpstream upstream = ScriptedUpstream.running();

    @ConfigProperty(name = "quarkus.http.test-port")
    int port;

    @BeforeEach
    void begin() {
        upstream.clear();
        IgnoringServer.answers(
                upstream,
                request -> IgnoringServer.reply(
                        request,
                        request.json().containsKey("tools")
                                ? IgnoringServer.call("add", "{}")
                                : new JsonObject().put("role", "assistant").put("content", "Three."),
                        "stop"));
    }

    @ParameterizedTest
    @CsvSource({
        "checked, false",
        "checked, true",
        "tool-call, false",
        "tool-call, true",
        "hybrid, false",
        "hybrid, true"
    })
    void aServerThatDoesNotReadTheChoiceDoesNotSeeTheTools(String model, boolean stream) {
        Reply reply = ask("/v1/chat/completions", model, stream, NONE);
        assertEquals(200, reply.status(), reply::body);
        assertTrue(reply.body().contains("Three.") && !reply.body().contains("tool_calls"), reply::body);
        for (ReceivedRequest chat : chats()) {
            assertFalse(chat.json().containsKey("tool_choice"));
            assertFalse(chat.json().containsKey("parallel_tool_calls"));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aFormIsKeptBesideToolsThatMayNotBeCalled(boolean stream) {
        IgnoringServer.answers(
                upstream,
                request -> IgnoringServer.reply(request, IgnoringServer.call("answer", "{\"age\":36}"), "tool_calls"));
        Reply reply = ask(
                "/v1/chat/completions",
                "tool-call",
                stream,
                NONE
                        + ",\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"schema\":{\"type\":\"object\"}}}");
        assertEquals(200, reply.status(), reply::body);
        assertEquals("tool_call", reply.header("x-gateway-schema"));
        assertTrue(reply.body().contains("{\\\"age\\\":36}") && !reply.body().contains("tool_calls"), reply::body);
    }

    @ParameterizedTest
    @ValueSource(strings = {"checked", "native", "tool-call", "hybrid"})
    void noCallReachesTheClient(String model) {
        IgnoringServer.answers(
                upstream, request -> IgnoringServer.reply(request, IgnoringServer.call("add", "{}"), "tool_calls"));
        Reply plain = ask("/v1/chat/completions", model, false, NONE);
        assertEquals(502, plain.status(), plain::body);
        JsonObject error = new JsonObject(plain.body()).getJsonObject("error");
        assertEquals("schema_violation", error.getString("code"));
        assertEquals("tool_choice", error.getString("param"));
        Reply stream = ask("/v1/chat/completions", model, true, NONE);
        assertTrue(stream.body().contains("schema_violation"), stream::body);
        assertFalse(stream.body().contains("\"add\"") || stream.body().contains("[DONE]"), stream::body);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void relayAndALoneChoiceAreLeftAlone(boolean stream) {
        Reply reply = ask("/v1/chat/completions", "relay", stream, NONE);
        assertTrue(reply.body().contains("\"add\""), reply::body);
        assertEquals("none", chats().get(0).json().getString("tool_choice"));
        ask("/v1/chat/completions", "checked", stream, "\"tool_choice\":\"none\"");
        assertEquals("none", chats().get(1).json().getString("tool_choice"));
    }

    @ParameterizedTest
    @CsvSource({"checked, false", "checked, true", "hybrid, false", "hybrid, true"})
    void olderFunctionsAreToolsForTheServer(String model, boolean stream) {
        String functions = "\"functions\":[{\"name\":\"add\"}]";
        Reply none = ask("/v1/chat/completions", model, stream, functions + ",\"function_call\":\"none\"");
        assertTrue(none.body().contains("Three.") && !none.body().contains("function_call"), none::body);
        IgnoringServer.says(upstream, "<tool_call>{\"name\":\"add\",\"arguments\":{\"a\":1}}</tool_call>");
        Reply called = ask("/v1/chat/completions", model, stream, functions + ",\"function_call\":{\"name\":\"add\"}");
        assertEquals(200, called.status(), called::body);
        assertTrue(called.body().contains("\"function_call\":{\"name\":\"add\",\"arguments\":\"{"), called::body);
        assertTrue(called.body().contains("\"finish_reason\":\"function_call\""), called::body);
        assertFalse(called.body().contains("tool_call"), called::body);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theOtherProtocolsSayItToo(boolean stream) {
        Reply message = ask(
                "/v1/messages",
                "checked",
                stream,
                "\"max_tokens\":9,\"tools\":[{\"name\":\"add\",\"input_schema\":{\"type\":\"object\"}}],\"tool_choice\":{\"type\":\"none\"}");
        assertTrue(message.body().contains("Three.") && !message.body().contains("tool_use"), message::body);
        Reply response = new GatewayClient(port)
                .send(
                        "POST",
                        "/v1/responses",
                        "{\"model\":\"checked\",\"stream\":" + stream
                                + ",\"input\":\"Add.\",\"tools\":[{\"type\":\"function\",\"name\":\"add\",\"parameters\":{}}],\"tool_choice\":\"none\"}",
                        "Content-Type",
                        "application/json");
        assertTrue(response.body().contains("Three.") && !response.body().contains("function_call"), response::body);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anAnswerWithoutACallIsCounted(boolean stream) {
        double before = counted();
        ask("/v1/chat/completions", "checked", stream, NONE);
        assertEquals(before + 1, counted());
    }

    private double counted() {
        return new GatewayClient(port)
                .send("GET", "/metrics", "")
                .body()
                .lines()
                .filter(line -> line.startsWith("gateway_schema_answers_total{") && line.contains("step=\"checked\""))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    private List<ReceivedRequest> chats() {
        return upstream.received().stream()
                .filter(request -> request.path().endsWith("/chat/completions"))
                .toList();
    }

    private Reply ask(String path, String model, boolean stream, String members) {
        String body = "{\"model\":\"" + model + "\",\"stream\":" + stream
                + ",\"messages\":[{\"role\":\"user\",\"content\":\"Add one and two.\"}]," + members + "}";
        return new GatewayClient(port).send("POST", path, body, "Content-Type", "application/json");
    }
}
