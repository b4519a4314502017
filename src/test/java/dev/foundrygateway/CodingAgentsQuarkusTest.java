package dev.foundrygateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.foundrygateway.edge.protocol.MessageEventReader;
import dev.foundrygateway.edge.protocol.ResponseEventReader;
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
import java.util.function.Function;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Two turns of coding agents in the shape of their requests: 40 KB of instructions, a dozen tools, two calls at once, which come as proper calls or as the model's raw text, and their results.
 */
@QuarkusTest
@QuarkusTestResource(value = ResponseServers.class, restrictToAnnotatedClass = true)
class CodingAgentsQuarkusTest {
    private static final PracticeUpstream UPSTREAM = ResponseServers.UPSTREAM;
    private static final String SYSTEM = "You are a coding agent. Use the tools; \"quote\" paths.\n".repeat(800);
    private static final String READ = "{\"path\":\"src/a b.txt\",\"limit\":5}";
    private static final String RUN = "{\"command\":[\"ls\",\"-l\"],\"workdir\":\"/tmp\"}";

    @ConfigProperty(name = "quarkus.http.test-port")
    int port;

    @BeforeEach
    void begin() {
        UPSTREAM.clear();
    }

    /** Two calls at once, as servers with and without a parser for their model's calls stream them. */
    private static List<String> streams() {
        return List.of(
                chunk(new JsonObject().put("content", "I look."))
                        + chunk(calls(
                                call(0, "call_1", "read_file", READ.substring(0, 9)), call(1, "call_2", "shell", "")))
                        + chunk(calls(call(0, "", "", READ.substring(9)), call(1, "", "", RUN)))
                        + end("tool_calls"),
                chunk(new JsonObject().put("content", "I look.<tool_"))
                        + chunk(new JsonObject()
                                .put("content", "call>{\"name\":\"read_file\",\"arguments\":" + READ + "}</tool_call>"))
                        + chunk(new JsonObject()
                                .put(
                                        "content",
                                        "\n<tool_call>{\"name\":\"shell\",\"arguments\":" + RUN + "}</tool_call>"))
                        + end("stop"));
    }

    @Test
    void anAgentThatSpeaksMessages() {
        for (String stream : streams()) {
            answer(stream);
            JsonObject request = new JsonObject()
                    .put("model", "chatty-model")
                    .put("max_tokens", 32_000)
                    .put("stream", true)
                    .put(
                            "system",
                            new JsonArray()
                                    .add(new JsonObject()
                                            .put("type", "text")
                                            .put("text", SYSTEM)
                                            .put("cache_control", new JsonObject().put("type", "ephemeral"))))
                    .put("thinking", new JsonObject().put("type", "adaptive"))
                    .put("output_config", new JsonObject().put("effort", "medium"))
                    .put(
                            "context_management",
                            new JsonObject()
                                    .put(
                                            "edits",
                                            new JsonArray()
                                                    .add(new JsonObject()
                                                            .put("type", "clear_thinking_20251015")
                                                            .put("keep", "all"))))
                    .put("metadata", new JsonObject().put("user_id", "user_abc_session_1"))
                    .put("diagnostics", new JsonObject().put("previous_message_id", "msg_0"))
                    .put(
                            "tools",
                            tools(name -> new JsonObject()
                                    .put("name", name)
                                    .put("description", "Does it.")
                                    .put("eager_input_streaming", true)
                                    .put("input_schema", schema())))
                    .put(
                            "messages",
                            new JsonArray()
                                    .add(new JsonObject()
                                            .put("role", "user")
                                            .put(
                                                    "content",
                                                    new JsonArray()
                                                            .add(new JsonObject()
                                                                    .put("type", "text")
                                                                    .put("text", "Mend it.")))));
            JsonObject message = MessageEventReader.message(ask("/v1/messages?beta=true", request));
            JsonArray content = message.getJsonArray("content");
            assertEquals("I look.", content.getJsonObject(0).getString("text"));
            assertEquals(new JsonObject(READ), content.getJsonObject(1).getJsonObject("input"));
            assertEquals("shell", content.getJsonObject(2).getString("name"));
            assertEquals(new JsonObject(RUN), content.getJsonObject(2).getJsonObject("input"));
            assertEquals("tool_use", message.getString("stop_reason"));
            assertSent();

            JsonArray results = new JsonArray();
            for (int i = 1; i <= 2; i++) {
                results.add(new JsonObject()
                        .put("type", "tool_result")
                        .put("tool_use_id", content.getJsonObject(i).getString("id"))
                        .put(
                                "content",
                                new JsonArray()
                                        .add(new JsonObject()
                                                .put("type", "text")
                                                .put("text", "result " + i)))
                        .put("cache_control", new JsonObject().put("type", "ephemeral")));
            }
            request.getJsonArray("messages")
                    .add(new JsonObject().put("role", "assistant").put("content", content))
                    .add(new JsonObject()
                            .put("role", "user")
                            .put(
                                    "content",
                                    results.add(new JsonObject()
                                            .put("type", "text")
                                            .put("text", "<system-reminder>Go on.</system-reminder>"))));
            answer(chunk(new JsonObject().put("content", "Done.")) + end("stop"));
            assertEquals(
                    "Done.",
                    MessageEventReader.message(ask("/v1/messages?beta=true", request))
                            .getJsonArray("content")
                            .getJsonObject(0)
                            .getString("text"));
            assertResults(
                    content.getJsonObject(1).getString("id"),
                    content.getJsonObject(2).getString("id"));
        }
    }

