package dev.foundrygateway.hybrid;

import static dev.foundrygateway.hybrid.FakeModels.LARGE;
import static dev.foundrygateway.hybrid.FakeModels.SMALL;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.foundrygateway.exchange.Observation;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The decision table's rows about long drafts that are judged once more at a paragraph's end. */
class ParagraphTest {
    private static final String QUESTION = "What is the capital of Australia?";
    private static final String OPENING = "The capital of Australia is ";

    private static Bench bench(String... more) {
        String[] all = new String[more.length + 8];
        String[] own = {"hold.tokens", "5", "hold.paragraph-tokens", "12", "verdict", "always", "threshold", "0.5"};
        System.arraycopy(own, 0, all, 0, own.length);
        System.arraycopy(more, 0, all, own.length, more.length);
        return new Bench(all);
    }

    /** The opening has come, and the large model has said yes to it. */
    private static Bench.Answer opened(Bench bench) {
        Bench.Answer answer = bench.stream(QUESTION);
        bench.models.to(SMALL).text(OPENING);
        bench.models.to(LARGE).answer("yes", 40, 1);
        assertFalse(answer.replied(), "it is held on");
        return answer;
    }

    private static long scores(Bench bench) {
        return bench.observed.stream()
                .filter(one -> one instanceof Observation.Score)
                .count();
    }

    @Test
    void aYesToTheParagraphReleasesIt() {
        Bench bench = bench();
        Bench.Answer answer = opened(bench);
        bench.models.to(SMALL).text("Canberra.\n\nIt ");
        assertEquals(2, bench.models.sent(LARGE));
        assertTrue(bench.models
                .to(LARGE)
                .call
                .request()
                .lastUserText()
                .contains("A proposed answer begins: " + OPENING + "Canberra."));
        bench.models.to(LARGE).answer("yes", 50, 1);
        assertEquals("draft confident", answer.route());
        bench.models.to(SMALL).text("lies inland.").finish(20, 12);
        assertEquals(OPENING + "Canberra.\n\nIt lies inland.", answer.text());
        assertTrue(answer.done());
        assertEquals(1, scores(bench), "an answer counts once");
        assertEquals(2, answer.gateway().getJsonObject("deciding").getInteger("completion_tokens"));
        assertEquals(0, bench.alarms());
    }

    @Test
    void aParagraphThatEndsWhileTheLargeModelIsAskedAboutTheOpeningIsJudgedWithTheNextPiece() {
        Bench bench = bench();
        Bench.Answer answer = bench.stream(QUESTION);
        bench.models.to(SMALL).text(OPENING);
        bench.models.to(SMALL).text("Canberra.\n\n");
        bench.models.to(LARGE).answer("yes", 40, 1);
        assertFalse(answer.replied(), "it is held on");
        bench.models.to(SMALL).text("It ");
        assertEquals(2, bench.models.sent(LARGE));
        bench.models.to(LARGE).answer("yes", 50, 1);
        assertEquals("draft confident", answer.route());
        bench.models.to(SMALL).finish(20, 8);
        assertEquals(OPENING + "Canberra.\n\nIt ", answer.text());
        assertEquals(0, bench.alarms());
    }

    @Test
    void aNoToTheParagraphEscalatesAndNothingOfTheDraftIsSeen() {
        Bench bench = bench();
        Bench.Answer answer = opened(bench);
        bench.models.to(SMALL).text("Sydney.\n\nIt ");
        bench.models.to(LARGE).answer("no", 50, 1);
        bench.models.to(LARGE).text("Canberra.").finish(20, 3);
        assertEquals("escalated verdict", answer.route());
        assertEquals("Canberra.", answer.text());
        assertTrue(bench.models.to(SMALL).cancelled);
    }

    @ParameterizedTest
    @ValueSource(strings = {"slow", "failing", "unreadable"})
    void withoutASecondWordTheFirstOneStands(String how) {
        Bench bench = bench("witness-time", "1s");
        Bench.Answer answer = opened(bench);
        bench.models.to(SMALL).text("Sydney.\n\nIt ");
        FakeModels.Leg second = bench.models.to(LARGE);
        switch (how) {
            case "slow" -> bench.pass(Duration.ofSeconds(1));
            case "failing" -> second.fail(new IllegalStateException("gone"));
            default -> second.answer("Canberra", 50, 1);
        }
        assertEquals("draft confident", answer.route());
        assertTrue(answer.served().score().orElseThrow() < 0.1);
        bench.models.to(SMALL).finish(20, 8);
        assertEquals(0, bench.alarms());
    }

