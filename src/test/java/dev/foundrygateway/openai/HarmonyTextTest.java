package dev.foundrygateway.openai;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HarmonyTextTest {
    private static final String WHOLE =
            "<|channel|>analysis<|message|>I <| think < so.<|end|><|start|>assistant<|channel|>commentary<|message|>Wait. <|end|>"
                    + "<|start|>assistant<|channel|>commentary to=functions.get_x <|constrain|>json<|message|>{\"a\":\"<b>\"}<|call|>"
                    + "<|start|>assistant to=functions.y<|channel|>commentary json<|message|>{}<|call|>"
                    + "<|start|>assistant<|channel|>final<|message|>Paris <|x|>.<|return|>";

    @Test
    void marksAreReadWhereverTheTextIsCut() {
        Random random = new Random(1);
        for (int i = 0; i < 2_000; i++) {
            HarmonyText text = new HarmonyText();
            HarmonyText.Parts all = new HarmonyText.Parts("", "", List.of());
            int from = 0;
            while (from < WHOLE.length()) {
                int to = Math.min(WHOLE.length(), from + 1 + random.nextInt(i % 40 + 1));
                all = all.plus(text.feed(WHOLE.substring(from, to)));
                from = to;
            }
            all = all.plus(text.end());
            assertEquals("I <| think < so.", all.reasoning());
            assertEquals("Wait. Paris <|x|>.", all.content());
            StringBuilder calls = new StringBuilder();
            all.calls()
                    .forEach(call -> calls.append(call.name().isEmpty() ? "" : call.name() + ':')
                            .append(call.arguments()));
            assertEquals("get_x:{\"a\":\"<b>\"}y:{}", calls.toString());
        }
    }

    @Test
    void whatDoesNotBeginWithAMarkIsTold() {
        assertEquals(Optional.of(true), HarmonyText.begins("\n<|channel|>"));
        assertEquals(Optional.of(true), HarmonyText.begins("<|start|>assistant<|"));
        assertEquals(Optional.of(false), HarmonyText.begins("<|start|>x"));
        assertEquals(Optional.of(false), HarmonyText.begins("a<|channel|>"));
        assertEquals(Optional.empty(), HarmonyText.begins(" <|st"));
        assertEquals(Optional.empty(), HarmonyText.begins(""));
        assertEquals(Optional.empty(), HarmonyText.begins(" ".repeat(64)));
        assertEquals(Optional.of(false), HarmonyText.begins(" ".repeat(65)), "blanks alone are not held for ever");
    }

    @Test
    void textBehindTheLastMessageIsNotLost() {
        HarmonyText text = new HarmonyText();
        HarmonyText.Parts parts =
                text.feed("<|channel|>analysis<|message|>a<|end|>Paris").plus(text.end());
        assertEquals("a", parts.reasoning());
        assertEquals("Paris", parts.content());
    }
}