    @Test
    void anAgentThatSpeaksResponses() {
        for (String stream : streams()) {
            answer(stream);
            JsonArray input = new JsonArray()
                    .add(message("developer", "<permissions>Ask first.</permissions>"))
                    .add(message("user", "<environment_context>\n  <cwd>/tmp</cwd>\n</environment_context>"))
                    .add(message("user", "Mend it."));
            JsonObject request = new JsonObject()
                    .put("model", "chatty-model")
                    .put("instructions", SYSTEM)
                    .put("input", input)
                    .put(
                            "tools",
                            tools(name -> new JsonObject()
                                    .put("type", "function")
                                    .put("name", name)
                                    .put("description", "Does it.")
                                    .put("strict", false)
                                    .put("parameters", schema())))
                    .put("tool_choice", "auto")
                    .put("parallel_tool_calls", true)
                    .put("client_metadata", new JsonObject().put("x-codex-installation-id", "i"))
                    .put("reasoning", new JsonObject().put("effort", "medium").put("summary", "auto"))
                    .put("store", false)
                    .put("stream", true)
                    .put("include", new JsonArray().add("reasoning.encrypted_content"))
                    .put("prompt_cache_key", "0199-abc")
                    .put("text", new JsonObject().put("verbosity", "medium"));
            JsonObject response = ResponseEventReader.response(ask("/v1/responses", request));
            JsonArray output = response.getJsonArray("output");
            assertEquals(
                    "I look.",
                    output.getJsonObject(0)
                            .getJsonArray("content")
                            .getJsonObject(0)
                            .getString("text"));
            assertEquals(
                    new JsonObject(READ), new JsonObject(output.getJsonObject(1).getString("arguments")));
            assertEquals("shell", output.getJsonObject(2).getString("name"));
            assertEquals(
                    new JsonObject(RUN), new JsonObject(output.getJsonObject(2).getString("arguments")));
            assertSent();

            for (Object item : output) {
                input.add(((JsonObject) item).copy());
            }
            for (int i = 1; i <= 2; i++) {
                input.add(new JsonObject()
                        .put("type", "function_call_output")
                        .put("call_id", output.getJsonObject(i).getString("call_id"))
                        .put("output", "result " + i));
            }
            answer(chunk(new JsonObject().put("content", "Done.")) + end("stop"));
            assertEquals(
                    "Done.",
                    ResponseEventReader.response(ask("/v1/responses", request))
                            .getJsonArray("output")
                            .getJsonObject(0)
                            .getJsonArray("content")
                            .getJsonObject(0)
                            .getString("text"));
            assertResults(
                    output.getJsonObject(1).getString("call_id"),
                    output.getJsonObject(2).getString("call_id"));
        }
    }

