package dev.foundrygateway.hybrid;

import static dev.foundrygateway.hybrid.FakeModels.LARGE;
import static dev.foundrygateway.hybrid.FakeModels.SMALL;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.foundrygateway.exchange.Observation;
import dev.foundrygateway.openai.TokenEstimate;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The decision table's rows about witnesses: a draft whose score leaves it open, and what is asked about it. */
class WitnessTest {
    private static final String QUESTION = "What is the capital of Australia?";
    private static final String[] VERDICT = {"witnesses", "verdict"};

    /** A whole draft of the small model, which its score alone would keep. */
    private static Bench.Answer drafted(Bench bench) {
        Bench.Answer answer = bench.plain(QUESTION);
        bench.models.to(SMALL).answer("Sydney", 20, 2);
        return answer;
    }

    @Test
    void theLargeModelsNoEscalates() {
        Bench bench = new Bench(VERDICT).priced(1, 10);
        Bench.Answer answer = drafted(bench);
        assertFalse(answer.replied());
        JsonObject asked = bench.models.to(LARGE).request();
        assertEquals(1, asked.getInteger("max_tokens"));
        assertEquals(0, asked.getInteger("temperature"));
        assertFalse(asked.containsKey("logprobs"));
        JsonArray messages = asked.getJsonArray("messages");
        assertEquals(1, messages.size());
        assertEquals(
                QUESTION + VerdictQuestion.text("Sydney", true),
                messages.getJsonObject(0).getString("content"));

        bench.models.to(LARGE).answer("No", 40, 1);
        bench.models.to(LARGE).answer("Canberra", 20, 3);
        assertEquals("escalated verdict", answer.route());
        assertEquals("Canberra", answer.text());
        JsonArray legs = answer.gateway().getJsonArray("legs");
        assertEquals(List.of("draft", "verdict", "escalation"), roles(legs));
        assertEquals(41 * 10 / 1e6, legs.getJsonObject(1).getDouble("cost"), 1e-9);
        JsonObject deciding = answer.gateway().getJsonObject("deciding");
        assertEquals(40, deciding.getInteger("prompt_tokens"));
        assertEquals(1, deciding.getInteger("completion_tokens"));
        assertEquals(410 / 1e6, deciding.getDouble("cost"), 1e-9);
        assertEquals(80, answer.usage().getInteger("prompt_tokens"));
        assertTrue(bench.observed.contains(new Observation.Decision("hybrid", "verdict", "escalated")));
        assertTrue(bench.observed.contains(new Observation.Wasted("draft", 2)));
        assertEquals(
                1,
                bench.observed.stream()
                        .filter(one -> one instanceof Observation.Wasted)
                        .count());
        assertEquals(
                1,
                bench.observed.stream()
                        .filter(one -> one instanceof Observation.Score)
                        .count());
        assertEquals(0, bench.alarms());
    }

    @Test
    void theLargeModelsYesKeepsTheDraft() {
        Bench bench = new Bench(VERDICT).priced(1, 10);
        Bench.Answer answer = drafted(bench);
        bench.models.to(LARGE).answer("Yes.", 40, 1);
        assertEquals("draft confident", answer.route());
        assertEquals("Sydney", answer.text());
        assertTrue(answer.served().score().orElseThrow() < 0.1);
        assertEquals(List.of("draft", "verdict"), roles(answer.gateway().getJsonArray("legs")));
        assertTrue(bench.observed.stream().noneMatch(one -> one instanceof Observation.Wasted));
        assertEquals(1, bench.models.sent(LARGE));
    }

    @Test
    void aYesSavesADraftThatItsScoreWouldReject() {
        Bench bench = new Bench("witnesses", "verdict", "threshold", "0.2");
        Bench.Answer answer = drafted(bench);
        bench.models.to(LARGE).answer("yes", 40, 1);
        assertEquals("draft confident", answer.route());
    }

