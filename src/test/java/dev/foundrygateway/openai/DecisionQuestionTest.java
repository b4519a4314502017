package dev.foundrygateway.openai;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Both shapes of a decision model's question and reply, as their documents show them. */
class DecisionQuestionTest {
    @Test
    void systemOneAsksOneNoulAboutAState() {
        JsonObject body = body(DecisionQuestion.SYSTEM_ONE, "Why?", "So", true);
        assertEquals("laya", body.getString("model"));
        assertEquals("Question: Why?\n\nProposed answer: So", body.getString("state"));
        assertEquals(
                new JsonObject(
                        "{\"right\":{\"type\":\"noul\",\"instructions\":\"Is the proposed answer to the question correct?\"}}"),
                body.getJsonObject("questions"));
    }

    @Test
    void decisionsAsksOnePredicateAboutAnInput() {
        JsonObject body = body(DecisionQuestion.DECISIONS, "Why?", "So", false);
        assertEquals("Question: Why?\n\nProposed answer: So", body.getString("input"));
        assertEquals(
                "[{\"type\":\"predicate\",\"name\":\"right\",\"instructions\":\"The proposed answer has not ended yet. Is it correct so far?\"}]",
                body.getJsonArray("questions").encode());
    }

    @Test
    void ofALongQuestionTheEndIsSentAndOfALongAnswerTheBeginningAndNoHalfCharacter() {
        String smile = "\uD83D\uDE00";
        int most = DecisionQuestion.MOST_CHARACTERS;
        String question = smile + "q".repeat(most - 1);
        String answer = "a".repeat(most - 1) + smile;
        String state = body(DecisionQuestion.SYSTEM_ONE, question, answer, true).getString("state");
        assertEquals("Question: " + "q".repeat(most - 1) + "\n\nProposed answer: " + "a".repeat(most - 1), state);
        byte[] sent = DecisionQuestion.DECISIONS
                .request("m", question, answer, true)
                .bytes()
                .getBytes();
        assertFalse(new String(sent, StandardCharsets.UTF_8).contains("\uFFFD"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "SYSTEM_ONE | {\"model\":\"m\",\"answers\":{\"right\":{\"type\":\"noul\",\"noul\":0.75}},\"usage\":{\"input_tokens\":9}} | 0.25",
                "SYSTEM_ONE | {\"answers\":{\"right\":{\"noul\":1}}} | 0",
                "DECISIONS | {\"answers\":[{\"type\":\"predicate\",\"name\":\"right\",\"probability\":0.1}]} | 0.9",
            })
    void theProbabilityIsTurned(DecisionQuestion form, String reply, double wrong) {
        assertEquals(wrong, form.wrong(Buffer.buffer(reply)).orElseThrow(), 1e-9);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "no JSON",
                "{\"answers\":null}",
                "{\"answers\":{\"other\":{\"noul\":0.5}}}",
                "{\"answers\":{\"right\":{\"noul\":\"0.5\"}}}",
                "{\"answers\":{\"right\":{\"noul\":1.5}}}",
                "{\"answers\":{\"right\":{\"noul\":-0.5}}}",
                "{\"answers\":[]}",
                "{\"answers\":[{\"type\":\"refusal\",\"name\":\"right\"}]}",
            })
    void whatHasNoProbabilitySaysNothing(String reply) {
        for (DecisionQuestion form : DecisionQuestion.values()) {
            assertEquals(OptionalDouble.empty(), form.wrong(Buffer.buffer(reply)), reply);
        }
    }

    @Test
    void aReplyThatIsTooLongIsNone() {
        String padded =
                "{\"answers\":{\"right\":{\"noul\":0.5}},\"x\":\"" + "x".repeat(DecisionQuestion.MOST_BYTES) + "\"}";
        assertTrue(DecisionQuestion.SYSTEM_ONE.wrong(Buffer.buffer(padded)).isEmpty());
    }

    private static JsonObject body(DecisionQuestion form, String question, String answer, boolean whole) {
        return new JsonObject(form.request("laya", question, answer, whole).bytes());
    }
}
