package dev.foundrygateway.hybrid;

import static dev.foundrygateway.hybrid.FakeModels.LARGE;
import static dev.foundrygateway.hybrid.FakeModels.SMALL;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The decision table of {@code docs/hybrid-decisions.md}, with the answer as the client sees it; failures are in {@link FailingModelsTest}. */
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
    void severalAnswersAreRefusedBeforeAnythingIsAsked() {
        Bench bench = new Bench();
        Bench.Answer answer = bench.ask(Bench.request("Hi").put("n", 2));
        assertTrue(String.valueOf(answer.failure().getMessage())
                .startsWith("n must be 1: model hybrid weighs one answer"));
        assertEquals(0, bench.models.sent(SMALL) + bench.models.sent(LARGE));
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
        assertEquals(500_000_000, answer.served().timeline().hold().orElse(0));
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
    void whatTheShareAloneEscalatesSaysSo() {
        Bench bench = new Bench();
        Bench.Answer answer = bench.ask(Bench.request("What is the capital of France?")
                .put("model", "hybrid@1")
                .put("stream", true));
        if (bench.models.sent(SMALL) > 0) {
            bench.models.to(SMALL).text(GOOD).finish(3, 9);
        }
        bench.models.to(LARGE).token("Paris").finish(3, 1);
        assertEquals("escalated score", answer.route());
    }

    @Test
    void aShareThatIsNoneIsAnError() {
        Bench bench = new Bench();
        Bench.Answer answer = bench.ask(Bench.request("Why?").put("model", "hybrid@much"));
        assertTrue(String.valueOf(answer.failure().getMessage()).contains("hybrid@0.35"));
    }
}
