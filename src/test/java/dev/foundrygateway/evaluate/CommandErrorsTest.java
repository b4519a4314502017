package dev.foundrygateway.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
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
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** What the input of {@code calibrate} and {@code evaluate-hybrid} is to blame for is one line, and the exit code 1. */
class CommandErrorsTest {
    @TempDir
    private Path folder = Path.of("");

    private record Ended(int code, String out, String err) {}

    private static Ended run(Object command, String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = new CommandLine(command)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments);
        return new Ended(code, out.toString(), err.toString());
    }

    private static List<Object> commands() {
        return List.of(new CalibrateCommand(), new EvaluateHybridCommand());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--rows      | question,answer\\nWhy?,So         | the header must have prompt and",
                "--rows      | prompt,a,a_response\\nWhy?,True,So | the header must have prompt and",
                "--rows      | prompt,a,b,a_response,b_response | has no rows",
                "--rows      | \"prompt                          | cannot be read as rows",
                "--rows      | {\"prompt\": 1                     | line 1 must be an object with prompt, draft",
                "--rows      | {\"prompt\": \"Why?\"}             | line 1 must be an object with prompt, draft",
                "--rows      | prompt,a,b,a_response,b_response\\nWhy?,True,True,So | line 2 has 4 fields, and the header 5",
                "--rows      | prompt,a,b,a_response,b_response\\nWhy?,ja,True,So,So | line 2 must have true or false, and has ja",
                "--rows      | {\"prompt\":\"Why?\",\"draft\":\"So\",\"draft_right\":true,\"strong_right\":true,\"logprobs\":[null]} | line 1: logprobs must be numbers",
                "--rows      | {\"prompt\":\"Why?\",\"draft\":\"So\",\"draft_right\":true,\"strong_right\":true,\"verdict\":7} | line 1: verdict must be from 0 to 1, and is 7.0",
                "--questions | {\"question\":\"Why?\",\"answers\":[]} | line 1: answers must have one or more",
                "--questions | nothing                          | line 1 must be an object with question",
                "--questions | {\"question\": \"Why?\"}           | line 1 must be an object with question",
            })
    void aFileOfAnotherFormIsNamedWithWhatItLacks(String option, String text, String said) throws IOException {
        Path file = Files.writeString(folder.resolve("input"), text.replace("\\n", "\n"));
        for (Object command : commands()) {
            Ended ended = run(command, option, file.toString());
            assertOneLine(ended, said);
            assertTrue(ended.err().contains(file.toString()), ended.err());
        }
    }

    @Test
    void aFileThatIsNotThereIsNamed() {
        Path missing = folder.resolve("missing.csv");
        for (String option : List.of("--rows", "--questions")) {
            for (Object command : commands()) {
                assertOneLine(run(command, option, missing.toString()), "there is no file " + missing);
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "                                       | cannot be read",
                "{\"version\": 1,                         | is not a calibration",
                "{\"version\": 2}                         | version must be 1",
                "{\"version\": 1, \"stages\": {}}           | stages.before is missing",
            })
    void aCalibrationThatIsMissingOrNoneIsNamed(@Nullable String text, String said) throws IOException {
        Path rows = Files.writeString(
                folder.resolve("rows"),
                "{\"prompt\":\"Why?\",\"draft\":\"So\",\"draft_right\":true,\"strong_right\":true}");
        Path file = folder.resolve("own.json");
        if (text != null) {
            Files.writeString(file, text);
        }
        Ended ended = run(new EvaluateHybridCommand(), "--rows", rows.toString(), "--calibration", file.toString());
        assertOneLine(ended, said);
        assertTrue(ended.err().contains(file.toString()), ended.err());
    }

    @Test
    void aFileInAnotherEncodingIsNamed() throws IOException {
        Path file = Files.writeString(folder.resolve("input"), "prompt,a", StandardCharsets.UTF_16);
        for (String option : List.of("--rows", "--questions")) {
            for (Object command : commands()) {
                assertOneLine(run(command, option, file.toString()), file + " is no text in UTF-8");
            }
        }
    }

    @Test
    void jsonLinesMayHaveABomAndExcelWritesTrueInCapitals() throws IOException {
        Path json = Files.writeString(
                folder.resolve("rows.jsonl"),
                "\uFEFF{\"prompt\":\"Why?\",\"draft\":\"So\",\"draft_right\":true,\"strong_right\":false}");
        assertEquals(true, RowReader.read(json).get(0).draftRight());
        Path csv = Files.writeString(
                folder.resolve("rows.csv"), "prompt,a,b,a_response,b_response\nWhy?,TRUE,FALSE,So,So\n");
        assertEquals(true, RowReader.read(csv).get(0).draftRight());
        assertEquals(false, RowReader.read(csv).get(0).strongRight());
    }

    @ParameterizedTest
    @CsvSource({"--share,40", "--share,-0.1", "--quality,1.1", "--budget,NaN", "--price-ratio,-1"})
    void aPartThatIsNoneIsNamed(String option, String value) {
        assertOneLine(
                run(new CalibrateCommand(), "--rows", "x", option + "=" + value), option + " must be from 0 to 1");
    }

    @Test
    void aServerThatAnswersAPageIsOneLine() throws IOException {
        Path questions = Files.writeString(folder.resolve("q"), "{\"question\":\"Why?\",\"answers\":[\"So\"]}");
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            byte[] page = "<html>Hello</html>".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, page.length);
            exchange.getResponseBody().write(page);
            exchange.close();
        });
        server.start();
        try {
            String url = "http://127.0.0.1:" + server.getAddress().getPort() + "/v1";
            for (Object command : commands()) {
                assertOneLine(run(command, "--questions", questions.toString(), "--url", url), "is no JSON object");
            }
        } finally {
            server.stop(0);
        }
    }

    @Test
    void oneRowIsTooFew() throws IOException {
        Path rows = Files.writeString(
                folder.resolve("rows"),
                "{\"prompt\":\"Why?\",\"draft\":\"So\",\"draft_right\":true,\"strong_right\":true}");
        assertOneLine(run(new EvaluateHybridCommand(), "--rows", rows.toString()), "one row is too few");
    }

    @Test
    void aServerThatIsNotThereIsOneLineToo() throws IOException {
        Path questions = Files.writeString(folder.resolve("q"), "{\"question\":\"Why?\",\"answers\":[\"So\"]}");
        for (Object command : commands()) {
            assertOneLine(run(command, "--questions", questions.toString(), "--url", "http://127.0.0.1:1"), ":1/v1");
        }
    }

    @Test
    void anAddressWithoutItsSchemeAndAServerThatIsNoGatewayAreOneLineToo() throws IOException {
        HttpServer other = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        AtomicReference<String> body = new AtomicReference<>("");
        other.createContext("/", exchange -> {
            byte[] bytes = Objects.requireNonNull(body.get()).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        other.start();
        try {
            String there = "http://127.0.0.1:" + other.getAddress().getPort();
            for (String text : List.of("", "<html>hello</html>", "{\"data\":[]}", "[1]", "null", "{")) {
                body.set(text);
                for (Object command : List.of(new UsageCommand(), new ExplainCommand())) {
                    assertOneLine(run(command, "--url", there), "something else than a gateway");
                }
                assertOneLine(run(new UsageCommand(), "--csv", "--url", there), "something else than a gateway");
            }
        } finally {
            other.stop(0);
        }
        for (String url : List.of("localhost:5274", "/v1", "ftp://a/v1")) {
            for (Object command : List.of(new UsageCommand(), new ExplainCommand())) {
                assertOneLine(run(command, "--url", url), "write it with http:// or https://");
            }
        }
    }

    @Test
    void neitherRowsNorQuestionsIsAWrongCommandLine() {
        for (Object command : commands()) {
            Ended ended = run(command);
            assertEquals(2, ended.code());
            assertTrue(ended.err().contains("give one of --rows and --questions"), ended.err());
        }
    }

    @Test
    void rowsInCsvAreReadWithQuotesBreaksAndABom() throws IOException {
        List<String> lines = new ArrayList<>(List.of("\uFEFFprompt,small,large,small_response,large_response"));
        for (int i = 0; i < 20; i++) {
            lines.add("\"Why, \"\"" + i + "\"\"?\"," + (i % 3 == 0 ? "False" : "True") + ",True,\"So\r\nit is\",So");
        }
        Path file = Files.writeString(folder.resolve("rows.csv"), String.join("\r\n", lines));
        List<Row> rows = RowReader.read(file);
        assertEquals(20, rows.size());
        assertEquals("Why, \"0\"?", rows.get(0).prompt());
        assertEquals("So\r\nit is", rows.get(1).draft());
        assertEquals(false, rows.get(0).draftRight());
        assertEquals(true, rows.get(1).draftRight());
    }

    private static void assertOneLine(Ended ended, String said) {
        assertEquals(1, ended.code(), ended.err());
        assertTrue(ended.err().contains(said), ended.err());
        assertEquals(1, ended.err().strip().lines().count(), ended.err());
        assertEquals("", ended.out());
    }
}
