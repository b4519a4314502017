package dev.foundrygateway.hybrid;

import static dev.foundrygateway.hybrid.FakeModels.LARGE;
import static dev.foundrygateway.hybrid.FakeModels.SMALL;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.foundrygateway.exchange.Calls;
import dev.foundrygateway.openai.ChatMessage;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The model that answered a conversation's last turn, preferred where the score is undecided. */
class StickinessTest {
    private static final String FIRST = "What is the capital of Australia?";
    private static final String[] ON = {"sticky", "0.45"};

    /** One turn: asked, answered by the small model with a draft that its score alone would keep. */
    private static Bench.Answer turn(Bench bench, JsonArray conversation) {
        Bench.Answer answer = bench.ask(Bench.request("").put("messages", conversation));
        bench.models.to(SMALL).answer("Sydney", 20, 2);
        return answer;
    }

    private static JsonArray first() {
        return new JsonArray().add(message("user", FIRST));
    }

    private static JsonArray second(String answer) {
        return first().add(message("assistant", answer)).add(message("user", "And of Austria?"));
    }

    private static JsonObject message(String role, String text) {
        return new JsonObject().put("role", role).put("content", text);
    }

    /** A first turn that the large model answers, since its client wants it so. */
    private static void answeredByLarge(Bench bench) {
        Bench.Answer large = bench.ask(
                Bench.request("").put("messages", first()).put("gateway", new JsonObject().put("escalate", "always")));
        bench.models.to(LARGE).answer("Canberra", 20, 2);
        assertEquals("escalated requested", large.route());
    }

    @Test
    void anUndecidedTurnStaysWithTheLargeModelThatAnsweredTheLast() {
        Bench bench = new Bench(ON);
        answeredByLarge(bench);
        Bench.Answer next = turn(bench, second("Canberra"));
        bench.models.to(LARGE).answer("Vienna", 40, 2);
        assertEquals("escalated sticky", next.route());
        assertEquals("Vienna", next.text());
    }

    @Test
    void anotherConversationAColdModelAndALongPauseDecideByTheScore() {
        Bench other = new Bench(ON);
        answeredByLarge(other);
        JsonArray foreign = new JsonArray()
                .add(message("user", "Hello?"))
                .add(message("assistant", "Canberra"))
                .add(message("user", "And of Austria?"));
        assertEquals("draft confident", turn(other, foreign).route());

        Bench cold = new Bench(ON);
        answeredByLarge(cold);
        cold.loaded = false;
        assertEquals("draft confident", turn(cold, second("Canberra")).route());

        Bench late = new Bench(ON);
        answeredByLarge(late);
        late.pass(Stickiness.KEPT.plusNanos(1));
        assertEquals("draft confident", turn(late, second("Canberra")).route());

        Bench off = new Bench();
        answeredByLarge(off);
        assertEquals("draft confident", turn(off, second("Canberra")).route());
    }

    @Test
    void aShareIsNotExceededForIt() {
        Bench bench = new Bench("sticky", "1", "target-share", "0");
        answeredByLarge(bench);
        assertEquals("draft confident", turn(bench, second("Canberra")).route());
        assertEquals(1, bench.models.sent(LARGE));
    }

    @Test
    void aBudgetThatIsSpentIsNotOverdrawnForIt() {
        Bench bench = new Bench("sticky", "1", "budget.tokens-per-minute", "10");
        answeredByLarge(bench);
        assertEquals("draft confident", turn(bench, second("Canberra")).route());
        assertEquals(1, bench.models.sent(LARGE));
        // The same conversation, once the minute is over.
        bench.pass(Duration.ofMinutes(1));
        Bench.Answer next = turn(bench, second("Canberra"));
        bench.models.to(LARGE).answer("Vienna", 40, 2);
        assertEquals("escalated sticky", next.route());
    }

    @Test
    void anUndecidedTurnStaysWithTheSmallModelThatAnsweredTheLast() {
        Bench bench = new Bench("sticky", "0.45", "threshold", "0.2");
        Bench.Answer kept = bench.ask(
                Bench.request("").put("messages", first()).put("gateway", new JsonObject().put("escalate", "never")));
        bench.models.to(SMALL).answer("Sydney", 20, 2);
        assertEquals("draft requested", kept.route());
        assertEquals("draft sticky", turn(bench, second("Sydney")).route());
    }

    @ParameterizedTest
    @CsvSource({
        "keep, 0.40, LARGE, escalate sticky",
        "keep, 0.39, LARGE, keep confident",
        "keep, 0.45, DRAFT, keep confident",
        "escalate, 0.60, DRAFT, keep sticky",
        "escalate, 0.61, DRAFT, escalate hedging",
        "escalate, 0.55, LARGE, escalate hedging",
        "refused, 0.55, DRAFT, escalate refusal",
        "unscored, 0, LARGE, keep short_draft"
    })
    void aClearScoreAndARuleThatHasDecidedStay(String said, double score, Side last, String expected) {
        OptionalDouble scored = said.equals("unscored") ? OptionalDouble.empty() : OptionalDouble.of(score);
        Verdict verdict =
                switch (said) {
                    case "keep" -> new Verdict.Keep(Signal.CONFIDENT, scored);
                    case "unscored" -> new Verdict.Keep(Signal.SHORT_DRAFT, scored);
                    case "refused" -> new Verdict.Escalate(Signal.REFUSAL, scored);
                    default -> new Verdict.Escalate(Signal.HEDGING, scored);
                };
        Verdict preferred = new Stickiness(0.1000001).prefer(verdict, 0.5, last);
        String kind = preferred instanceof Verdict.Keep ? "keep " : "escalate ";
        assertEquals(expected, kind + preferred.reason().label());
    }

