package dev.foundrygateway.hybrid;

import static dev.foundrygateway.hybrid.FakeModels.LARGE;
import static dev.foundrygateway.hybrid.FakeModels.SMALL;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.openai.ErrorCode;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows of the decision table in {@code docs/hybrid-decisions.md} whose signal has to come through a whole exchange; the others are in {@link HybridFilterTest}. */
class DecisionTableTest {
    private static final String QUESTION = "What is the capital of France, and what is it known for in this world?";

    @Test
    void aQuestionAskedAgainGoesToTheLargeModelAtOnce() {
        Bench bench = new Bench();
        JsonArray messages = new JsonArray()
                .add(message("user", QUESTION))
                .add(message("assistant", "Lyon."))
                .add(message("user", QUESTION + "!"));
        Bench.Answer answer =
                bench.ask(Bench.request(QUESTION).put("messages", messages).put("stream", true));
        bench.models.to(LARGE).token("Paris");
        assertEquals("escalated asked_again", answer.route());
        assertEquals(0, bench.models.sent(SMALL));
    }

    @Test
    void aDraftThatGoesRoundInCirclesIsReplaced() {
        assertReplaced("repetition", message("assistant", "and so it goes on ".repeat(12)), "stop");
    }

    @Test
    void aDraftInAnotherLanguageIsReplaced() {
        assertReplaced(
                "wrong_language",
                message(
                        "assistant",
                        "Die Hauptstadt ist Paris, und die Stadt ist für den Turm und das Museum bekannt."),
                "stop");
    }

    @Test
    void aToolCallWithBrokenArgumentsIsReplaced() {
        JsonObject call = new JsonObject()
                .put("id", "call_1")
                .put("type", "function")
                .put("function", new JsonObject().put("name", "look_up").put("arguments", "{\"city\": Par"));
        assertReplaced(
                "broken_tool_call",
                new JsonObject().put("role", "assistant").put("tool_calls", new JsonArray().add(call)),
                "tool_calls");
    }

    @Test
    void aDraftCutByLengthIsReplaced() {
        assertReplaced("cut", message("assistant", "The capital of France is Paris, which is known for its"), "length");
    }

    @Test
    void theScoreOfAllSignalsReachesTheThreshold() {
        JsonObject hedging = message("assistant", "I think that it might be Paris, but I'm not sure.");
        assertReplaced("hedging", hedging, "stop", "threshold", "0.4");
        Bench strict = new Bench("threshold", "0.9");
        Bench.Answer kept = strict.plain(QUESTION);
        strict.models.to(SMALL).answer(hedging, "stop", 9, 9);
        assertEquals("draft confident", kept.route());
    }

    @ParameterizedTest
    @ValueSource(ints = {404, 429, 500, 502, 503})
    void aSmallModelThatIsNotThereOrBusyIsReplaced(int status) {
        Bench bench = new Bench();
        Bench.Answer answer = bench.stream(QUESTION);
        bench.models.to(SMALL).status(status, "not now");
        bench.models.to(LARGE).token("Paris").finish(9, 1);
        assertEquals("fallback draft_down", answer.route());
        assertEquals("Paris", answer.text());
    }

    @Test
    void aDraftThatBreaksBeforeItsReleaseIsReplaced() {
        Bench bench = new Bench("hold.tokens", "9");
        Bench.Answer answer = bench.stream(QUESTION);
        bench.models.to(SMALL).text("The capital ");
        bench.models.to(SMALL).fail(new GatewayException(ErrorCode.UPSTREAM_ERROR, "the stream broke"));
        bench.models.to(LARGE).token("Paris").finish(9, 1);
        assertEquals("fallback draft_down", answer.route());
        assertEquals("Paris", answer.text());
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 403, 405, 413, 415, 422})
    void aRefusalOfTheRequestItselfIsTheAnswer(int status) {
        Bench bench = new Bench();
        Bench.Answer answer = bench.stream(QUESTION);
        bench.models.to(SMALL).status(status, "wrong");
        assertEquals(status, answer.reply().status());
        assertEquals("draft_down", answer.served().reason());
        assertEquals(0, bench.models.sent(LARGE));
    }

    private static void assertReplaced(String reason, JsonObject draft, String finish, String... settings) {
        Bench bench = new Bench(settings);
        Bench.Answer answer = bench.plain(QUESTION);
        bench.models.to(SMALL).answer(draft, finish, 9, 9);
        bench.models.to(LARGE).answer("Paris, and its tower.", 9, 5);
        assertEquals("escalated " + reason, answer.route());
        assertEquals("Paris, and its tower.", answer.text());
    }

    private static JsonObject message(String role, String content) {
        return new JsonObject().put("role", role).put("content", content);
    }
}
