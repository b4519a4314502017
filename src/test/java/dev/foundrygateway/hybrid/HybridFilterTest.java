package dev.foundrygateway.hybrid;

import static dev.foundrygateway.hybrid.FakeModels.LARGE;
import static dev.foundrygateway.hybrid.FakeModels.SMALL;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.foundrygateway.chat.GatewayException;
import dev.foundrygateway.openai.ErrorCode;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The decision table of {@code docs/hybrid.md}, row by row, with the answer as the client sees it. */
class HybridFilterTest {
    private static final String GOOD =
            "The capital of France is Paris, which lies on the river Seine in the north of the country. ";
    private static final String REFUSAL = "I'm sorry, but I cannot answer that question.";

    @Test
    void otherModelsGoStraightOn() {
        Bench bench = new Bench();
        Bench.Answer answer = bench.ask(Bench.request("Hi").put("model", "phi"));
        bench.models.to("phi").answer("Hello", 3, 1);
        assertEquals("direct ", answer.route());
        assertEquals("Hello", answer.text());
    }

    @Test
    void aGoodOpeningIsHeldAndThenReleasedAtOnce() {
        Bench bench = new Bench("hold.tokens", "5");
        Bench.Answer answer = bench.stream("What is the capital of France?");
        bench.models.to(SMALL).text("The capital of France ");
        assertFalse(answer.replied());
        bench.models.to(SMALL).token("is");
        assertEquals("draft confident", answer.route());
        assertEquals("The capital of France is", answer.text());
        bench.models.to(SMALL).text(" Paris.").finish(10, 6);
        assertEquals("The capital of France is Paris.", answer.text());
        assertTrue(answer.done());
        assertEquals(0, bench.models.sent(LARGE));
    }

    @Test
    void theHoldEndsInTimeToo() {
        Bench bench = new Bench("hold.time", "500ms");
        Bench.Answer answer = bench.stream("What is the capital of France?");
        bench.models.to(SMALL).text("The capital ");
        bench.pass(Duration.ofMillis(499));
        assertFalse(answer.replied());
        bench.pass(Duration.ofMillis(1));
        assertEquals("The capital ", answer.text());
        assertEquals(500_000_000, answer.served().timing().hold());
    }

    @Test
    void aRefusalIsReplacedByTheLargeModelsStream() {
        Bench bench = new Bench("hold.tokens", "6");
        Bench.Answer answer = bench.stream("What is the capital of France?");
        bench.models.to(SMALL).text(REFUSAL);
        assertFalse(answer.replied());
        assertFalse(
                bench.models.to(SMALL).cancelled, "the draft is the safety net until the large model's first token");
        bench.models.to(LARGE).token("Paris");
        assertTrue(bench.models.to(SMALL).cancelled);
        assertEquals("escalated refusal", answer.route());
        bench.models.to(LARGE).token(".").finish(10, 2);
        assertEquals("Paris.", answer.text());
        assertEquals("escalation", answer.served().tier());
    }

    @Test
    void aPlainDraftIsJudgedWhole() {
        Bench bench = new Bench();
        Bench.Answer kept = bench.plain("What is the capital of France?");
        bench.models.to(SMALL).answer(GOOD, 10, 20);
        assertEquals("draft confident", kept.route());
        Bench.Answer replaced = bench.plain("Why is the sky blue?");
        bench.models.to(SMALL).answer(REFUSAL, 10, 20);
        bench.models.to(LARGE).answer("Rayleigh scattering.", 9, 5);
        assertEquals("escalated refusal", replaced.route());
        assertEquals("Rayleigh scattering.", replaced.text());
    }

    @Test
    void anEmptyDraftEscalates() {
        Bench bench = new Bench();
        Bench.Answer answer = bench.stream("What is the capital of France?");
        bench.models.to(SMALL).finish(10, 0);
        bench.models.to(LARGE).token("Paris").finish(10, 1);
        assertEquals("escalated empty", answer.route());
        assertEquals("Paris", answer.text());
    }

    @Test
    void brokenJsonEscalatesWhereJsonWasAskedFor() {
        Bench bench = new Bench("hold.tokens", "2");
        Bench.Answer answer = bench.ask(Bench.request("List three colours as JSON")
                .put("stream", true)
                .put("response_format", new JsonObject().put("type", "json_object")));
        bench.models.to(SMALL).text("Sure, here you are ");
        bench.models.to(LARGE).token("{}").finish(10, 1);
        assertEquals("escalated broken_json", answer.route());
        assertEquals("{}", answer.text());
    }

