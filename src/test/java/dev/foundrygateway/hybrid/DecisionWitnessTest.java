package dev.foundrygateway.hybrid;

import static dev.foundrygateway.hybrid.FakeModels.LARGE;
import static dev.foundrygateway.hybrid.FakeModels.SMALL;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.foundrygateway.exchange.Observation;
import dev.foundrygateway.exchange.Operation;
import dev.foundrygateway.openai.DecisionQuestion;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The decision table's rows about the decision model. */
class DecisionWitnessTest {
    private static final String QUESTION = "What is the capital of Australia?";
    private static final String DECIDER = "laya";
    private static final String USAGE = ",\"usage\":{\"input_tokens\":30,\"output_tokens\":0}}";

    private static Bench bench(String... more) {
        String[] all = new String[more.length + 4];
        all[0] = "witnesses";
        all[1] = "decision";
        all[2] = "decision-model";
        all[3] = DECIDER;
        System.arraycopy(more, 0, all, 4, more.length);
        return new Bench(all);
    }

    private static Bench.Answer drafted(Bench bench) {
        Bench.Answer answer = bench.plain(QUESTION);
        bench.models.to(SMALL).answer("Sydney", 20, 2);
        return answer;
    }

    private static String noul(double right) {
        return "{\"answers\":{\"right\":{\"type\":\"noul\",\"noul\":" + right + "}}" + USAGE;
    }

    @Test
    void itsNoEscalatesAndIsALegWithItsTokens() {
        Bench bench = bench("threshold", "0.4").priced(1, 10);
        Bench.Answer answer = drafted(bench);
        assertFalse(answer.replied());
        FakeModels.Leg asked = bench.models.to(DECIDER);
        assertEquals(Operation.SYSTEM_ONE, asked.call.operation());
        assertEquals(
                "Question: " + QUESTION + "\n\nProposed answer: Sydney",
                asked.request().getString("state"));
        asked.reply(noul(0.02));
        bench.models.to(LARGE).answer("Canberra", 20, 3);
        assertEquals("escalated decision", answer.route());
        assertEquals("Canberra", answer.text());
        JsonObject gateway = answer.gateway();
        List<String> roles = gateway.getJsonArray("legs").stream()
                .map(leg -> ((JsonObject) leg).getString("role"))
                .toList();
        assertEquals(List.of("draft", "decision", "escalation"), roles);
        assertEquals(30, gateway.getJsonObject("deciding").getInteger("prompt_tokens"));
        assertTrue(bench.observed.contains(new Observation.Decision("hybrid", "decision", "escalated")));
        assertEquals(0, bench.alarms());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "SYSTEM_ONE | {\"answers\":{\"right\":{\"noul\":0.97}}}",
                "DECISIONS | {\"answers\":[{\"type\":\"predicate\",\"probability\":0.97}]}",
            })
    void itsYesSavesADraftThatItsScoreWouldReject(DecisionQuestion form, String yes) {
        Bench bench = bench(
                "threshold", "0.2", "decision-api", form == DecisionQuestion.DECISIONS ? "decisions" : "system-one");
        Bench.Answer answer = drafted(bench);
        assertEquals(
                form == DecisionQuestion.DECISIONS ? "/decisions" : "/systemone",
                bench.models.to(DECIDER).call.operation().path());
        bench.models.to(DECIDER).reply(yes);
        assertEquals("draft confident", answer.route());
        assertEquals(0, bench.models.sent(LARGE));
    }

    @ParameterizedTest
    @ValueSource(strings = {"slow", "failing", "status", "unreadable", "long"})
    void withoutItsWordTheScoreDecides(String how) {
        Bench bench = bench("witness-time", "1s");
        Bench.Answer answer = drafted(bench);
        FakeModels.Leg asked = bench.models.to(DECIDER);
        switch (how) {
            case "slow" -> {
                bench.pass(Duration.ofMillis(999));
                assertFalse(answer.replied());
                bench.pass(Duration.ofMillis(1));
                assertTrue(asked.cancelled);
            }
            case "failing" -> asked.fail(new IllegalStateException("gone"));
            case "status" -> asked.status(404, "no such path");
            case "unreadable" -> asked.reply("{\"answers\":{}}");
            default ->
                asked.reply("{\"x\":\"" + "x".repeat(DecisionQuestion.MOST_BYTES) + "\"," + noul(0).substring(1));
        }
        assertEquals("draft confident", answer.route());
        assertEquals(0, bench.alarms());
        assertEquals(0, bench.models.sent(LARGE));
    }

    @Test
    void whatItLeavesOpenTheLargeModelIsAsked() {
        Bench bench = new Bench(
                "witnesses",
                "agreement,decision,verdict",
                "decision-model",
                DECIDER,
                "threshold",
                "0.4",
                "samples",
                "1");
        Bench.Answer answer = drafted(bench);
        assertEquals(
                0,
                bench.models.calls.stream()
                        .filter(leg -> leg.model().equals(DECIDER))
                        .count());
        bench.models.to(SMALL).answer("Perth", 20, 2);
        assertEquals(0, bench.models.sent(LARGE));
        bench.models.to(DECIDER).reply(noul(0.9));
        assertEquals(1, bench.models.sent(LARGE));
        bench.models.to(LARGE).answer("yes", 40, 1);
        assertEquals("draft confident", answer.route());
    }

    @ParameterizedTest
    @CsvSource({"undecided,0.05", "budget.tokens-per-minute,0", "target-share,0"})
    void itIsNotAskedWhereNothingWouldFollow(String setting, String value) {
        Bench bench = bench(setting, value);
        assertTrue(drafted(bench).replied());
        assertEquals(0, bench.models.sent(DECIDER));
    }

    @Test
    void itIsNotLoadedForAQuestion() {
        Bench bench = bench();
        bench.loaded = false;
        assertEquals("draft confident", drafted(bench).route());
        assertEquals(0, bench.models.sent(DECIDER));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "witnesses=decision                                        | decision-model is missing",
                "decision-model=laya                                       | decision-model is not asked",
                "witnesses=decision,decision-model=laya,mode=refine        | witnesses has decision",
                "hold.paragraph-tokens=48                                  | hold.paragraph-tokens must be more than hold.tokens",
                "hold.paragraph-tokens=90,mode=refine                      | hold.paragraph-tokens needs mode=fallback",
                "hold.paragraph-time=0s                                    | hold.paragraph-time must be greater",
            })
    void settingsThatContradictAreNamed(String settings, String said) {
        String[] all = settings.split("[,=]", -1);
        String message = String.valueOf(assertThrows(IllegalArgumentException.class, () -> new Bench(all))
                .getMessage());
        assertTrue(message.contains("gateway.hybrid.hybrid." + said), message);
    }
}
