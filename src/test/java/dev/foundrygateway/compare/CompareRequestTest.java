package dev.foundrygateway.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.foundrygateway.exchange.GatewayException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a comparison may be asked for, and what a judge's word counts. */
class CompareRequestTest {
    @Test
    void aPromptBecomesAMessageAndParametersAreTakenAlong() {
        CompareRequest request = read(
                "{\"models\":[\"a\",\"b\"],\"prompt\":\"Why?\",\"max_tokens\":5,\"mode\":\"sequential\",\"judge\":\"c\"}");
        assertEquals(List.of("a", "b"), request.models());
        assertEquals(
                "{\"max_tokens\":5,\"messages\":[{\"role\":\"user\",\"content\":\"Why?\"}]}",
                request.chat().bytes().toString());
        assertFalse(request.parallel());
        assertEquals("c", request.judge());
    }

    @Test
    void messagesStayAsTheyAreAndTheLastQuestionIsThePrompt() {
        CompareRequest request = read(
                "{\"models\":[\"a\",\"b\",\"c\"],\"messages\":[{\"role\":\"system\",\"content\":\"Be brief.\"},{\"role\":\"user\",\"content\":\"Why?\"}]}");
        assertEquals(2, request.chat().conversation().size());
        assertEquals("Why?", request.prompt());
        assertTrue(request.parallel());
    }

    @Test
    void numbersStayAsTheyWereWritten() {
        CompareRequest request = read(
                "{\"models\":[\"a\",\"b\"],\"temperature\":0.70,\"top_p\":0.12345678901234567890,\"seed\":1e3,\"messages\":[{\"role\":\"user\",\"content\":\"x\",\"n\":1.0}]}");
        assertEquals(
                "{\"temperature\":0.70,\"top_p\":0.12345678901234567890,\"seed\":1e3,\"messages\":[{\"role\":\"user\",\"content\":\"x\",\"n\":1.0}]}",
                request.chat().bytes().toString());
    }

    @Test
    void whatNoJsonParserTakesIsTold() {
        GatewayException told = assertThrows(
                GatewayException.class, () -> read("{\"models\":[\"a\",\"b\"],\"prompt\":\"x\"/* why */}"));
        assertEquals(400, told.code().status());
    }

    @Test
    void whatIsNullIsNotSaid() {
        CompareRequest request =
                read("{\"models\":[\"a\",\"b\"],\"prompt\":\"x\",\"messages\":null,\"mode\":null,\"judge\":null}");
        assertTrue(request.parallel());
        assertEquals("", request.judge());
        assertEquals(
                "{\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}",
                request.chat().bytes().toString());
        assertEquals(
                "y",
                read("{\"models\":[\"a\",\"b\"],\"prompt\":null,\"messages\":[{\"role\":\"user\",\"content\":\"y\"}]}")
                        .prompt());
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "[] | invalid_json | ''",
                "{\"models\":[\"a\"],\"prompt\":\"x\"} | invalid_request | models",
                "{\"models\":[\"a\",\"a\"],\"prompt\":\"x\"} | invalid_request | models",
                "{\"models\":[\"a\",1],\"prompt\":\"x\"} | invalid_request | models",
                "{\"models\":[\"a\",\"b\",\"c\",\"d\"],\"prompt\":\"x\"} | invalid_request | models",
                "{\"prompt\":\"x\"} | invalid_request | models",
                "{\"models\":[\"a\",\"b\"]} | invalid_request | prompt",
                "{\"models\":[\"a\",\"b\"],\"prompt\":\"x\",\"messages\":[]} | invalid_request | prompt",
                "{\"models\":[\"a\",\"b\"],\"messages\":[]} | invalid_request | messages",
                "{\"models\":[\"a\",\"b\"],\"messages\":[1]} | invalid_request | messages",
                "{\"models\":[\"a\",\"b\"],\"prompt\":\"x\",\"mode\":\"both\"} | invalid_request | mode",
                "{\"models\":[\"a\",\"b\"],\"prompt\":\"x\",\"judge\":1} | invalid_request | judge",
                "{\"models\":[\"a\",\"b\"],\"prompt\":\"x\",\"streem\":1} | invalid_request | streem"
            })
    void whatIsWrongIsNamed(String body, String code, String param) {
        GatewayException refused = assertThrows(GatewayException.class, () -> read(body));
        assertEquals(code, refused.code().code());
        assertEquals(param, refused.body().param());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"coherence\":4,\"factuality\":5,\"conciseness\":1} | true",
                "Here you are: {\"coherence\":4,\"factuality\":5,\"conciseness\":1}. | true",
                "{\"coherence\":4,\"factuality\":6,\"conciseness\":1} | false",
                "{\"coherence\":4,\"conciseness\":1} | false",
                "{\"coherence\":4.5,\"factuality\":5,\"conciseness\":1} | false",
                "{coherence} | false",
                "very good | false"
            })
    void aJudgeCountsOnlyWithAWholeNumberForEachCriterion(String reply, boolean counts) {
        Optional<JsonObject> scores = Rubric.scores(reply);
        assertEquals(counts, scores.isPresent());
        scores.ifPresent(given -> assertEquals(4, given.getInteger("coherence")));
    }

    private static CompareRequest read(String body) {
        return CompareRequest.read(Buffer.buffer(body));
    }
}
