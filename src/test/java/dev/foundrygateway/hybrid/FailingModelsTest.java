package dev.foundrygateway.hybrid;

import static dev.foundrygateway.hybrid.FakeModels.LARGE;
import static dev.foundrygateway.hybrid.FakeModels.SMALL;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.exchange.Observation;
import dev.foundrygateway.openai.ErrorCode;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The decision table's rows in which a model fails or is late, the budget is spent, or the client leaves. */
class FailingModelsTest {
    private static final String REFUSAL = "I'm sorry, but I cannot answer that question.";

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
        // The large model wrote it, and so it counts.
        assertTrue(bench.observed.contains(new Observation.Decision("hybrid", "draft_down", "escalated")));
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
    void aHedgeThatFailsAfterAnEmptyDraftIsNotWaitedFor() {
        Bench bench = new Bench("hedge-after", "2s");
        Bench.Answer answer = bench.stream("Why?");
        bench.pass(Duration.ofSeconds(2));
        bench.models.to(SMALL).finish(3, 0);
        bench.models.to(LARGE).fail(new GatewayException(ErrorCode.UPSTREAM_UNREACHABLE, "down"));
        // The empty draft is judged, and the large model asked once more.
        bench.models.to(LARGE).token("Because").finish(3, 1);
        assertEquals("escalated empty", answer.route());
        assertEquals(2, bench.models.sent(LARGE));
    }

    @Test
    void aDraftThatBrokeAndIsShownAllTheSameDoesNotEndWell() {
        Bench bench = new Bench("draft-down", "error");
        Bench.Answer answer = bench.stream("Why?");
        bench.models.to(SMALL).text("Because of ");
        bench.models.to(SMALL).fail(new GatewayException(ErrorCode.UPSTREAM_ERROR, "the stream broke"));
        assertEquals("draft draft_down", answer.route());
        assertEquals("Because of ", answer.text());
        answer.frames.assertFailedWith(GatewayException.class, "the stream broke");
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
}
