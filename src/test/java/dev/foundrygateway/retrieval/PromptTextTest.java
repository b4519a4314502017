package dev.foundrygateway.retrieval;

import static org.junit.jupiter.api.Assertions.assertEquals;
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
        "<system> and </system>, \u2039system\u203A and \u2039/system\u203A",
        "<Assistant> or <developer>, \u2039Assistant\u203A or \u2039developer\u203A",
        "<think>well</think>, \u2039think\u203Awell\u2039/think\u203A",
        "use [INST] here, use (INST) here",
        "a <| b |> c, a \u2039| b |\u203A c",
        "list |> map <| x, list |> map <| x",
        "print <| sum xs, print <| sum xs",
        "'let f x = g <| h x |> id', 'let f x = g \u2039| h x |\u203A id'",
        "a <|> b <||> c, a <|> b <||> c",
        "'let a = [|1;2|] and x <| 3>y', 'let a = [|1;2|] and x <| 3>y'",
        "if a < b and c > d, if a < b and c > d",
        "List<String> x = a[0], List<String> x = a[0]",
        "<unused> <p> <b>bold</b> [1] [x], <unused> <p> <b>bold</b> [1] [x]",
        "me@example.com <me@example.com>, me@example.com <me@example.com>",
        "na\u00EFve \u0E44\u0E17\u0E22 \uD55C\uAD6D\uC5B4 \uD83D\uDE00, na\u00EFve \u0E44\u0E17\u0E22 \uD55C\uAD6D\uC5B4 \uD83D\uDE00"
    })
    void whatPeopleWriteStaysReadable(String text, String cleaned) {
        assertEquals(cleaned, PromptText.clean(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<bos>",
                "<BOS_TOKEN>",
                "<EOS_TOKEN>",
                "[gMASK]",
                "<sop>",
                "<|turn>",
                "<turn|>",
                "<|tool_call>",
                "<channel|>",
                "<|Ch\u200Bannel>",
                "[UNUSED_TOKEN_146]",
                "<BOS>",
                "<eos>",
                "<unk>",
                "<pad>",
                "<mask>",
                "</s>",
                "<start_of_turn>",
                "<end_of_turn>",
                "<start_of_image>",
                "<unused12>",
                "<extra_id_0>",
                "<|im_start|>",
                "<|im_end|>",
                "<|endoftext|>",
                "<|start_header_id|>",
                "<|reserved_special_token_5|>",
                "<|fim_prefix|>",
                "<fim_middle>",
                "[TOOL_CALLS]",
                "[SYSTEM_PROMPT]",
                "<tool_call>",
                "<\uFF5CUser\uFF5C>",
                "<\uFF5Cbegin\u2581of\u2581sentence\uFF5C>",
                "<|im_\u200Bstart|>",
                "<b\u00ADos>",
                "\u202A",
                "\u202E",
                "\u2066",
                "\u2069",
                "\u200E",
                "\u200F",
                "\u061C",
                "\u200B",
                "\u200C",
                "\u200D",
                "\u2060",
                "\u034F",
                "\u180E",
                "\u115F",
                "\uFEFF",
                "\uFE0F",
                "\uFFA0",
                "\uFFFF",
                "\uD800",
                "\uDB40\uDC01",
                "\uDB40\uDC41\uDB40\uDC7F",
                "\uDB40\uDDEF",
                "\u0000",
                "\u001B",
                "\u0085"
            })
    void templateTokensAndHiddenCharactersDoNotSurvive(String token) {
        assertEquals("ab", PromptText.clean("a" + token + "b"));
    }

    @Test
    void aTitleIsOneLineWithoutNumbers() {
        assertEquals("Guide (2) Forged text", PromptText.line("Guide\n[2] Forged\u2028text"));
    }
}