    @ParameterizedTest
    @ValueSource(strings = {"slow", "failing", "status", "unreadable", "empty", "thinking"})
    void withoutAVerdictTheScoreDecides(String how) {
        for (String threshold : List.of("0.5", "0.2")) {
            Bench bench = new Bench("witnesses", "verdict", "threshold", threshold, "witness-time", "3s");
            Bench.Answer answer = drafted(bench);
            FakeModels.Leg verdict = bench.models.to(LARGE);
            switch (how) {
                case "slow" -> {
                    bench.pass(Duration.ofMillis(2999));
                    assertFalse(answer.replied());
                    bench.pass(Duration.ofMillis(1));
                    assertTrue(verdict.cancelled);
                }
                case "failing" -> verdict.fail(new IllegalStateException("gone"));
                case "status" -> verdict.status(400, "no");
                case "unreadable" -> verdict.answer("Canberra", 40, 1);
                case "empty" -> verdict.answer("", 40, 1);
                default -> verdict.answer("<think>Is it, no", 40, 1);
            }
            if (threshold.equals("0.5")) {
                assertEquals("draft confident", answer.route());
                assertEquals("Sydney", answer.text());
            } else {
                bench.models.to(LARGE).answer("Canberra", 20, 3);
                assertTrue(answer.route().startsWith("escalated "), answer.route());
                assertFalse(answer.route().endsWith(" verdict"), answer.route());
                assertEquals("Canberra", answer.text());
            }
            assertEquals(0, bench.alarms());
        }
    }

    @Test
    void nothingIsAskedOfAModelThatIsNotLoadedUnlessAlways() {
        Bench auto = new Bench(VERDICT);
        auto.loaded = false;
        assertEquals("draft confident", drafted(auto).route());
        assertEquals(0, auto.models.sent(LARGE));

        Bench always = new Bench("verdict", "always");
        always.loaded = false;
        assertFalse(drafted(always).replied());
        assertEquals(1, always.models.sent(LARGE));

        Bench off = new Bench("verdict", "off", "witnesses", "agreement");
        off.loaded = true;
        drafted(off);
        assertEquals(0, off.models.sent(LARGE));
    }

    @ParameterizedTest
    @CsvSource({"undecided,0.05", "budget.tokens-per-minute,0", "target-share,0"})
    void nothingIsAskedWhereTheScoreIsClearOrTheLargeModelMayNotAnswer(String setting, String value) {
        Bench bench = new Bench("verdict", "always", setting, value);
        assertTrue(drafted(bench).replied());
        assertEquals(0, bench.models.sent(LARGE));
        assertEquals(1, bench.models.sent(SMALL));
    }

    @Test
    void whatIsClearOrNoTextIsNotAskedAbout() {
        Bench refusal = new Bench("verdict", "always", "undecided", "1");
        Bench.Answer answer = refusal.plain(QUESTION);
        refusal.models.to(SMALL).answer("I'm sorry, but I cannot answer that.", 20, 9);
        assertEquals(QUESTION, refusal.models.to(LARGE).call.request().lastUserText());
        assertFalse(answer.replied());

        Bench tools = new Bench("verdict", "always", "witnesses", "agreement,verdict");
        tools.plain(QUESTION);
        tools.models
                .to(SMALL)
                .answer(
                        new JsonObject(
                                "{\"role\":\"assistant\",\"content\":null,\"tool_calls\":[{\"id\":\"1\",\"type\":\"function\","
                                        + "\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}]}"),
                        20,
                        9);
        assertEquals(0, tools.models.sent(LARGE));
    }

    @Test
    void aLongDraftIsJudgedByItsOpeningWhileItGoesOn() {
        Bench bench = new Bench("verdict", "always", "hold.tokens", "4");
        Bench.Answer answer = bench.stream(QUESTION);
        bench.models.to(SMALL).text("The capital of Australia is ");
        assertTrue(bench.models
                .to(LARGE)
                .call
                .request()
                .lastUserText()
                .contains("A proposed answer begins: The capital of Australia"));
        assertFalse(bench.models.to(LARGE).request().containsKey("stream"));
        bench.models.to(SMALL).text("Sydney, a city.");
        assertFalse(answer.replied());
        bench.models.to(LARGE).answer("yes", 50, 1);
        assertEquals("draft confident", answer.route());
        bench.models.to(SMALL).finish(20, 9);
        assertEquals("The capital of Australia is Sydney, a city.", answer.text());
        assertTrue(answer.done());
    }

    @Test
    void aDraftThatBreaksWhileAWitnessIsHeardIsReplaced() {
        Bench bench = new Bench("verdict", "always", "hold.tokens", "4");
        Bench.Answer answer = bench.stream(QUESTION);
        bench.models.to(SMALL).text("The capital of Australia is ");
        FakeModels.Leg verdict = bench.models.to(LARGE);
        bench.models.to(SMALL).fail(new IllegalStateException("gone"));
        assertTrue(verdict.cancelled);
        bench.models.to(LARGE).text("Canberra.").finish(20, 3);
        assertEquals("fallback draft_down", answer.route());
        assertEquals("Canberra.", answer.text());
    }

