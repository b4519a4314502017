package dev.foundrygateway.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import dev.foundrygateway.hybrid.Signal;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code evaluate-hybrid --record}: what two servers are asked, what is kept, and that a second call goes on where the first one ended. */
class RecordTest {
    private static final String LONG = "A tent is what Tom bought. ".repeat(12);

    private final List<HttpServer> servers = new ArrayList<>();
    private final List<JsonObject> asked = new CopyOnWriteArrayList<>();

    @TempDir
    private Path folder = Path.of("");

    private String small = "";
    private String large = "";

    @BeforeEach
    void start() throws IOException {
        small = server("4");
        large = server("7");
    }

    @AfterEach
    void stop() {
        servers.forEach(server -> server.stop(0));
    }

    /** Says yes where it is asked for that, a long text where one is wanted, else its number. */
    private String server(String number) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            JsonObject request =
                    new JsonObject(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            asked.add(request);
            String text = request.getJsonArray("messages").getJsonObject(0).getString("content");
            String said = text.contains("yes or no") ? "no" : text.startsWith("Summarise") ? LONG : number;
            byte[] body = ("{\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"" + said
                            + "\"},\"logprobs\":{\"content\":[{\"token\":\"x\",\"logprob\":-0.25,\"top_logprobs\":"
                            + "[{\"token\":\"no\",\"logprob\":-0.1},{\"token\":\"yes\",\"logprob\":-3}]}]},\"finish_reason\":\"stop\"}],"
                            + "\"usage\":{\"prompt_tokens\":20,\"completion_tokens\":2,\"prompt_tokens_details\":{\"cached_tokens\":5}}}")
                    .getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        servers.add(server);
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1";
    }

    @Test
    void eachRowIsKeptAtOnceAndAQuestionThatIsKnownIsNotAskedAgain() throws IOException {
        Path rows = folder.resolve("rows.jsonl");
        Path questions = Files.writeString(folder.resolve("q.jsonl"), """
                {"kind":"fact","question":"How many?","answers":["7"],"match":"last number"}
                {"kind":"summary","question":"Summarise: Tom.","answers":["Tom","tent"],"match":"all","tokens":60}
                """);
        assertEquals("", record(questions, rows));
        List<Row> kept = RowReader.read(rows);
        Row first = kept.get(0);
        assertEquals("How many? Answer with the bare answer only, no sentence.", first.prompt());
        assertEquals("4", first.draft());
        assertTrue(first.strongRight() && !first.draftRight());
        assertEquals(1, first.evidence().get(Signal.VERDICT));
        assertEquals(0, first.evidence().get(Signal.DISAGREEMENT));
        assertTrue(first.graded().orElseThrow() > .9 && first.graded().orElseThrow() < 1);
        assertEquals(List.of(-.25), first.logprobs());
        assertEquals(40, first.spent().getOrDefault("samples", Spent.NOTHING).read());
        assertEquals(5, first.spent().getOrDefault("verdict", Spent.NOTHING).cached());
        Row second = kept.get(1);
        assertTrue(second.draftRight());
        assertTrue(!second.heard().containsKey(Signal.DISAGREEMENT), "a long draft is not asked for again");
        assertEquals(5 + 3, asked.size());
        assertEquals(60, asked.get(7).getInteger("max_tokens"));

        Files.writeString(
                questions,
                "{\"question\":\"How many?\",\"answers\":[\"7\"]}\n{\"question\":\"How few?\",\"answers\":[\"7\"]}\n");
        assertEquals("", record(questions, rows));
        assertEquals(8 + 5, asked.size());
        assertEquals(3, RowReader.read(rows).size());
    }

    @Test
    void aMatchThatNobodyKnowsIsNamed() throws IOException {
        Path questions = Files.writeString(
                folder.resolve("q.jsonl"), "{\"question\":\"Why?\",\"answers\":[\"So\"],\"match\":\"about\"}");
        String said = record(questions, folder.resolve("rows.jsonl"));
        assertTrue(said.contains("line 1: match must be exact, last number or all, and is about"), said);
        assertEquals(List.of(), asked);
    }

    private String record(Path questions, Path rows) {
        StringWriter err = new StringWriter();
        new CommandLine(new EvaluateHybridCommand())
                .setOut(new PrintWriter(new StringWriter()))
                .setErr(new PrintWriter(err))
                .execute(
                        "--questions",
                        questions.toString(),
                        "--record",
                        rows.toString(),
                        "--samples",
                        "2",
                        "--verdict",
                        "--url",
                        small,
                        "--escalation-url",
                        large);
        return err.toString();
    }
}
