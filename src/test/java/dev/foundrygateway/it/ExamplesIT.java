package dev.foundrygateway.it;

import static org.awaitility.Awaitility.await;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;

import io.restassured.path.json.JsonPath;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/** The examples, each as a user runs it, against the gateway before a model server at a set pace. */
@TestInstance(Lifecycle.PER_CLASS)
class ExamplesIT {
    private static final Path EXAMPLES = Path.of("examples");

    private final PlaygroundUpstream upstream = new PlaygroundUpstream();
    private final GatewayProcess gateway =
            GatewayProcess.start(Map.of("FOUNDRY_LOCAL_ENDPOINT", upstream.uri().toString()));

    @AfterAll
    void stop() {
        gateway.close();
        upstream.close();
    }

    @Test
    void curlShowsModelsAnswersAndAComparison() {
        String output = run(List.of("bash", EXAMPLES.resolve("curl/ask.sh").toString()));

        assertThat(output, containsString("phi-4-mini heard: Why is the sky blue?"));
        assertThat(output, containsString("X-Gateway-Route: draft"));
        assertThat(output, containsString("data: [DONE]"));
        assertThat(output, containsString("gateway.comparison"));
    }

    @Test
    void pythonComparesTwoModels() {
        JsonPath models = JsonPath.from(run(List.of(
                Need.path("OPENAI_PYTHON").toString(),
                EXAMPLES.resolve("python/compare.py").toString())));

        assertThat(models.getList("alias"), is(List.of("phi-4-mini", "gpt-oss-20b")));
        assertThat(models.getDouble("[1].latency_sec"), greaterThan(models.getDouble("[1].first_token_sec")));
        assertThat(models.getInt("[0].tokens"), greaterThan(30));
        assertThat(models.getString("[0].sample"), startsWith("This is the practice upstream"));
    }

    @Test
    void javascriptStreamsEveryModel() throws IOException {
        Path script = Need.path("OPENAI_NODE_DIR").resolve("ask.mjs");
        Files.copy(EXAMPLES.resolve("javascript/ask.mjs"), script, StandardCopyOption.REPLACE_EXISTING);
        String output = run(List.of("node", script.toString(), "Why is the sky blue?"));

        assertThat(output, containsString("gpt-oss-20b heard: Why is the sky blue?"));
        assertThat(output, containsString("route draft, first token after"));
    }

    @Test
    void javaStreamsWithLangChain4j() {
        String output = run(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                Need.path("LANGCHAIN4J_DIR") + "/*",
                EXAMPLES.resolve("java/Ask.java").toString(),
                "phi-4-mini",
                "Why is the sky blue?"));

        assertThat(output, containsString("phi-4-mini heard: Why is the sky blue?"));
        assertThat(output, containsString("STOP"));
    }

    @Test
    void thePageFromDiskStreamsAndDraws() {
        Need.path("CHROMIUM");
        String page = EXAMPLES.resolve("webgpu-demo/index.html").toUri() + "?gateway=" + gateway.base();
        JsonPath facts = ClientScript.EXAMPLES.run("page", page);

        assertThat(facts.getString("text"), containsString("gpt-oss-20b heard"));
        assertThat("different texts seen", facts.getInt("updates"), greaterThanOrEqualTo(5));
        assertThat(facts.getString("status"), containsString("(direct): first token after"));
        assertThat("bars of two answers", facts.getInt("bars"), is(4));
        assertThat(facts.getString("webgpu"), not(containsString("…")));
        assertThat(facts.getList("console"), is(empty()));
    }

    @Test
    void chainlitStreamsAndSwitchesTheModel() throws IOException {
        Path chainlit = Need.path("CHAINLIT");
        Need.path("CHROMIUM");
        int port = freePort();
        Path folder = Files.createDirectories(Path.of("target", "chainlit"));
        ProcessBuilder builder = new ProcessBuilder(
                        chainlit.toString(),
                        "run",
                        EXAMPLES.resolve("chainlit/app.py").toAbsolutePath().toString(),
                        "--headless",
                        "--port",
                        Integer.toString(port))
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log.txt").toFile());
        builder.environment().put("GATEWAY_URL", gateway.v1().toString());
        Process process = builder.start();
        try {
            URI address = URI.create("http://127.0.0.1:" + port);
            HttpCaller caller = new HttpCaller(address);
            await("Chainlit answers").atMost(Duration.ofSeconds(90)).until(() -> caller.isUp("/"));
            JsonPath facts = ClientScript.EXAMPLES.run("chainlit", address.toString());

            assertThat(facts.getString("first"), containsString("[1] Retrieval"));
            assertThat("different texts seen", facts.getInt("updates"), greaterThanOrEqualTo(5));
            assertThat(facts.getString("second"), containsString("gpt-oss-20b "));
        } finally {
            process.descendants().forEach(ProcessHandle::destroy);
            process.destroy();
        }
    }

    private String run(List<String> command) {
        return ProgramRun.output(command, Map.of("GATEWAY_URL", gateway.v1().toString()));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