    @Test
    void aClientThatLeavesEndsTheWitnessesToo() {
        Bench bench = new Bench("witnesses", "agreement,verdict");
        Bench.Answer answer = drafted(bench);
        answer.hangUp();
        assertEquals(3, bench.models.calls.size());
        assertTrue(bench.models.calls.get(1).cancelled && bench.models.calls.get(2).cancelled);
        assertEquals(0, bench.alarms());
    }

    @Test
    void furtherAnswersThatAgreeKeepTheDraftAndTheVerdictIsAskedNext() {
        Bench bench = new Bench("witnesses", "agreement,verdict", "samples", "3", "threshold", "0.4");
        Bench.Answer answer = drafted(bench);
        assertEquals(4, bench.models.sent(SMALL));
        JsonObject sample = bench.models.calls.get(3).request();
        assertEquals(0.8, sample.getDouble("temperature"));
        assertEquals(10, sample.getInteger("max_tokens"));
        bench.models.calls.get(1).answer("sydney.", 20, 2);
        bench.models.calls.get(2).answer("The Sydney", 20, 2);
        assertEquals(0, bench.models.sent(LARGE));
        bench.models.calls.get(3).answer("Sydney", 20, 2);
        assertEquals(1, bench.models.sent(LARGE));
        bench.models.to(LARGE).answer("yes", 40, 1);
        assertEquals("draft confident", answer.route());
        JsonObject gateway = answer.gateway();
        assertEquals(List.of("draft", "sample", "sample", "sample", "verdict"), roles(gateway.getJsonArray("legs")));
        assertEquals(7, gateway.getJsonObject("deciding").getInteger("completion_tokens"));
    }

    @Test
    void whereFurtherAnswersAgreeTheVerdictIsSpared() {
        Bench bench = new Bench("witnesses", "agreement,verdict");
        Bench.Answer answer = drafted(bench);
        bench.models.calls.get(1).answer("sydney", 20, 2);
        bench.models.calls.get(2).answer("Sydney.", 20, 2);
        assertEquals("draft confident", answer.route());
        assertEquals(0, bench.models.sent(LARGE));
    }

    @Test
    void furtherAnswersThatDifferEscalate() {
        Bench bench = new Bench("witnesses", "agreement", "threshold", "0.4");
        Bench.Answer answer = drafted(bench);
        bench.models.calls.get(1).answer("Melbourne", 20, 2);
        bench.models.calls.get(2).answer("Darwin", 20, 2);
        bench.models.to(LARGE).answer("Canberra", 20, 2);
        assertEquals("escalated disagreement", answer.route());
    }

    @Test
    void someOfTheFurtherAnswersAreEnough() {
        Bench bench = new Bench("witnesses", "agreement", "threshold", "0.4", "witness-time", "1s");
        Bench.Answer answer = drafted(bench);
        bench.models.calls.get(1).answer("Melbourne", 20, 2);
        bench.pass(Duration.ofSeconds(1));
        assertTrue(bench.models.calls.get(2).cancelled);
        bench.models.to(LARGE).answer("Canberra", 20, 2);
        assertEquals("escalated disagreement", answer.route());
    }

    @Test
    void aFurtherAnswerThatIsCutOrBlankSaysNothing() {
        Bench bench = new Bench("witnesses", "agreement", "samples", "3", "threshold", "0.4");
        Bench.Answer answer = drafted(bench);
        bench.models.calls.get(1).answer(message("The answer is the city of"), "length", 20, 10);
        bench.models.calls.get(2).answer(" ", 20, 1);
        bench.models.calls.get(3).answer("Sydney", 20, 2);
        assertEquals("draft confident", answer.route());
    }

