package dev.foundrygateway.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
