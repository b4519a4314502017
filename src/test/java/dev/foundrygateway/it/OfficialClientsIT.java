package dev.foundrygateway.it;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.emptyString;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.oneOf;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.restassured.path.json.JsonPath;
import java.net.URI;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The official clients of OpenAI and Anthropic for Python and Node, unmodified, through the gateway to each real model server: only their base URL is ours. */
class OfficialClientsIT {
    /** Each client against each server: the variable with its address, and the model that it serves. */
    static Stream<Arguments> clientsAndServers() {
        return ClientScript.OFFICIAL_CLIENTS.stream()
                .flatMap(client -> Stream.of(
                        arguments(client, "FOUNDRY_2X_URL", "tiny-instruct-generic-cpu:1"),
                        arguments(client, "FOUNDRY_1X_URL", "tiny-instruct-generic-cpu:1"),
                        arguments(client, "SLM_URL", "phi-4-mini"),
                        arguments(client, "LLM_URL", "gpt-oss-20b")));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("clientsAndServers")
    void worksUnmodified(ClientScript client, String variable, String model) {
        URI upstream = URI.create(Need.env(variable));
        if (variable.startsWith("FOUNDRY")) {
            assertThat(
                    new HttpCaller(upstream).get("/models/load/tiny-instruct").statusCode(), is(200));
        }
        try (GatewayProcess gateway = GatewayProcess.start(
                Map.of("FOUNDRY_LOCAL_ENDPOINT", upstream.resolve("/v1").toString()))) {
            JsonPath facts = client.run(gateway.v1().toString(), model);

            assertThat(facts.<String>getList("models"), not(hasItem(emptyString())));
            assertThat(facts.getString("retrieved"), is(facts.getString("models[0]")));

            assertThat(facts.getString("plain.text"), not(emptyString()));
            assertThat(facts.getString("plain.finish"), oneOf("stop", "length"));
            assertThat(facts.getInt("plain.total_tokens"), greaterThan(1));

            assertThat(facts.getString("stream.text"), not(emptyString()));
            assertThat(facts.getString("stream.finish"), oneOf("stop", "length"));
            assertThat(facts.getInt("stream.chunks"), greaterThanOrEqualTo(3));

            assertThat(facts.getString("stream_usage.text"), not(emptyString()));
            assertThat(facts.getInt("stream_usage.total_tokens"), greaterThan(1));

            if (variable.startsWith("FOUNDRY")) { // the other servers answer whatever name is asked for
                assertThat(facts.getString("stream.text"), is(facts.getString("plain.text")));
                assertThat(facts.getString("unknown.class"), oneOf("NotFoundError", "BadRequestError"));
                assertThat(facts.getString("unknown.message"), not(emptyString()));
                assertThat(facts.getInt("unknown_stream.status"), greaterThanOrEqualTo(400));
            }

            assertThat("text came before the client left", facts.getInt("aborted.chunks"), greaterThanOrEqualTo(1));
            assertThat("the gateway goes on after a hang-up", facts.getString("after_abort.text"), not(emptyString()));
        }
    }

    static Stream<Arguments> protocolClientsAndServers() {
        return ClientScript.PROTOCOL_CLIENTS.stream()
                .flatMap(client -> Stream.of(
                        // A model of random weights can't call a tool.
                        arguments(client, "FOUNDRY_2X_URL", "tiny-instruct-generic-cpu:1", "none"),
                        arguments(client, "SLM_URL", "phi-4-mini", "required"),
                        arguments(client, "LLM_URL", "gpt-oss-20b", "required")));
    }

    /** Responses are switched off at the gateway, so that it translates them. */
    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("protocolClientsAndServers")
    void responsesAndMessagesAreTranslated(ClientScript client, String variable, String model, String choice) {
        URI upstream = URI.create(Need.env(variable));
        if (variable.startsWith("FOUNDRY")) {
            assertThat(
                    new HttpCaller(upstream).get("/models/load/tiny-instruct").statusCode(), is(200));
        }
        try (GatewayProcess gateway = GatewayProcess.start(Map.of(
                "FOUNDRY_LOCAL_ENDPOINT",
                upstream.resolve("/v1").toString(),
                "GATEWAY_UPSTREAMS_FOUNDRY_RESPONSES",
                "chat"))) {
            JsonPath facts = client.run(gateway.v1().toString(), model, choice);

            assertThat(facts.getString("plain.text"), not(emptyString()));
            assertThat(facts.getString("plain.id"), startsWith("resp_gw_"));
            assertThat(facts.getString("plain.status"), oneOf("completed", "incomplete"));
            assertThat(facts.getInt("plain.tokens"), greaterThan(1));

            assertThat(facts.getString("stream.text"), is(facts.getString("plain.text")));
            assertThat(facts.getString("stream.last"), is("response." + facts.getString("plain.status")));
            assertThat(facts.getInt("stream.events"), greaterThanOrEqualTo(8));

            assertThat("what was stored is read again", facts.getBoolean("tools.same"), is(true));
            assertThat(facts.getInt("tools.gone"), is(404));
            assertThat(facts.<String>getList("tools.items").get(0), is("message"));
            if (!facts.getString("tools.name").isEmpty()) { // not each small model calls a tool when it must
                assertThat(facts.getString("tools.name"), is("add"));
                assertThat(facts.<String>getList("tools.items"), hasItem("function_call_output"));
            }

            assertThat(facts.getBoolean("conversation.conversation"), is(true));
            assertThat(
                    facts.<String>getList("conversation.roles"),
                    contains("developer", "user", "assistant", "user", "assistant"));
            assertThat(facts.getString("conversation.read"), is("Bye."));
            assertThat(facts.getString("conversation.topic"), is("none"));
            assertThat(facts.getString("conversation.changed"), is("conversation"));
            assertThat(facts.getBoolean("conversation.deleted"), is(true));

            if (client == ClientScript.PYTHON_PROTOCOLS) {
                assertThat(facts.getString("compacted.object"), is("response.compaction"));
                assertThat(facts.<String>getList("compacted.types"), contains("message", "compaction"));
                assertThat(facts.getString("compacted.text"), not(emptyString()));
                boolean calls = choice.equals("required");
                assertThat(facts.getString("functions.name"), is(calls ? "add" : ""));
                assertThat(facts.getString("functions.finish"), calls ? is("function_call") : oneOf("stop", "length"));
                assertThat(facts.getString("functions.streamedFinish"), is(facts.getString("functions.finish")));
                assertThat(
                        facts.<String>getList("functions.streamed"), is(facts.<String>getList("functions.arguments")));
                assertThat(facts.<String>getList("functions.result"), everyItem(not(emptyString())));
            }

            assertThat(facts.getInt("refused.status"), is(400));
            assertThat(facts.getString("refused.param"), is("tools[0].type"));

            assertThat(facts.getString("message.text"), not(emptyString()));
            assertThat(facts.getString("message.streamed"), is(facts.getString("message.text")));
            assertThat(facts.getString("message.stop"), oneOf("end_turn", "max_tokens"));
            assertThat(facts.getInt("message.counted"), greaterThan(1));
            assertThat(facts.<String>getList("message.models"), hasItem(model));
        }
    }

    static Stream<Arguments> frameworks() {
        return Stream.of(
                arguments("FOUNDRY_2X_URL", "tiny-instruct-generic-cpu:1", "none"),
                arguments("SLM_URL", "phi-4-mini", "required"));
    }

    /** What is built on those clients speaks Responses unless told otherwise. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("frameworks")
    void frameworksThatSpeakResponsesWork(String variable, String model, String choice) {
        URI upstream = URI.create(Need.env(variable));
        if (variable.startsWith("FOUNDRY")) {
            assertThat(
                    new HttpCaller(upstream).get("/models/load/tiny-instruct").statusCode(), is(200));
        }
        try (GatewayProcess gateway = GatewayProcess.start(Map.of(
                "FOUNDRY_LOCAL_ENDPOINT",
                upstream.resolve("/v1").toString(),
                "GATEWAY_UPSTREAMS_FOUNDRY_RESPONSES",
                "chat"))) {
            JsonPath node = ClientScript.NODE_FRAMEWORKS.run(gateway.v1().toString(), model, choice);
            assertThat(node.getString("aisdk.text"), not(emptyString()));
            assertThat(node.getString("aisdk.id"), startsWith("resp_gw_"));
            assertThat(node.getInt("aisdk.tokens"), greaterThan(1));
            assertThat(node.getString("aisdk.streamed"), is(node.getString("aisdk.text")));
            assertThat(node.getString("aisdk.streamedFinish"), is(node.getString("aisdk.finish")));
            assertThat(node.<String>getList("aisdk.tools"), everyItem(is("add")));

            JsonPath python = ClientScript.PYTHON_FRAMEWORKS.run(gateway.v1().toString(), model, choice);
            assertThat(python.getString("langchain.text"), not(emptyString()));
            assertThat(python.getString("langchain.id"), startsWith("resp_gw_"));
            assertThat(python.getInt("langchain.tokens"), greaterThan(1));
            assertThat(python.getString("langchain.streamed"), is(python.getString("langchain.text")));
            assertThat(python.<String>getList("langchain.tools"), everyItem(is("add")));
            if (variable.startsWith("FOUNDRY")) {
                // A model of random weights finds no end, and the SDK takes an answer that is cut for an error.
                assertThat(python.getString("agents.cut"), containsString("max_output_tokens"));
                return;
            }
            assertThat(python.getString("agents.text"), not(emptyString()));
            assertThat(python.getString("agents.streamed"), is(python.getString("agents.text")));
            assertThat(python.getInt("agents.events"), greaterThanOrEqualTo(8));
            assertThat(python.getString("agents.answer"), not(emptyString()));
            assertThat(python.<String>getList("agents.kept"), contains("user", "assistant", "user", "assistant"));
        }
    }
}