    @Test
    void aFurtherAnswerHasRoomForTheDraftWhereNobodyCountedIt() {
        Bench bench = new Bench("witnesses", "agreement", "draft", "qwen3-4b", "undecided", "1");
        Bench.Answer answer = bench.plain(QUESTION);
        String text = "It is Sydney, a large city on the coast of New South Wales.";
        bench.models
                .to("qwen3-4b")
                .reply("{\"object\":\"chat.completion\",\"choices\":[{\"index\":0,\"finish_reason\":\"stop\","
                        + "\"message\":{\"role\":\"assistant\",\"content\":\"" + text + "\"}}]}");
        assertEquals(
                TokenEstimate.ofLength(text) + 8 + 256,
                bench.models.to("qwen3-4b").request().getLong("max_tokens"));
        assertFalse(answer.replied());
    }

    @Test
    void aWitnessThatIsTooLateHasCostWhatItReadAll() {
        Bench bench =
                new Bench("witnesses", "verdict", "witness-time", "3s", "budget.tokens-per-minute", "20").priced(1, 10);
        Bench.Answer answer = drafted(bench);
        bench.pass(Duration.ofSeconds(3));
        assertEquals("draft confident", answer.route());
        int read = answer.gateway().getJsonObject("deciding").getInteger("prompt_tokens");
        assertEquals((QUESTION + VerdictQuestion.text("Sydney", true)).length() / 4 + 1, read);
        assertTrue(answer.gateway().getBoolean("usage_estimated"));
        assertEquals(20 + read, answer.usage().getInteger("prompt_tokens"));
        bench.ask(Bench.request(QUESTION));
        bench.models.to(SMALL).answer("Sydney", 20, 2);
        assertEquals(1, bench.models.sent(LARGE), "the budget is spent");
    }

    @Test
    void aWitnessIsNotWaitedForLongerThanTheLargeModelMayBeAsked() {
        Bench bench = new Bench("witnesses", "verdict", "witness-time", "3s", "budget.deadline", "1s");
        Bench.Answer answer = drafted(bench);
        bench.pass(Duration.ofMillis(999));
        assertFalse(answer.replied());
        bench.pass(Duration.ofMillis(1));
        assertTrue(answer.replied());
        assertTrue(bench.models.to(LARGE).cancelled);
    }

    @Test
    void whatTheClientAskedOfItsOwnAnswerIsNotAskedOfAWordAboutIt() {
        Bench bench = new Bench(VERDICT);
        JsonObject question = new JsonObject().put("type", "text").put("text", QUESTION);
        JsonObject request = Bench.request("")
                .put("max_tokens", 500)
                .put("max_completion_tokens", 5)
                .put("n_predict", 5)
                .put("stop", "e")
                .put("logit_bias", new JsonObject().put("1", -100))
                .put("guided_choice", new JsonArray().add("Sydney"))
                .put("grammar", "root ::= \"Sydney\"");
        request.getJsonArray("messages").getJsonObject(0).put("content", new JsonArray().add(question));
        bench.ask(request);
        bench.models.to(SMALL).answer("Sydney", 20, 2);
        JsonObject asked = bench.models.to(LARGE).request();
        for (String limit : List.of("max_tokens", "max_completion_tokens", "n_predict")) {
            assertEquals(1, asked.getInteger(limit));
        }
        for (String member : List.of("stop", "logit_bias", "guided_choice", "grammar")) {
            assertFalse(asked.containsKey(member), member);
        }
        JsonArray parts = asked.getJsonArray("messages").getJsonObject(0).getJsonArray("content");
        assertEquals(2, parts.size(), "no part is empty");
        assertEquals(question, parts.getJsonObject(0));
        assertEquals(
                VerdictQuestion.text("Sydney", true), parts.getJsonObject(1).getString("text"));
    }

    private static JsonObject message(String text) {
        return new JsonObject().put("role", "assistant").put("content", text);
    }

    @Test
    void aThinkingModelHasRoomForItsThoughts() {
        Bench bench = new Bench("verdict", "always", "escalation", "gpt-oss-20b");
        drafted(bench);
        JsonObject asked = bench.models.to("gpt-oss-20b").request();
        assertEquals(256, asked.getInteger("max_tokens"));
        assertEquals("low", asked.getString("reasoning_effort"));
        Bench set = new Bench("verdict", "always", "verdict-tokens", "7", "verdict-logprobs", "true");
        drafted(set);
        assertEquals(7, set.models.to(LARGE).request().getInteger("max_tokens"));
        assertEquals(10, set.models.to(LARGE).request().getInteger("top_logprobs"));
    }

    private static List<String> roles(JsonArray legs) {
        return legs.stream().map(leg -> ((JsonObject) leg).getString("role")).toList();
    }
}
