package dev.foundrygateway.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.foundrygateway.practice.PracticeSettings;
import dev.foundrygateway.practice.PracticeUpstream;
import dev.foundrygateway.practice.ReceivedRequest;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The commands {@code bench} and {@code compare} against the practice upstream. */
class BenchTest {
    private final Vertx vertx = Vertx.vertx();
    private final PracticeUpstream upstream = PracticeUpstream.start(
            vertx,
            PracticeSettings.defaults()
                    .withEachModel(model -> model.withDelays(Duration.ofMillis(40), Duration.ofMillis(1))));
    private final StringWriter out = new StringWriter();
    private final StringWriter progress = new StringWriter();

    @TempDir
    Path folder = Path.of("");

    @AfterEach
    void stop() {
        upstream.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void benchAsksEveryModelEveryPromptInEveryRoundAfterAWarmUp() throws IOException {
        Path output = folder.resolve("out.json");
        Path picture = folder.resolve("out.svg");
        String own = Long.toString(ProcessHandle.current().pid());
        assertEquals(
                0,
                run(
                        new BenchCommand(),
                        "--rounds",
                        "2",
                        "--output",
                        output.toString(),
                        "--picture",
                        picture.toString(),
                        "--pid",
                        own));

        assertEquals(2 + 2 * 2 * Bench.PROMPTS.size(), posts().size());
        assertTrue(posts().stream().allMatch(request -> request.json().getInteger("temperature") == 0));
        JsonObject result =
                new JsonObject(Files.readString(output)).getJsonArray("results").getJsonObject(0);
        assertEquals("phi-4-mini", result.getString("alias"));
        assertEquals(10, result.getInteger("calls"));
        assertTrue(result.getDouble("first_token_latency_p50") >= 0.04, result::encode);
        assertTrue(result.getDouble("latency_p95") >= result.getDouble("latency_p50"), result::encode);
        assertTrue(result.getDouble("tokens_per_sec_avg") > 1, result::encode);
        assertFalse(result.getBoolean("tokens_estimated"));
        assertTrue(result.getDouble("cpu_sec") >= 0, result::encode);
        assertTrue(out.toString().contains("| phi-4-mini | 10 | 0 |"), out::toString);
        assertTrue(progress.toString().contains("round 2 of 2: gpt-oss-20b"), progress::toString);
        String svg = Files.readString(picture);
        assertTrue(svg.startsWith("<svg") && svg.contains("gpt-oss-20b") && svg.endsWith("</svg>\n"), svg);
    }

    @Test
    void onePromptUnstreamedHasNoFirstToken() {
        assertEquals(
                0,
                run(
                        new BenchCommand(),
                        "--json",
                        "--rounds",
                        "1",
                        "--stream",
                        "0",
                        "--prompt",
                        "Why?",
                        "--models",
                        "phi-4-mini"));
        JsonObject result =
                new JsonObject(out.toString()).getJsonArray("results").getJsonObject(0);
        assertEquals(1, result.getInteger("calls"));
        assertEquals(0.0, result.getDouble("first_token_latency_avg"));
        assertTrue(result.getInteger("completion_tokens") > 10, result::encode);
    }

    @Test
    void twoFilesAreCompared() throws IOException {
        Path before = Files.writeString(folder.resolve("cpu.json"), report(2.0, 40));
        Path after = Files.writeString(folder.resolve("gpu.json"), report(0.5, 80));
        assertEquals(0, run(new BenchCommand(), "--compare", before.toString(), after.toString()));
        assertTrue(out.toString().contains("| phi-4-mini | latency_avg | 2.000 | 0.500 | -75.0 % |"), out::toString);
        assertTrue(
                out.toString().contains("| phi-4-mini | tokens_per_sec_avg | 40.000 | 80.000 | +100.0 % |"),
                out::toString);
    }

    @Test
    void aModelThatFailsIsCountedAndToldByTheExitCode() {
        assertEquals(1, run(new BenchCommand(), "--json", "--rounds", "1", "--prompt", "Why?", "--models", "nobody"));
        JsonObject result =
                new JsonObject(out.toString()).getJsonArray("results").getJsonObject(0);
        assertEquals(1, result.getInteger("errors"));
        assertEquals(2, run(new BenchCommand(), "--rounds", "0"));
    }

    @Test
    void comparePrintsWhatTheWorkshopPrints() {
        assertEquals(0, run(new CompareCommand(), "--prompt", "Why?"));
        JsonArray entries = new JsonArray(out.toString());
        assertEquals(2, entries.size());
        assertEquals(
                List.of("alias", "latency_sec", "tokens", "sample"),
                List.copyOf(entries.getJsonObject(0).fieldNames()));
        assertTrue(entries.getJsonObject(1).getString("sample").contains("gpt-oss-20b heard: Why?"));
        assertEquals(1, run(new CompareCommand(), "--models", "nobody,phi-4-mini"));
        assertTrue(out.toString().contains("\"error\""), out::toString);
    }

    private int run(Object command, String... arguments) {
        CommandLine line = new CommandLine(command).setOut(new PrintWriter(out)).setErr(new PrintWriter(progress));
        String[] all = new String[arguments.length + 2];
        all[0] = "--url";
        all[1] = upstream.uri().toString();
        System.arraycopy(arguments, 0, all, 2, arguments.length);
        return line.execute(all);
    }

    private List<ReceivedRequest> posts() {
        return upstream.received().stream()
                .filter(request -> request.method().equals("POST"))
                .toList();
    }

    private static String report(double latency, double speed) {
        JsonObject result = new JsonObject()
                .put("alias", "phi-4-mini")
                .put("latency_avg", latency)
                .put("tokens_per_sec_avg", speed);
        return new JsonObject().put("results", new JsonArray().add(result)).encode();
    }
}
