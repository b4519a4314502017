package dev.foundrygateway.openai.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.foundrygateway.openai.json.Json;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which JSON is found in what models write. */
class FoundJsonTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "{\"a\":1} | {\"a\":1}",
                " [1, 2] | [1, 2]",
                "\"text\" | \"text\"",
                "```json\\n{\"a\":1}\\n``` | {\"a\":1}",
                "```\\n{\"a\":1}\\n```\\nThat is it. | {\"a\":1}",
                "Here you are: {\"a\":1}. Good luck! | {\"a\":1}",
                "First [1], then {\"a\":[1,2]} | {\"a\":[1,2]}",
                "{\"a\":1,} | {\"a\":1}",
                "{\"a\":[1,2,],} | {\"a\":[1,2]}",
                "{\"a\":1,,\"b\":2} | {\"a\":1,\"b\":2}",
                "{\"a\":\"x\" \"b\":2} | {\"a\":\"x\" ,\"b\":2}",
                "[{\"a\":1} {\"a\":2}] | [{\"a\":1} ,{\"a\":2}]",
                "{\"a\":\"}, ]\\\"\",} | {\"a\":\"}, ]\\\"\"}",
                "<think>{\"b\":0} maybe</think> {\"a\":1} | {\"a\":1}",
            })
    void theFirstThatIsJsonIsTheOneMeant(String text, String json) {
        String said = text.replace("\\n", "\n");
        assertEquals(
                json,
                FoundJson.in(said).stream()
                        .filter(found -> Json.parse(found).isPresent())
                        .findFirst()
                        .orElse(""),
                () -> FoundJson.in(said).toString());
    }

    @Test
    void whatIsCutIsNotClosed() {
        assertEquals(
                List.of(),
                FoundJson.in("Sure: {\"a\":[1,{\"b\":2}").stream()
                        .filter(found -> Json.parse(found).isPresent())
                        .toList());
    }

    @Test
    void aLongTextOfBracketsTakesNoLongTime() {
        assertTimeoutPreemptively(Duration.ofSeconds(5), () -> {
            FoundJson.in("{".repeat(1_000_000));
            FoundJson.in("[]".repeat(500_000));
            FoundJson.in("<think>".repeat(200_000));
            FoundJson.in("{}".repeat(9) + ",".repeat(1_000_000));
        });
    }
}