    @Test
    void theParagraphIsJudgedByItsTextWhereTheBudgetIsSpentOrTheLargeModelIsNotLoaded() {
        Bench spent = bench("budget.tokens-per-minute", "41");
        Bench.Answer first = opened(spent);
        spent.models.to(SMALL).text("Canberra.\n\nIt ").finish(20, 8);
        assertEquals(2, spent.models.sent(LARGE), "what is not over is not counted yet");
        spent.models.to(LARGE).answer("yes", 50, 1);
        assertEquals("draft confident", first.route());
        Bench.Answer next = spent.stream(QUESTION);
        spent.models.to(SMALL).text(OPENING);
        assertFalse(next.replied());
        spent.models.to(SMALL).text("Canberra.\n\n");
        assertEquals("draft confident", next.route());
        assertEquals(2, spent.models.sent(LARGE));

        Bench cold = bench("verdict", "auto");
        cold.loaded = false;
        Bench.Answer answer = cold.stream(QUESTION);
        cold.models.to(SMALL).text(OPENING);
        assertFalse(answer.replied());
        cold.models.to(SMALL).text("Canberra.\n\n");
        assertEquals("draft confident", answer.route());
        assertEquals(0, cold.models.sent(LARGE));
    }

    @Test
    void whereNobodyMayBeAskedOnceMoreTheWordAboutTheOpeningStands() {
        Bench bench = bench("threshold", "0.2", "verdict", "auto");
        Bench.Answer answer = opened(bench);
        bench.loaded = false;
        bench.models.to(SMALL).text("Canberra.\n\n");
        assertEquals(1, bench.models.sent(LARGE));
        assertEquals("draft confident", answer.route());
    }

    @Test
    void aParagraphWithoutAnEndIsJudgedAtTheLimitOfPiecesOrOfTime() {
        Bench pieces = bench();
        Bench.Answer first = opened(pieces);
        pieces.models.to(SMALL).text("a b c d e f ");
        assertEquals(1, pieces.models.sent(LARGE));
        pieces.models.to(SMALL).text("g h ");
        assertEquals(2, pieces.models.sent(LARGE));
        pieces.models.to(LARGE).answer("yes", 50, 1);
        assertTrue(first.replied());

        Bench time = bench("hold.paragraph-time", "3s");
        Bench.Answer second = opened(time);
        time.pass(Duration.ofMillis(2999));
        assertEquals(1, time.models.sent(LARGE), "the opening's own limit is over");
        time.pass(Duration.ofMillis(1));
        assertEquals(2, time.models.sent(LARGE));
        time.models.to(LARGE).answer("yes", 50, 1);
        assertTrue(second.replied());
    }

    @Test
    void aDraftThatEndsBeforeIsJudgedWhole() {
        Bench bench = bench();
        Bench.Answer answer = opened(bench);
        bench.models.to(SMALL).text("Sydney.").finish(20, 6);
        assertTrue(bench.models
                .to(LARGE)
                .call
                .request()
                .lastUserText()
                .contains("Proposed answer: " + OPENING + "Sydney."));
        bench.models.to(LARGE).answer("no", 50, 1);
        bench.models.to(LARGE).text("Canberra.").finish(20, 3);
        assertEquals("escalated verdict", answer.route());
    }

    @Test
    void aDraftThatBreaksMeanwhileIsReplaced() {
        Bench bench = bench();
        Bench.Answer answer = opened(bench);
        bench.models.to(SMALL).fail(new IllegalStateException("gone"));
        bench.models.to(LARGE).text("Canberra.").finish(20, 3);
        assertEquals("fallback draft_down", answer.route());
        assertEquals("Canberra.", answer.text());
    }

    @Test
    void anOpeningThatIsRejectedIsNotHeldOnAndAPlainAnswerIsJudgedOnce() {
        Bench bench = bench();
        Bench.Answer answer = bench.stream(QUESTION);
        bench.models.to(SMALL).text(OPENING);
        bench.models.to(LARGE).answer("no", 40, 1);
        bench.models.to(LARGE).text("Canberra.").finish(20, 3);
        assertEquals("escalated verdict", answer.route());

        Bench plain = bench();
        Bench.Answer whole = plain.plain(QUESTION);
        plain.models.to(SMALL).answer(OPENING + "Canberra.\n\nIt lies inland.", 20, 9);
        plain.models.to(LARGE).answer("yes", 40, 1);
        assertEquals("draft confident", whole.route());
        assertEquals(1, plain.models.sent(LARGE));
    }

    @Test
    void byDefaultTheOpeningIsReleasedAtOnce() {
        Bench bench = new Bench("hold.tokens", "5");
        Bench.Answer answer = bench.stream(QUESTION);
        bench.models.to(SMALL).text(OPENING);
        assertTrue(answer.replied());
    }
}