    @Test
    void theConversationUsedLongestAgoIsForgotten() {
        Stickiness memory = new Stickiness(0.1);
        for (int i = 0; i <= Stickiness.MOST; i++) {
            memory.answered(asked("question " + i), Side.LARGE, 0);
        }
        assertEquals(Optional.empty(), memory.last(askedOn("question 0"), 0));
        assertEquals(Optional.of(Side.LARGE), memory.last(askedOn("question 1"), 0));
        assertEquals(
                Optional.empty(),
                memory.last(askedOn("question 1"), Duration.ofHours(1).toNanos()));
        assertEquals(Optional.empty(), memory.last(asked("question 1"), 0));
        assertEquals(Optional.empty(), memory.last(Stickiness.Conversation.NONE, 0));
    }

    @Test
    void conversationsThatBeginAlikeTellNothingIfBothModelsAnsweredThem() {
        Stickiness memory = new Stickiness(0.1);
        memory.answered(asked("Hello"), Side.DRAFT, 0);
        assertEquals(Optional.of(Side.DRAFT), memory.last(askedOn("Hello"), 0));
        memory.answered(asked("Hello"), Side.LARGE, 0);
        assertEquals(Optional.empty(), memory.last(askedOn("Hello"), 0));
        assertEquals(Optional.empty(), memory.last(of("alice", "Hello"), 0), "another caller's is another");
        memory.answered(asked("Hello"), Side.LARGE, Duration.ofHours(1).toNanos());
        assertEquals(
                Optional.of(Side.LARGE),
                memory.last(askedOn("Hello"), Duration.ofHours(1).toNanos()));
    }

    @Test
    void whatAProgramSaysAroundAConversationMayChange() {
        Stickiness memory = new Stickiness(0.1);
        List<ChatMessage> cited = messages(new JsonArray()
                .add(message("system", "Cite your sources."))
                .add(message("user", "Sources: ... Question: Hello")));
        memory.answered(Stickiness.Conversation.of("", cited, "Hello"), Side.LARGE, 0);
        assertEquals(Optional.of(Side.LARGE), memory.last(askedOn("Hello"), 0));
    }

    @Test
    void whatFollowsToolCallsBelongsToWhoeverMadeThem() {
        Stickiness memory = new Stickiness(0.1);
        memory.answered(asked("Hello"), Side.LARGE, 0);
        JsonArray loop = new JsonArray()
                .add(message("user", "Hello"))
                .add(message("assistant", ""))
                .add(message("tool", "42"));
        Stickiness.Conversation next = Stickiness.Conversation.of("", messages(loop), "Hello");
        assertEquals(Optional.of(Side.LARGE), memory.last(next, 0));
        memory.answered(next, Side.LARGE, 0);
        assertEquals(Optional.of(Side.LARGE), memory.last(askedOn("Hello"), 0), "and the next turn too");
    }

    @Test
    void whatTheProgramSaysBehindAQuestionIsNoAnswerToIt() {
        Stickiness memory = new Stickiness(0.1);
        memory.answered(asked("Hello"), Side.LARGE, 0);
        for (String role : List.of("system", "developer", "assistant")) {
            JsonArray told = new JsonArray()
                    .add(message("user", "Hello"))
                    .add(message("assistant", "Hi"))
                    .add(message("user", "And now?"))
                    .add(message(role, "Answer in JSON."));
            Stickiness.Conversation next = Stickiness.Conversation.of("", messages(told), "And now?");
            assertEquals(Optional.of(Side.LARGE), memory.last(next, 0), role);
        }
    }

    private static Stickiness.Conversation asked(String question) {
        return Stickiness.Conversation.of("", messages(new JsonArray().add(message("user", question))), question);
    }

    private static Stickiness.Conversation askedOn(String question) {
        return of("", question);
    }

    private static List<ChatMessage> messages(JsonArray messages) {
        return Calls.chat(Bench.request("").put("messages", messages).encode(), 0)
                .request()
                .conversation();
    }

    private static Stickiness.Conversation of(String caller, String question) {
        JsonArray messages = new JsonArray()
                .add(message("user", question))
                .add(message("assistant", "So it is."))
                .add(message("tool", "42"))
                .add(message("user", "And then?"));
        return Stickiness.Conversation.of(caller, messages(messages), "And then?");
    }

    @Test
    void itsWidthIsAPartOfAScoreAndRefineModeHasNone() {
        assertEquals(
                "gateway.hybrid.hybrid.sticky must be from 0 to 1",
                assertThrows(IllegalArgumentException.class, () -> new Bench("sticky", "1.5"))
                        .getMessage());
        assertEquals(
                "gateway.hybrid.hybrid.sticky needs mode=fallback: refine mode has no score that could be undecided",
                assertThrows(IllegalArgumentException.class, () -> new Bench("sticky", "0.1", "mode", "refine"))
                        .getMessage());
    }
}
