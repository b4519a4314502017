package dev.foundrygateway.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which chats go on with the custom tools that they came with. */
class CallRoutesTest {
    /** The models of OpenAI's servers, which know custom tools. */
    private static final Set<String> OPENAI = Set.of("gpt", "ruled");
    /** The models that rules choose for: whose server answers isn't known before. */
    private static final Set<String> CHOSEN = Set.of("auto", "ruled");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "gpt | true",
                "ruled | false",
                "auto | false",
                "phi-4-mini | false",
            })
    void customToolsGoAsTheyAreOnlyToAServerThatIsKnownToTakeThem(String model, boolean passes) {
        assertEquals(passes, CallRoutes.passes(model, CHOSEN::contains, OPENAI::contains));
    }
}
