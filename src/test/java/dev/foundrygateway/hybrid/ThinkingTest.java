package dev.foundrygateway.hybrid;

import static dev.foundrygateway.hybrid.FakeModels.LARGE;
import static dev.foundrygateway.hybrid.FakeModels.SMALL;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a small model thinks aloud is not its answer: it is not judged and does not fill the hold. */
class ThinkingTest {
    private static final String QUESTION = "What is the capital of France?";
    private static final String DOUBT = "Is it Paris? I'm not sure, maybe Lyon? I don't know.";
    private static final String ANSWER = "The capital of France is Paris, a city on the Seine.";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<think>DOUBT</think>\nANSWER",
                "\n<Think>\nDOUBT\n</Think>\n\nANSWER",
                "<thinking>DOUBT</thinking>ANSWER",
                "<reasoning>DOUBT</reasoning>ANSWER",
                "[THINK]DOUBT[/THINK]ANSWER",
                "\u25c1think\u25b7DOUBT\u25c1/think\u25b7ANSWER",
                "DOUBT</think>\nANSWER",
                "<think>DOUBT</think><think>DOUBT</think>ANSWER",
                "<|channel|>analysis<|message|>DOUBT<|end|><|start|>assistant<|channel|>final<|message|>ANSWER<|return|>",
            })
    void theAnswerIsReadHoweverItIsCut(String form) {
        String text = form.replace("DOUBT", DOUBT).replace("ANSWER", ANSWER);
        for (int size = 1; size <= text.length(); size++) {
            ThoughtFilter filter = new ThoughtFilter();
            for (int at = 0; at < text.length(); at += size) {
                filter.take(text.substring(at, Math.min(text.length(), at + size)));
            }
            assertEquals(ANSWER, filter.answer().strip(), "pieces of " + size);
        }
    }

    @Test
    void whatIsNoThoughtStays() {
        assertEquals("Is 1 < 2, or [x] <th>?", Draft.Reader.answer("Is 1 < 2, or [x] <th>?"));
        assertEquals("It ends in <thi", Draft.Reader.answer("It ends in <thi"));
        assertEquals("Write <think> first.", Draft.Reader.answer("Write <think> first."));
        assertEquals("Sure.  Paris.", Draft.Reader.answer("Sure. <think>Lyon?</think> Paris."));
        assertEquals("", Draft.Reader.answer("<think>It goes on and on"));
    }

    @Test
    void doubtInAThoughtIsNoRefusal() {
        Bench bench = new Bench();
        Bench.Answer streamed = bench.stream(QUESTION);
        bench.models.to(SMALL).text("<think>" + DOUBT + "</think>\n" + ANSWER).finish(9, 30);
        assertEquals("draft confident", streamed.route());
        assertEquals("<think>" + DOUBT + "</think>\n" + ANSWER, streamed.text());
        Bench.Answer plain = bench.plain(QUESTION);
        bench.models.to(SMALL).answer("<think>" + DOUBT + "</think>\n" + ANSWER, 9, 30);
        assertEquals("draft confident", plain.route());
    }

    @Test
    void aRefusalBehindAThoughtIsOne() {
        Bench bench = new Bench();
        Bench.Answer answer = bench.stream(QUESTION);
        bench.models.to(SMALL).text("<think>Paris is it.</think>").text(DOUBT).finish(9, 30);
        bench.models.to(LARGE).token("Paris").finish(9, 1);
        assertEquals("escalated refusal", answer.route());
    }

    @ParameterizedTest
    @ValueSource(strings = {"reasoning_content", "reasoning"})
    void aThoughtLongerThanTheHoldFillsNothingOfIt(String member) {
        Bench bench = new Bench("hold.tokens", "4");
        Bench.Answer answer = bench.stream(QUESTION);
        IntStream.range(0, 70).forEach(i -> think(bench, member, "step " + i));
        bench.pass(Duration.ofSeconds(30));
        assertFalse(answer.replied());
        bench.models.to(SMALL).token("\n\n").text("The capital of ");
        assertFalse(answer.replied());
        bench.models.to(SMALL).token("France");
        assertEquals("draft confident", answer.route());
        bench.models.to(SMALL).text(" is Paris.").finish(9, 80);
        assertTrue(answer.text().endsWith("The capital of France is Paris."));
        assertEquals(0, bench.models.sent(LARGE));
    }

    @Test
    void textInsideTheMarksFillsNothingOfTheHold() {
        Bench bench = new Bench("hold.tokens", "3");
        Bench.Answer answer = bench.stream(QUESTION);
        bench.models.to(SMALL).text("<think> " + DOUBT + " " + DOUBT + " </thi");
        bench.pass(Duration.ofSeconds(30));
        assertFalse(answer.replied());
        bench.models.to(SMALL).token("nk>").text("The capital ");
        assertFalse(answer.replied());
        bench.models.to(SMALL).token("is");
        assertEquals("draft confident", answer.route());
    }

    @Test
    void theHoldsTimeBeginsWithTheAnswer() {
        Bench bench = new Bench("hold.time", "500ms");
        Bench.Answer answer = bench.stream(QUESTION);
        think(bench, "reasoning_content", "Well");
        bench.pass(Duration.ofSeconds(9));
        bench.models.to(SMALL).text("The capital ");
        bench.pass(Duration.ofMillis(499));
        assertFalse(answer.replied());
        bench.pass(Duration.ofMillis(1));
        assertEquals("draft confident", answer.route());
    }

    @Test
    void aThoughtThatNeverEndsIsNoAnswer() {
        Bench bench = new Bench();
        Bench.Answer marked = bench.stream(QUESTION);
        bench.models.to(SMALL).text("<think>" + ANSWER.repeat(9)).finish(9, 99);
        bench.models.to(LARGE).token("Paris").finish(9, 1);
        assertEquals("escalated empty", marked.route());
        assertEquals("Paris", marked.text());
        Bench.Answer apart = bench.stream(QUESTION);
        think(bench, "reasoning_content", ANSWER);
        bench.models.to(SMALL).finish(9, 99);
        bench.models.to(LARGE).token("Paris").finish(9, 1);
        assertEquals("escalated empty", apart.route());
    }

    @Test
    void theLargeModelRefinesTheAnswerAlone() {
        Bench bench = new Bench("mode", "refine", "refine-characters", "20");
        bench.plain(QUESTION);
        bench.models.to(SMALL).answer("<think>" + DOUBT + "</think>" + ANSWER, 9, 30);
        assertEquals(
                "Refine and polish:\n" + ANSWER,
                bench.models
                        .to(LARGE)
                        .request()
                        .getJsonArray("messages")
                        .getJsonObject(0)
                        .getString("content"));
        Bench.Answer brief = bench.plain(QUESTION);
        bench.models.to(SMALL).answer("<think>" + DOUBT + "</think>Paris.", 9, 30);
        assertEquals("draft short_draft", brief.route());
    }

    @Test
    void aToolCallFillsTheHoldAsTextDoes() {
        Bench bench = new Bench("hold.tokens", "1");
        Bench.Answer answer = bench.stream(QUESTION);
        think(bench, "reasoning_content", "I'd better look it up");
        assertFalse(answer.replied());
        bench.models
                .to(SMALL)
                .event(new JsonObject()
                        .put(
                                "choices",
                                new JsonArray()
                                        .add(
                                                new JsonObject()
                                                        .put("index", 0)
                                                        .put(
                                                                "delta",
                                                                new JsonObject()
                                                                        .put(
                                                                                "tool_calls",
                                                                                new JsonArray()
                                                                                        .add(
                                                                                                new JsonObject()
                                                                                                        .put("index", 0)
                                                                                                        .put(
                                                                                                                "function",
                                                                                                                new JsonObject()
                                                                                                                        .put(
                                                                                                                                "arguments",
                                                                                                                                "{")))))))
                        .encode());
        assertEquals("draft confident", answer.route());
    }

    private static void think(Bench bench, String member, String thought) {
        bench.models
                .to(SMALL)
                .event(new JsonObject()
                        .put(
                                "choices",
                                new JsonArray()
                                        .add(new JsonObject()
                                                .put("index", 0)
                                                .put("delta", new JsonObject().put(member, thought))))
                        .encode());
    }
}