    private static void assertSent() {
        JsonObject sent = sent();
        assertEquals(SYSTEM, sent.getJsonArray("messages").getJsonObject(0).getString("content"));
        assertEquals(12, sent.getJsonArray("tools").size());
        assertEquals(
                schema(),
                sent.getJsonArray("tools")
                        .getJsonObject(1)
                        .getJsonObject("function")
                        .getJsonObject("parameters"));
    }

    /** The second turn has both calls in one message and a result of each behind it. */
    private static void assertResults(String first, String second) {
        List<JsonObject> messages = sent().getJsonArray("messages").stream()
                .map(JsonObject.class::cast)
                .toList();
        int at = 0;
        while (!messages.get(at).containsKey("tool_calls")) {
            at++;
        }
        JsonArray calls = messages.get(at).getJsonArray("tool_calls");
        assertEquals(2, calls.size());
        assertEquals(first, calls.getJsonObject(0).getString("id"));
        assertEquals(
                new JsonObject(RUN),
                new JsonObject(calls.getJsonObject(1).getJsonObject("function").getString("arguments")));
        assertEquals("I look.", messages.get(at).getString("content"));
        for (int i = 1; i <= 2; i++) {
            assertEquals(
                    new JsonObject()
                            .put("role", "tool")
                            .put("tool_call_id", i == 1 ? first : second)
                            .put("content", "result " + i),
                    messages.get(at + i));
        }
    }

    private static JsonObject sent() {
        List<ReceivedRequest> asked = UPSTREAM.received().stream()
                .filter(request -> request.path().endsWith("/chat/completions"))
                .toList();
        return asked.get(asked.size() - 1).json();
    }

    private void answer(String stream) {
        UPSTREAM.script(request -> request.path().endsWith("/chat/completions")
                ? Optional.of(Script.start().stream().pieces(stream, 50))
                : Optional.empty());
    }

    private String ask(String path, JsonObject request) {
        Reply reply = new GatewayClient(port)
                .send(
                        "POST",
                        path,
                        request.encode(),
                        "Authorization",
                        "Bearer " + ResponseServers.ANN,
                        "anthropic-version",
                        "2023-06-01",
                        "anthropic-beta",
                        "claude-code-20250219,interleaved-thinking-2025-05-14");
        assertEquals(200, reply.status(), reply::body);
        assertTrue(reply.body().contains("event: "), reply::body);
        return reply.body();
    }

    private static JsonObject message(String role, String text) {
        return new JsonObject()
                .put("type", "message")
                .put("role", role)
                .put(
                        "content",
                        new JsonArray()
                                .add(new JsonObject().put("type", "input_text").put("text", text)));
    }

    private static JsonArray tools(Function<String, JsonObject> tool) {
        JsonArray tools = new JsonArray().add(tool.apply("read_file")).add(tool.apply("shell"));
        for (int i = 3; i <= 12; i++) {
            tools.add(tool.apply("tool_" + i));
        }
        return tools;
    }

    private static JsonObject schema() {
        return new JsonObject(
                "{\"type\":\"object\",\"properties\":{\"path\":{\"type\":\"string\"},\"command\":{\"type\":\"array\",\"items\":{\"type\":\"string\"}},\"limit\":{\"type\":\"number\"}},\"additionalProperties\":false,\"$schema\":\"http://json-schema.org/draft-07/schema#\"}");
    }

    private static JsonObject calls(JsonObject... calls) {
        return new JsonObject().put("tool_calls", new JsonArray(List.of(calls)));
    }

    private static JsonObject call(int index, String id, String name, String arguments) {
        JsonObject call = new JsonObject().put("index", index);
        JsonObject function = new JsonObject();
        if (!id.isEmpty()) {
            call.put("id", id).put("type", "function");
            function.put("name", name);
        }
        return call.put("function", function.put("arguments", arguments));
    }

    private static String chunk(JsonObject delta) {
        return "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":"
                + delta.encode() + ",\"finish_reason\":null}]}\n\n";
    }

    private static String end(String reason) {
        return "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\""
                + reason + "\"}]}\n\ndata: [DONE]\n\n";
    }
}
