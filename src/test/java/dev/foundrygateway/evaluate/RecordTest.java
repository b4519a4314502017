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
import java.util.Arrays;
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
        assertEquals("1 of 2 rows taken from " + rows + System.lineSeparator(), record(questions, rows));
        assertEquals(8 + 5, asked.size());
        assertEquals(3, RowReader.read(rows).size());
    }

    @Test
    void rowsOfOtherModelsOrWitnessesAreRefusedAndRowsThatDoNotSayAreTaken() throws IOException {
        Path rows = folder.resolve("rows.jsonl");
        Path questions = Files.writeString(folder.resolve("q.jsonl"), """
                {"question":"How many?","answers":["7"]}
                {"question":"How few?","answers":["7"]}
                """);
        assertEquals("", record(questions, rows));
        String kept = Files.readString(rows);
        int before = asked.size();
        String other = record(questions, rows, "--draft", "other");
        assertTrue(other.contains("rows with models [\"phi-4-mini\",\"gpt-oss-20b\"], and now it is"), other);
        assertTrue(other.contains("[\"other\",\"gpt-oss-20b\"]; give --record another file"), other);
        assertEquals(1, other.lines().count());
        String more = record(questions, rows, "--samples", "4");
        assertTrue(more.contains("{\"samples\":2,\"verdict\":true}"), more);
        assertEquals(kept, Files.readString(rows));

        String old = kept.replaceAll(",\"models\":.*", "}");
        assertEquals(2, old.lines().count());
        Files.writeString(rows, old);
        assertTrue(record(questions, rows, "--draft", "other").startsWith("2 of 2 rows taken from "));
        assertEquals(before, asked.size());
    }

    @Test
    void aLastLineThatWasCutIsAskedAgainAndOneWithoutItsEndGetsIt() throws IOException {
        Path rows = folder.resolve("rows.jsonl");
        Path questions = Files.writeString(folder.resolve("q.jsonl"), """
                {"question":"How many?","answers":["7"]}
                {"question":"How few \u00e4?","answers":["7"]}
                """);
        record(questions, rows);
        byte[] whole = Files.readAllBytes(rows);
        String text = Files.readString(rows);
        int half = text.substring(0, text.indexOf('\u00e4')).getBytes(StandardCharsets.UTF_8).length + 1;
        for (int length : new int[] {whole.length - 1, whole.length - 2, half, 20, 0}) {
            Files.write(rows, Arrays.copyOf(whole, length));
            String told = record(questions, rows);
            assertTrue(told.isEmpty() || told.contains(" of 2 rows taken from "), told);
            assertEquals(2, RowReader.read(rows).size(), "cut at " + length);
            assertTrue(Files.readString(rows).endsWith("}\n"));
        }

        Files.writeString(rows, "no rows");
        assertEquals(1, record(questions, rows).lines().count());
        assertEquals("no rows", Files.readString(rows));
    }

    @Test
    void countsThatAreNullAreNone() {
        assertEquals(new Spent(0, 0, 0, 5), Spent.read(new JsonObject("{\"usage\":null}"), 5));
        assertEquals(
                new Spent(7, 0, 0, 5),
                Spent.read(
                        new JsonObject(
                                "{\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":null,\"prompt_tokens_details\":null}}"),
                        5));
        assertEquals(new Spent(0, 0, 2, 0), Spent.of(new JsonObject("{\"read\":null,\"written\":2}")));
    }

    @Test
    void aMatchThatNobodyKnowsIsNamed() throws IOException {
        Path questions = Files.writeString(
                folder.resolve("q.jsonl"), "{\"question\":\"Why?\",\"answers\":[\"So\"],\"match\":\"about\"}");
        String said = record(questions, folder.resolve("rows.jsonl"));
        assertTrue(said.contains("line 1: match must be exact, last number or all, and is about"), said);
        assertEquals(List.of(), asked);
    }

    private String record(Path questions, Path rows, String... more) {
        StringWriter err = new StringWriter();
        List<String> arguments = new ArrayList<>(List.of(
                "--questions",
                questions.toString(),
                "--record",
                rows.toString(),
                "--verdict",
                "--url",
                small,
                "--escalation-url",
                large));
        arguments.addAll(List.of(more));
        if (!arguments.contains("--samples")) {
            arguments.addAll(List.of("--samples", "2"));
        }
        new CommandLine(new EvaluateHybridCommand())
                .setOut(new PrintWriter(new StringWriter()))
                .setErr(new PrintWriter(err))
                .execute(arguments.toArray(String[]::new));
        return err.toString();
    }
}
