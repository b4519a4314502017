package dev.foundrygateway.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code usage} and {@code explain}: what they ask a gateway, and what they print of its answer. */
class AskingCommandsTest {
    private static final String USAGE = """
            {"object":"gateway.usage","from":"2026-02-01","to":"2026-02-28",
             "total":{"requests":3,"input_tokens":120,"cached_tokens":8,"output_tokens":30,"total_tokens":150,"cost":0.0042},
             "budgets":[{"key":"alice","period":"day","unit":"tokens","limit":1000.0,"used":150.0,"left":850.0,"from":"2026-02-28T00:00:00Z","until":"2026-03-01T00:00:00Z"}],
             "data":[{"day":"2026-02-28","key":"alice","model":"phi-4-mini","requests":2,"input_tokens":80,"cached_tokens":8,"output_tokens":20,"total_tokens":100,"cost":0.0042},
                     {"day":"2026-02-28","key":"","model":"","requests":1,"input_tokens":40,"cached_tokens":0,"output_tokens":10,"total_tokens":50,"cost":0.0}]}
            """;
    private static final String EXPLAINED = """
            {"asked":"auto","model":"coder","reason":"rule code","upstream":"foundry","upstream_model":"qwen-coder:1",
             "rules":[{"rule":"german","fits":false,"against":"language"},{"rule":"code","fits":true,"since":["words: function"]}]}
            """;

    private HttpServer server;
    private String asked = "";
    private String key = "";
    private String sent = "";
    private String answer = "";
    private int status = 200;

    @TempDir
    private Path folder = Path.of("");

    private record Ended(int code, String out, String err) {}

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            asked = exchange.getRequestMethod() + " " + exchange.getRequestURI();
            key = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
            sent = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            byte[] body = answer.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void usageIsATableWithItsTotalAndItsBudgets() {
        answer = USAGE;
        Ended ended = run(
                new UsageCommand(),
                "--from",
                "2026-02-01",
                "--to",
                "2026-02-28",
                "--key",
                "a b",
                "--api-key",
                "secret");
        assertEquals(0, ended.code(), ended.err());
        assertEquals("GET /v1/gateway/usage?from=2026-02-01&to=2026-02-28&key=a+b&format=json", asked);
        assertEquals("Bearer secret", key);
        String[] lines = ended.out().split("\\R", -1);
        assertEquals(
                "2026-02-28 alice phi-4-mini 2 80 20 0.004200",
                lines[1].replaceAll(" +", " ").strip());
        assertEquals(
                "2026-02-28 - - 1 40 10 0.000000",
                lines[2].replaceAll(" +", " ").strip());
        assertEquals(
                "total - - 3 120 30 0.004200", lines[3].replaceAll(" +", " ").strip());
        assertTrue(
                ended.out()
                        .contains("alice: 150 of 1000 tokens used this day; the next begins at 2026-03-01T00:00:00Z"),
                ended.out());
    }

    @Test
    void usageIsPrintedAsItCameWhereThatIsWanted() {
        answer = USAGE;
        assertEquals(
                new JsonObject(USAGE),
                new JsonObject(run(new UsageCommand(), "--json").out()));
        answer = "day,key\n2026-02-28,alice\n";
        assertEquals(
                "day,key\n2026-02-28,alice\n",
                run(new UsageCommand(), "--csv", "--model", "m").out());
        assertEquals("GET /v1/gateway/usage?model=m&format=csv", asked);
    }

    @Test
    void explainSaysWhichRuleChoseAndWhere() {
        answer = EXPLAINED;
        Ended ended = run(new ExplainCommand(), "--prompt", "Fix this \"function\"");
        assertEquals(0, ended.code(), ended.err());
        assertEquals("POST /v1/gateway/explain", asked);
        assertEquals(
                "[{\"role\":\"user\",\"content\":\"Fix this \\\"function\\\"\"}]",
                new JsonObject(sent).getJsonArray("messages").encode());
        assertEquals("""
                german does not fit: language
                code fits: ["words: function"]
                auto -> coder (rule code), at foundry as qwen-coder:1
                """, ended.out());
    }

    @Test
    void explainTakesAWholeRequestAndFailsWhereNobodyHasTheModel() throws IOException {
        answer = "{\"asked\":\"x\",\"model\":\"x\",\"problem\":\"no model server has the model x\"}";
        Path request = Files.writeString(folder.resolve("request.json"), "{\"model\":\"x\"}");
        Ended ended = run(new ExplainCommand(), "--request", request.toString());
        assertEquals("{\"model\":\"x\"}", sent);
        assertEquals(1, ended.code());
        assertEquals("x -> x\nno model server has the model x\n", ended.out());
    }

    @Test
    void aRefusalAndNobodyAreOneLineEach() {
        status = 401;
        answer = "{\"error\":{\"message\":\"no API key\"}}";
        Ended refused = run(new UsageCommand());
        assertEquals(1, refused.code());
        assertTrue(refused.err().contains("answered 401: no API key"), refused.err());
        assertEquals(1, refused.err().lines().count());
        server.stop(0);
        for (Object command : new Object[] {new UsageCommand(), new ExplainCommand()}) {
            Ended nobody = run(command);
            assertEquals(1, nobody.code());
            assertTrue(nobody.err().contains("nothing answers at http://127.0.0.1:"), nobody.err());
            assertEquals(1, nobody.err().lines().count());
        }
    }

    private Ended run(Object command, String... more) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        String[] arguments = new String[more.length + 2];
        arguments[0] = "--url";
        arguments[1] = "http://127.0.0.1:" + server.getAddress().getPort() + "/v1";
        System.arraycopy(more, 0, arguments, 2, more.length);
        int code = new CommandLine(command)
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments);
        return new Ended(code, out.toString(), err.toString());
    }
}