    @Test
    void tooShortIsWhatTheSettingSays() {
        Bench bench = new Bench("min-characters", "10");
        Bench.Answer answer = bench.plain("What is the capital of France?");
        bench.models.to(SMALL).answer("Paris", 10, 1);
        bench.models.to(LARGE).answer("The capital is Paris", 10, 4);
        assertEquals("escalated too_short", answer.route());
    }

    @Test
    void flagsPriorityAndAskingAgainGoToTheLargeModelAtOnce() {
        assertEquals(
                "escalated flagged",
                direct(new Bench("flags", "compliance,/secur(e|ity)/"), "Is Security needed, for security?"));
        Bench bench = new Bench();
        Bench.Answer answer = bench.ask(Bench.request("Hello there").put("stream", true), "X-Gateway-Priority", "high");
        bench.models.to(LARGE).token("Hi");
        assertEquals("escalated priority", answer.route());
        assertEquals(0, bench.models.sent(SMALL));
        assertEquals(
                "escalated context_limit", direct(new Bench().context(5), "A question of more than twenty characters"));
    }

    private static String direct(Bench bench, String question) {
        Bench.Answer answer = bench.stream(question);
        bench.models.to(LARGE).token("Hi");
        return answer.route();
    }

    @Test
    void theClientsOwnWishWins() {
        Bench bench = new Bench("hold.tokens", "1");
        Bench.Answer never = bench.ask(
                Bench.request("Hi").put("stream", true).put("gateway", new JsonObject().put("escalate", "never")),
                "X-Gateway-Escalate",
                "always");
        bench.models.to(SMALL).text(REFUSAL).finish(1, 1);
        assertEquals("draft requested", never.route());
        assertEquals(REFUSAL, never.text());
        Bench.Answer always = bench.ask(Bench.request("Hi"), "X-Gateway-Escalate", "always");
        bench.models.to(LARGE).answer("Hello", 1, 1);
        assertEquals("escalated requested", always.route());
        Bench.Answer wrong = bench.ask(Bench.request("Hi"), "X-Gateway-Escalate", "maybe");
        assertTrue(String.valueOf(wrong.failure().getMessage()).contains("x-gateway-escalate must be one of"));
    }

    @Test
    void aLargeModelThatIsDownLeavesTheDraft() {
        Bench bench = new Bench();
        Bench.Answer answer = bench.stream("What is the capital of France?");
        bench.models.to(SMALL).text(REFUSAL);
        bench.models.to(SMALL).finish(9, 8);
        bench.models.to(LARGE).fail(new GatewayException(ErrorCode.UPSTREAM_UNREACHABLE, "down"));
        assertEquals("fallback large_down", answer.route());
        assertEquals(REFUSAL, answer.text());
        assertEquals("draft", answer.served().tier());
        Bench.Answer refused = bench.stream("What is the capital of France?");
        bench.models.to(SMALL).text(REFUSAL).finish(9, 8);
        bench.models.to(LARGE).status(503, "overloaded");
        assertEquals("fallback large_down", refused.route());
    }

    @Test
    void aSlowLargeModelLeavesTheDraftThatGoesOn() {
        Bench bench = new Bench("budget.deadline", "5s", "hold.tokens", "6");
        Bench.Answer answer = bench.stream("What is the capital of France?");
        bench.models.to(SMALL).text(REFUSAL);
        bench.pass(Duration.ofSeconds(5));
        assertTrue(bench.models.to(LARGE).cancelled);
        assertEquals("fallback large_slow", answer.route());
        bench.models.to(SMALL).text(" Or can I?").finish(9, 10);
        assertEquals(REFUSAL + " Or can I?", answer.text());
    }

    @Test
    void overBudgetTheDraftIsTheAnswer() {
        Bench bench = new Bench("budget.tokens-per-minute", "10");
        Bench.Answer first = bench.plain("Why?");
        bench.models.to(SMALL).answer(REFUSAL, 9, 8);
        bench.models.to(LARGE).answer("Because.", 9, 2);
        assertEquals("escalated refusal", first.route());
        Bench.Answer second = bench.plain("Why?");
        bench.models.to(SMALL).answer(REFUSAL, 9, 8);
        assertEquals("fallback over_budget", second.route());
        assertEquals(REFUSAL, second.text());
        bench.pass(Duration.ofMinutes(1));
        bench.plain("Why?");
        bench.models.to(SMALL).answer(REFUSAL, 9, 8);
        assertEquals(2, bench.models.sent(LARGE));
    }

