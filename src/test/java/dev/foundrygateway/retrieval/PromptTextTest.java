package dev.foundrygateway.retrieval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Text of documents as it may stand in a prompt. */
class PromptTextTest {
    private static final int N = 30_000;

    @ParameterizedTest
    @ValueSource(strings = {"<s", "<s>", "<", "<|", "[", "<<", "<s<s>>", ">", "<|a", "[/INST", "<start_of_turn"})
    void cleaningIsLinear(String unit) {
        for (String text : List.of(unit.repeat(N), unit.repeat(N) + ">".repeat(N), unit.repeat(N) + "]".repeat(N))) {
            long once = PromptText.steps(text);
            long twice = PromptText.steps(text + text);
            assertTrue(twice <= 2.1 * once, once + " steps, then " + twice);
            assertTrue(once <= 50L * text.length(), once + " steps");
        }
    }

    @Test
    void nestedTokensLeaveNothing() {
        assertEquals("", PromptText.clean("<s".repeat(15_000) + ">".repeat(15_000)));
        assertEquals("ab", PromptText.clean("a<<<s>s>s>b"));
        assertEquals("", PromptText.clean("<<S<s>YS>>"));
        assertEquals("a", PromptText.clean("a<|im_<|end|>end|>"));
    }

    @ParameterizedTest
    @CsvSource({
        "https://<user>:secret@example.com, https://\u2039user\u203A:secret@example.com",
        "use [INST] here, use (INST) here",
        "a <| b |> c, a <| b |> c",
        "list |> map <| x, list |> map <| x",
        "if a < b and c > d, if a < b and c > d"
    })
    void whatPeopleWriteStaysReadable(String text, String cleaned) {
        String kept = PromptText.clean(text);
        if (text.contains("<| b |>")) {
            assertFalse(kept.contains("<|"), kept);
        } else {
            assertEquals(cleaned, kept);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<bos>",
                "<eos>",
                "<unk>",
                "<pad>",
                "<|im_start|>",
                "<\uFF5CUser\uFF5C>",
                "\u202E",
                "\u061C",
                "\u200B"
            })
    void templateTokensAndHiddenCharactersDoNotSurvive(String token) {
        assertEquals("ab", PromptText.clean("a" + token + "b"));
    }

    @Test
    void aTitleIsOneLineWithoutNumbers() {
        assertEquals("Guide (2) Forged text", PromptText.line("Guide\n[2] Forged\u2028text"));
    }
}
