package dev.foundrygateway.hybrid;

import static dev.foundrygateway.hybrid.FakeModels.LARGE;
import static dev.foundrygateway.hybrid.FakeModels.SMALL;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.openai.ErrorCode;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Refine mode, the workshop's draft and refinement. */
class RefineTest {
    @ParameterizedTest
    @CsvSource({"599, draft short_draft", "600, refined long_draft", "601, refined long_draft"})
    void sixHundredCodePointsAreRefined(int characters, String expected) {
        Bench bench = new Bench("mode", "refine");
        Bench.Answer answer = bench.plain("Write a brief");
        // Each of these is two UTF-16 units and one code point.
        bench.models.to(SMALL).answer("\uD83D\uDE00".repeat(characters), 10, 280);
        if (expected.startsWith("refined")) {
            bench.models.to(LARGE).answer("Better", 300, 2);
        }
        assertEquals(expected, answer.route());
    }

    @Test
    void polishAsksAsTheWorkshopDoes() {
        Bench bench = new Bench("mode", "refine");
        String draft = "x".repeat(600);
        bench.plain("Write a brief");
        JsonObject first = bench.models.to(SMALL).request();
        assertEquals(280, first.getInteger("max_tokens"));
        assertFalse(first.containsKey("temperature"));
        bench.models.to(SMALL).answer(draft, 10, 280);
        JsonObject second = bench.models.to(LARGE).request();
        assertEquals(220, second.getInteger("max_tokens"));
        assertFalse(second.containsKey("temperature"));
        assertEquals(
                "[{\"role\":\"user\",\"content\":\"Refine and polish:\\n" + draft + "\"}]",
                second.getJsonArray("messages").encode());
    }

    @Test
    void clarifyHasItsOwnNumbersAndASmallerLimitOfTheClientStays() {
        Bench bench = new Bench("mode", "refine", "preset", "clarify");
        bench.ask(Bench.request("Write a brief").put("max_completion_tokens", 100));
        JsonObject first = bench.models.to(SMALL).request();
        assertEquals(100, first.getInteger("max_completion_tokens"));
        assertFalse(first.containsKey("max_tokens"));
        assertEquals(0.4, first.getDouble("temperature"));
        bench.models.to(SMALL).answer("y".repeat(700), 10, 100);
        JsonObject second = bench.models.to(LARGE).request();
        assertEquals(0.3, second.getDouble("temperature"));
        assertEquals(
                "Improve clarity but keep facts:\n" + "y".repeat(700),
                second.getJsonArray("messages").getJsonObject(0).getString("content"));
    }

    @Test
    void flagsAndPriorityRefineAShortDraft() {
        Bench bench = new Bench("mode", "refine", "flags", "audit");
        Bench.Answer flagged = bench.plain("Prepare the Audit");
        bench.models.to(SMALL).answer("Short.", 10, 2);
        bench.models.to(LARGE).answer("Longer.", 10, 2);
        assertEquals("refined flagged", flagged.route());
        Bench.Answer urgent =
                bench.ask(Bench.request("Hello").put("gateway", new JsonObject().put("priority", "high")));
        bench.models.to(SMALL).answer("Short.", 10, 2);
        bench.models.to(LARGE).answer("Longer.", 10, 2);
        assertEquals("refined priority", urgent.route());
    }

    @Test
    void aStreamShowsOnlyTheRefinementOrOnlyTheDraft() {
        Bench bench = new Bench("mode", "refine", "refine-characters", "20");
        Bench.Answer refined = bench.stream("Write a brief");
        bench.models.to(SMALL).text("This is a draft of some length.");
        assertFalse(refined.replied());
        bench.models.to(SMALL).finish(5, 8);
        bench.models.to(LARGE).text("This is better.").finish(20, 4);
        assertEquals("This is better.", refined.text());
        assertEquals(
                "refinement",
                refined.gateway().getJsonArray("legs").getJsonObject(1).getString("role"));
        Bench.Answer kept = bench.stream("Write a brief");
        bench.models.to(SMALL).text("This is a draft of some length.").finish(5, 8);
        bench.models.to(LARGE).fail(new GatewayException(ErrorCode.UPSTREAM_TIMEOUT, "slow"));
        assertEquals("This is a draft of some length.", kept.text());
        assertEquals("fallback large_down", kept.route());
    }

    /** What the large model says of a long draft, and what follows. */
    @ParameterizedTest
    @CsvSource({
        "yes, draft confident",
        "no, refined verdict",
        "perhaps, refined long_draft",
        "late, refined long_draft",
        "failing, refined long_draft"
    })
    void aLongDraftThatTheLargeModelHoldsRightIsNotRefined(String word, String expected) {
        Bench bench = new Bench("mode", "refine", "refine-characters", "20", "witnesses", "agreement,verdict");
        String draft = "Canberra is the capital of Australia.";
        Bench.Answer answer = bench.stream("What is the capital of Australia?");
        bench.models.to(SMALL).text(draft).finish(5, 8);
        FakeModels.Leg verdict = bench.models.to(LARGE);
        assertEquals(
                "What is the capital of Australia?" + VerdictQuestion.text(draft, true),
                verdict.request().getJsonArray("messages").getJsonObject(0).getString("content"));
        switch (word) {
            case "late" -> bench.pass(Duration.ofSeconds(2));
            case "failing" -> verdict.fail(new GatewayException(ErrorCode.UPSTREAM_TIMEOUT, "slow"));
            default -> verdict.answer(word, 40, 1);
        }
        if (expected.startsWith("refined")) {
            bench.models.to(LARGE).text("It is Canberra.").finish(20, 4);
        }
        assertEquals(expected, answer.route());
        assertEquals(expected.startsWith("refined") ? "It is Canberra." : draft, answer.text());
        assertEquals(1, bench.models.sent(SMALL), "no further answers of the small model");
        assertEquals(0, bench.alarms());
    }

    @Test
    void aShortDraftAFlaggedOneAndAModelThatIsNotLoadedAreNotAskedAbout() {
        Bench bench = new Bench("mode", "refine", "refine-characters", "20", "witnesses", "verdict", "flags", "audit");
        Bench.Answer plain = bench.plain("Hello");
        bench.models.to(SMALL).answer("Short.", 10, 2);
        assertEquals("draft short_draft", plain.route());
        assertEquals(0, bench.models.sent(LARGE));
        Bench.Answer flagged = bench.plain("Prepare the audit");
        bench.models.to(SMALL).answer("A draft of some length, about an audit.", 10, 8);
        bench.models.to(LARGE).answer("Better.", 10, 2);
        assertEquals("refined flagged", flagged.route());
        bench.loaded = false;
        Bench.Answer cold = bench.plain("Write a brief");
        bench.models.to(SMALL).answer("A draft of some length, about a brief.", 10, 8);
        bench.models.to(LARGE).answer("Better.", 10, 2);
        assertEquals("refined long_draft", cold.route());
    }

    @Test
    void aDraftThatBrokeOffIsRefinedWhateverIsSaidOfIt() {
        Bench bench = new Bench("mode", "refine", "refine-characters", "20", "witnesses", "verdict");
        Bench.Answer answer = bench.plain("Write a brief");
        JsonObject message = new JsonObject().put("role", "assistant").put("content", "A draft that ends in the mid");
        bench.models.to(SMALL).answer(message, "length", 10, 280);
        bench.models.to(LARGE).answer("A whole brief.", 10, 4);
        assertEquals("refined long_draft", answer.route());
        assertEquals(1, bench.models.sent(LARGE), "nobody is asked about it");
    }
}
