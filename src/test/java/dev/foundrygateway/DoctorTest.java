package dev.foundrygateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import dev.foundrygateway.start.DoctorCommand;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Faults seeded one at a time, each found and named with its remedy. */
class DoctorTest {
    private static final String UPSTREAM =
            "{\"name\":\"foundry\",\"url\":\"http://127.0.0.1:5273/v1\",\"up\":true,\"models\":2,\"circuit\":\"closed\"}";
    private static final String MODELS = "{\"data\":[{\"id\":\"phi-4-mini\"},{\"id\":\"gpt-oss-20b\"}]}";

    private final Map<String, String> bodies = new HashMap<>();
    private final Map<String, Integer> statuses = new HashMap<>();
    private final Map<String, String> set = new HashMap<>();
    private HttpServer server;
    private String allowed = "";

    @TempDir
    Path folder;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            String path = exchange.getRequestURI().getPath();
            if (exchange.getRequestMethod().equals("OPTIONS") && !allowed.isEmpty()) {
                exchange.getResponseHeaders().set("Access-Control-Allow-Origin", allowed);
            }
            byte[] body = bodies.getOrDefault(path, "").getBytes(StandardCharsets.UTF_8);
            int status = statuses.getOrDefault(path, bodies.containsKey(path) ? 200 : 404);
            exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        health(UPSTREAM);
        bodies.put("/v1/models", MODELS);
        set("gateway.retrieval.directory", folder.toString());
    }

    @AfterEach
    void stop() {
        server.stop(0);
        set.forEach((name, before) -> System.clearProperty(name));
    }

    @Test
    void healthyOneHasNoFaults() {
        allowed = "https://a.example";
        JsonObject report = doctor(0, "--origin", "https://a.example", "--host", "box:5274");
        assertTrue(report.getBoolean("healthy"));
        assertFinding(report, "ok", "gateway", "version 1 runs at", "");
    }

    @Test
    void wrongSetting() {
        set("gateway.access.orgins", "x");
        assertFinding(doctor(1), "fail", "settings", "did you mean gateway.access.origins?", "does not start with it");
    }

    @Test
    void dataFolderThatIsAFile() throws IOException {
        set(
                "gateway.retrieval.directory",
                Files.writeString(folder.resolve("file"), "x").toString());
        assertFinding(doctor(1), "fail", "data folder", "is a file", "gateway.retrieval.directory");
    }

    @Test
    void noGatewayAndNoModelServer() throws IOException {
        int nobody = free();
        set("gateway.upstreams.foundry.url", "http://127.0.0.1:" + free());
        JsonObject report = run(1, "--url", "http://127.0.0.1:" + nobody);
        assertFinding(report, "fail", "gateway", "nothing answers at http://127.0.0.1:" + nobody, "GATEWAY_URL");
        assertFinding(report, "fail", "model server", "nothing answers at", "FOUNDRY_LOCAL_ENDPOINT");
    }

    @Test
    void anotherProgramInPlaceOfTheGateway() {
        bodies.put("/health", "<html>hello</html>");
        assertFinding(doctor(1), "fail", "gateway", "another program answers", "GATEWAY_PORT");
    }

    @Test
    void noGatewayButAModelServerOfEachGeneration() throws IOException {
        String nobody = "http://127.0.0.1:" + free();
        set("gateway.upstreams.foundry.url", url() + "/v1");
        assertFinding(run(1, "--url", nobody), "ok", "model server", "a model server answers", "");
        bodies.put("/openai/status", "{}");
        assertFinding(run(1, "--url", nobody), "ok", "model server", "Foundry Local 0.x", "");
        bodies.put("/status", "{\"modelDirPath\":\"x\"}");
        assertFinding(run(1, "--url", nobody), "ok", "model server", "Foundry Local 1.x", "");
        bodies.put("/status", "{\"modelCachePath\":\"x\"}");
        assertFinding(run(1, "--url", nobody), "ok", "model server", "Foundry Local 2.x", "");
        statuses.put("/v1/models", 401);
        assertFinding(run(1, "--url", nobody), "fail", "model server", "asks for a key", "api-key");
        statuses.put("/v1/models", 500);
        assertFinding(
                run(1, "--url", nobody),
                "fail",
                "model server",
                "lists no models (status 500)",
                "FOUNDRY_LOCAL_ENDPOINT");
    }

    @Test
    void noGatewayAndSeveralModelServers() throws IOException {
        String nobody = "http://127.0.0.1:" + free();
        set("gateway.upstreams.small.url", url() + "/v1");
        set("gateway.upstreams.large.url", "http://127.0.0.1:" + free() + "/v1");
        JsonObject report = run(1, "--url", nobody);
        assertFinding(report, "ok", "model server", "a model server answers at " + url(), "");
        assertFinding(report, "fail", "model server", "nothing answers at", "gateway.upstreams.large.url");
        assertTrue(!report.encode().contains("FOUNDRY_LOCAL_ENDPOINT"), report::encodePrettily);

        // Named as a model's server, it has to be there.
        set("gateway.models.phi.upstream", "foundry");
        set("gateway.upstreams.foundry.urls", "http://127.0.0.1:" + free());
        assertFinding(run(1, "--url", nobody), "fail", "model server", "nothing answers at", "FOUNDRY_LOCAL_ENDPOINT");
    }

    @Test
    void modelServerThatIsDown() {
        health(UPSTREAM.replace("true", "false"));
        assertFinding(
                doctor(1),
                "fail",
                "model server",
                "foundry does not answer at http://127.0.0.1:5273/v1",
                "FOUNDRY_LOCAL_ENDPOINT");
        health(UPSTREAM.replace("true", "false").replace("\"foundry\"", "\"cloud\""));
        assertFinding(doctor(1), "fail", "model server", "cloud does not answer", "gateway.upstreams.cloud.url");
    }

    @Test
    void modelServerWhoseBreakerIsOpenOrThatListsNothing() {
        health(UPSTREAM.replace("closed", "open"));
        assertFinding(doctor(1), "fail", "model server", "breaker is open", "its own log");
        health(UPSTREAM.replace("\"models\":2", "\"models\":0"));
        assertFinding(doctor(0), "warn", "model server", "lists no models", "gateway.upstreams.foundry.models");
    }

    @Test
    void whichFoundryLocalItIsAndWhatItHasLoaded() {
        health(UPSTREAM.replace("\"up\"", "\"dialect\":\"foundry-1x\",\"loaded\":[],\"up\""));
        assertFinding(doctor(0), "ok", "model server", "foundry (Foundry Local 1.x) answers", "");
        assertFinding(doctor(0), "ok", "model server", "lists 2 models, of which none is loaded", "");
        health(UPSTREAM.replace("\"up\"", "\"dialect\":\"openai\",\"loaded\":[\"a\",\"b\"],\"up\""));
        assertFinding(doctor(0), "ok", "model server", "foundry answers at", "");
        assertFinding(doctor(0), "ok", "model server", "lists 2 models, loaded: a, b", "");
    }

    @Test
    void modelServerThatAsksForAKey() {
        statuses.put("/v1/models", 401);
        health(UPSTREAM.replace("\"models\":2", "\"models\":0")
                .replace("http://127.0.0.1:5273/v1", url() + "/v1")
                .replace("\"foundry\"", "\"vllm\""));
        assertFinding(doctor(1), "fail", "model server", "vllm asks for a key", "gateway.upstreams.vllm.api-key");
    }

    @Test
    void nameThatTheGatewayRefuses() {
        statuses.put("/health", 403);
        bodies.put("/health", "{\"error\":{\"code\":\"host_denied\",\"message\":\"x\"}}");
        assertFinding(doctor(1), "fail", "host", "refuses the name 127.0.0.1", "gateway.access.hosts");
    }

    @Test
    void keyThatMayNotAskModels() {
        statuses.put("/v1/models", 403);
        bodies.put("/v1/models", "{\"error\":{\"code\":\"key_denied\",\"message\":\"x\"}}");
        JsonObject report = doctor(0, "--key", "x");
        assertFinding(report, "warn", "key", "may not ask models", ".areas");
        assertTrue(!report.encode().contains("nobody serves"), report::encodePrettily);
    }

    @Test
    void addressesThatAreNone() throws IOException {
        for (String url : List.of("localhost:29471", "ftp://a", "/v1")) {
            assertFinding(run(1, "--url", url), "fail", "gateway", "is no address of a server", "http://");
        }
        set("gateway.upstreams.foundry.url", "http://127.0.0.1:abc/v1");
        assertFinding(
                run(1, "--url", "http://127.0.0.1:" + free()),
                "fail",
                "settings",
                "gateway.upstreams.foundry.url: must be an http or https URL",
                "does not start");
    }

    @Test
    void practiceUpstreamAndTroubles() {
        bodies.put(
                "/health",
                "{\"service\":\"foundry-gateway\",\"version\":\"1\",\"practice_upstream\":true,\"upstreams\":["
                        + UPSTREAM + "],\"troubles\":[\"a folder is gone\"]}");
        JsonObject report = doctor(0);
        assertFinding(report, "warn", "practice", "stands in for a model server", "FOUNDRY_LOCAL_ENDPOINT");
        assertFinding(report, "warn", "gateway", "a folder is gone", "docs/operations.md");
    }

    @Test
    void pageAndHostThatAreRefused() {
        assertFinding(
                doctor(1, "--origin", "https://b.example"),
                "fail",
                "cors",
                "https://b.example may not",
                "gateway.access.origins");
        statuses.put("/health", 403);
        assertFinding(
                doctor(1, "--host", "box:5274"), "fail", "host", "refuses the name box:5274", "gateway.access.hosts");
    }

    @Test
    void keyThatIsMissingOrUnknown() {
        statuses.put("/v1/models", 401);
        assertFinding(doctor(1), "fail", "key", "asks for an API key", "GATEWAY_API_KEY");
        assertFinding(doctor(1, "--key", "x"), "fail", "key", "does not know this API key", "sha256");
    }

    @Test
    void modelsOfTheHybridThatNobodyServesAndProcessorAlone() {
        bodies.put("/v1/models", "{\"data\":[{\"id\":\"phi-4-mini-generic-cpu:1\"}]}");
        JsonObject report = doctor(0);
        assertFinding(report, "warn", "hybrid", "nobody serves phi-4-mini, the draft", "SLM_ALIAS");
        assertFinding(report, "warn", "hybrid", "nobody serves gpt-oss-20b, the escalation", "LLM_ALIAS");
        assertFinding(report, "warn", "device", "run on the processor", "driver");
    }

    @Test
    void modelThatIsNotLoadedAndWhatTheOthersCanRead() {
        bodies.put("/models/loaded", "[\"gpt-oss-20b-generic-gpu:1\"]");
        bodies.put("/v1/models", MODELS.replace("\"gpt-oss-20b\"", "\"gpt-oss-20b\",\"context_length\":8192"));
        JsonObject report = doctor(0);
        assertFinding(report, "warn", "loaded", "phi-4-mini is not loaded", "/models/load/phi-4-mini");
        assertFinding(report, "ok", "context", "gpt-oss-20b can read 8192 tokens", "");
        assertFinding(report, "ok", "context", "the context length of phi-4-mini is unknown", "");
        assertTrue(!report.encode().contains("gpt-oss-20b is not loaded"), report::encodePrettily);

        bodies.put("/models/loaded", "[]");
        assertFinding(doctor(0), "warn", "loaded", "gpt-oss-20b is not loaded", "/models/load/gpt-oss-20b");

        set("gateway.models.phi-4-mini.id", "phi-4-mini-instruct");
        bodies.put("/models/loaded", "[\"phi-4-mini-instruct-generic-gpu:1\"]");
        bodies.put("/v1/models", MODELS.replace("\"gpt-oss-20b\"", "\"gpt-oss-20b\",\"context_length\":\"8192\""));
        JsonObject alias = doctor(0);
        assertTrue(!alias.encode().contains("phi-4-mini is not loaded"), alias::encodePrettily);
        assertFinding(alias, "ok", "context", "the context length of gpt-oss-20b is unknown", "");

        set("gateway.hybrid.hybrid.draft", "qwen2.5-0.5b");
        bodies.put("/v1/models", MODELS.replace("phi-4-mini", "qwen2.5-0.5b"));
        JsonObject dots = doctor(0);
        String key = "gateway.models.\"qwen2.5-0.5b\".";
        assertFinding(dots, "warn", "loaded", "qwen2.5-0.5b is not loaded", key + "warm-up=true");
        assertFinding(dots, "ok", "context", "set " + key + "context-length", "");
    }

    @Test
    void processorThatAnswersInPlaceOfTheGraphicsCard() {
        bodies.put(
                "/v1/models",
                "{\"data\":[{\"id\":\"phi-4-mini\"},{\"id\":\"Phi-4-mini-instruct-cuda-gpu:5\"},{\"id\":\"Phi-4-mini-instruct-generic-cpu:5\"},{\"id\":\"gpt-oss-20b-generic-cpu:1\"}]}");
        bodies.put("/models/loaded", "[\"Phi-4-mini-instruct-generic-cpu:5\",\"gpt-oss-20b-generic-cpu:1\"]");
        JsonObject report = doctor(0);
        assertFinding(
                report,
                "warn",
                "device",
                "phi-4-mini-instruct-generic-cpu answers on the processor, although Phi-4-mini-instruct-cuda-gpu:5 is listed",
                "/models/load/Phi-4-mini-instruct-cuda-gpu:5");
        assertFinding(report, "ok", "device", "gpt-oss-20b-generic-cpu answers on the cpu", "");
        bodies.put("/models/loaded", "[\"Phi-4-mini-instruct-cuda-gpu:5\"]");
        assertFinding(doctor(0), "ok", "device", "phi-4-mini-instruct-cuda-gpu answers on the gpu", "");
    }

    private void health(String upstream) {
        bodies.put(
                "/health",
                "{\"service\":\"foundry-gateway\",\"version\":\"1\",\"practice_upstream\":false,\"upstreams\":["
                        + upstream + "]}");
    }

    private void set(String name, String value) {
        set.put(name, value);
        System.setProperty(name, value);
    }

    private String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private static int free() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private JsonObject doctor(int code, String... more) {
        String[] arguments = new String[more.length + 2];
        arguments[0] = "--url";
        arguments[1] = url() + "/v1";
        System.arraycopy(more, 0, arguments, 2, more.length);
        return run(code, arguments);
    }

    private static JsonObject run(int code, String... arguments) {
        StringWriter out = new StringWriter();
        CommandLine command = new CommandLine(new DoctorCommand(Main.SETTINGS)).setOut(new PrintWriter(out));
        String[] all = new String[arguments.length + 1];
        all[0] = "--json";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        int is = command.execute(all);
        assertEquals(code, is, out::toString);
        return new JsonObject(out.toString());
    }

    private static void assertFinding(JsonObject report, String state, String check, String what, String remedy) {
        JsonArray findings = report.getJsonArray("findings");
        for (int i = 0; i < findings.size(); i++) {
            JsonObject finding = findings.getJsonObject(i);
            if (finding.getString("state").equals(state)
                    && finding.getString("check").equals(check)
                    && finding.getString("what").contains(what)
                    && finding.getString("remedy", "").contains(remedy)) {
                return;
            }
        }
        throw new AssertionError("no " + state + " of " + check + " with '" + what + "' and '" + remedy + "' in "
                + report.encodePrettily());
    }
}