    @Test
    void aSmallModelThatIsDownIsReplacedOrToldAsConfigured() {
        Bench bench = new Bench();
        Bench.Answer answer = bench.stream("Why?");
        bench.models.to(SMALL).fail(new GatewayException(ErrorCode.UPSTREAM_UNREACHABLE, "down"));
        bench.models.to(LARGE).token("Because").finish(3, 1);
        assertEquals("fallback draft_down", answer.route());
        assertEquals("Because", answer.text());
        Bench strict = new Bench("draft-down", "error");
        Bench.Answer told = strict.stream("Why?");
        strict.models.to(SMALL).fail(new GatewayException(ErrorCode.UPSTREAM_UNREACHABLE, "small is down"));
        assertEquals("small is down", told.failure().getMessage());
        assertInstanceOf(GatewayException.class, told.failure());
        assertEquals(0, strict.models.sent(LARGE));
    }

    @Test
    void aRequestThatIsWrongIsToldAndNotRepeated() {
        Bench bench = new Bench();
        Bench.Answer answer = bench.stream("Why?");
        bench.models.to(SMALL).status(400, "temperature is no number");
        assertEquals(400, answer.reply().status());
        assertEquals(0, bench.models.sent(LARGE));
        Bench.Answer tooLong = bench.stream("Why?");
        bench.models.to(SMALL).status(400, "context_length_exceeded");
        bench.models.to(LARGE).token("Because");
        assertEquals("escalated context_limit", tooLong.route());
    }

    @Test
    void aHedgeStartsTheLargeModelAndTheFirstTokenWins() {
        Bench bench = new Bench("hedge-after", "2s");
        Bench.Answer answer = bench.stream("Why?");
        bench.pass(Duration.ofSeconds(2));
        bench.models.to(LARGE).token("Because");
        assertTrue(bench.models.to(SMALL).cancelled);
        assertEquals("hedged hedge", answer.route());
        Bench.Answer other = bench.stream("Why?");
        bench.pass(Duration.ofSeconds(2));
        bench.models.to(SMALL).token("Well");
        assertTrue(bench.models.to(LARGE).cancelled);
        bench.models.to(SMALL).text(", because of that.").finish(3, 4);
        assertEquals("draft confident", other.route());
        assertEquals("Well, because of that.", other.text());
    }

    @Test
    void anErrorNeverWinsAHedge() {
        Bench bench = new Bench("hedge-after", "2s");
        Bench.Answer answer = bench.stream("Why?");
        bench.pass(Duration.ofSeconds(2));
        bench.models.to(LARGE).status(500, "broken");
        assertFalse(answer.replied());
        bench.models.to(SMALL).text("Because of that.").finish(3, 4);
        assertEquals("Because of that.", answer.text());
        Bench.Answer other = bench.stream("Why?");
        bench.pass(Duration.ofSeconds(2));
        bench.models.to(SMALL).status(500, "broken");
        bench.models.to(LARGE).token("So");
        assertEquals("fallback draft_down", other.route());
    }

    @Test
    void aClientThatLeavesCancelsBothAndStartsNothing() {
        Bench bench = new Bench("hedge-after", "2s");
        Bench.Answer early = bench.stream("Why?");
        early.hangUp();
        assertTrue(bench.models.to(SMALL).cancelled);
        bench.pass(Duration.ofSeconds(10));
        assertEquals(0, bench.models.sent(LARGE));
        assertEquals(0, bench.alarms());
        Bench both = new Bench();
        Bench.Answer waiting = both.stream("Why?");
        both.models.to(SMALL).text(REFUSAL).finish(3, 9);
        waiting.hangUp();
        assertTrue(both.models.to(LARGE).cancelled);
        Bench late = new Bench("hold.tokens", "1");
        Bench.Answer streaming = late.stream("Why?");
        late.models.to(SMALL).token("Because");
        streaming.hangUp();
        assertTrue(late.models.to(SMALL).cancelled);
    }

    @Test
    void aShareIsNeverExceeded() {
        Bench bench = new Bench();
        int escalated = 0;
        for (int i = 1; i <= 200; i++) {
            Bench.Answer answer =
                    bench.ask(Bench.request("Why?").put("model", "hybrid@0.2").put("stream", true));
            bench.models.to(SMALL).text(REFUSAL).finish(3, 9);
            if (answer.replied()) {
                assertEquals("draft", answer.served().route().label());
            } else {
                bench.models.to(LARGE).token("Because").finish(3, 1);
                escalated++;
            }
            assertTrue(escalated <= 0.2 * i + 1, escalated + " of " + i);
        }
        assertTrue(escalated >= 20, "the share is used: " + escalated);
    }

    @Test
    void aShareThatIsNoneIsAnError() {
        Bench bench = new Bench();
        Bench.Answer answer = bench.ask(Bench.request("Why?").put("model", "hybrid@much"));
        assertTrue(String.valueOf(answer.failure().getMessage()).contains("hybrid@0.35"));
    }
}
