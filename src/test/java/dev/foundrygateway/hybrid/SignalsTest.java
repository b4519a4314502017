package dev.foundrygateway.hybrid;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.ToIntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The signals, one by one. */
class SignalsTest {
    /** Counts how often somebody looks at a character. */
    private static final class Watched implements CharSequence {
        private final String text;
        private long looks;

        private Watched(String text) {
            this.text = text;
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public char charAt(int index) {
            looks++;
            return text.charAt(index);
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return text.subSequence(start, end);
        }

        @Override
        public String toString() {
            return text;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"7", "1,", "5 ", "5+", ".", "1+1=<<", "5 a ", " ", "\n", "1.1"})
    void aDraftOfTwiceTheLengthIsTwiceTheWork(String piece) {
        for (ToIntFunction<CharSequence> read : List.<ToIntFunction<CharSequence>>of(
                text -> Arithmetic.equations(text, true), DraftSignals::sentences)) {
            Watched once = new Watched("5" + piece.repeat(2_000) + "x");
            Watched twice = new Watched("5" + piece.repeat(4_000) + "x");
            int found = read.applyAsInt(once);
            assertTrue(found <= read.applyAsInt(twice), piece);
            assertTrue(twice.looks < 2.5 * once.looks + 10_000, once.looks + " and " + twice.looks);
        }
    }

    @Test
    void anOpeningHasTheLogProbabilitiesOfItsPart() {
        Draft draft = new Draft("x".repeat(400), List.of(), List.of(-1.0, -1.0, -9.0, -9.0), "stop");
        assertEquals(List.of(-1.0, -1.0), draft.opening(200).logprobs());
        assertEquals(200, draft.opening(200).text().length());
        assertEquals(draft, draft.opening(400));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Leider kann ich diese Frage nicht beantworten.",
                "Das kann ich leider nicht beantworten.",
                "Dazu kann ich dir nicht viel sagen, das weiß ich leider nicht.",
                "Leider habe ich dazu keine Informationen.",
                "Malheureusement, je ne peux pas répondre à cette question.",
                "Je ne suis pas en mesure de répondre.",
                "Lamentablemente, no puedo responder a esa pregunta.",
                "Purtroppo non posso rispondere a questa domanda.",
                "Infelizmente, não posso responder a essa pergunta."
            })
    void refusalsAreReadInTheirOrdersOfWords(String text) {
        assertTrue(Phrases.refuses(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Leider kann ich das nur bestätigen: es regnet.",
                "Das kann ich nicht genug empfehlen.",
                "Malheureusement, il pleut.",
                "Purtroppo piove.",
                "No puedo más que aplaudir."
            })
    void whatOnlySoundsLikeOneIsNone(String text) {
        assertFalse(Phrases.refuses(text));
    }

    private static SignalValues whole(String question, String draft) {
        return DraftSignals.read(Prompt.of(question), Draft.of(draft), true);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "I'm sorry, but I can't help with that.",
                "I don't know the answer.",
                "As an AI language model, I cannot know that.",
                "The provided context does not contain the answer.",
                "Das weiß ich leider nicht.",
                "Es tut mir leid, aber ich kann das nicht beantworten.",
                "Je ne sais pas.",
                "Lo siento, pero no puedo ayudar."
            })
    void refusalsAreSeenInEachLanguage(String draft) {
        assertEquals(1, whole("Why?", draft).get(Signal.REFUSAL));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Paris is the capital.",
                "The clerk said that he was sorry, and left.",
                "Ich weiß: Paris.",
                "You can answer this by adding the two numbers."
            })
    void answersAreNoRefusals(String draft) {
        assertEquals(0, whole("Why?", draft).get(Signal.REFUSAL));
    }

    @Test
    void loopsAreSeenAndRulersAreNone() {
        assertEquals(
                1,
                whole("Why?", "So it goes. " + "It is what it is. ".repeat(8)).get(Signal.REPETITION));
        assertEquals(0, whole("Why?", "| a | b |\n" + "-".repeat(200)).get(Signal.REPETITION));
        assertEquals(
                0,
                whole("Why?", "One thing and another thing and a third thing.").get(Signal.REPETITION));
    }

    @Test
    void anotherLanguageIsSeenUnlessItWasAskedFor() {
        String german = "Die Hauptstadt ist Berlin und sie liegt an der Spree, nicht weit von der Grenze.";
        assertEquals(
                1,
                whole("What is the capital of Germany and where is that?", german)
                        .get(Signal.WRONG_LANGUAGE));
        assertEquals(
                0,
                whole("What is the capital of Germany? Say it in German.", german)
                        .get(Signal.WRONG_LANGUAGE));
        assertEquals(
                1,
                whole("What is the capital of China and where is that?", "中国的首都是北京。")
                        .get(Signal.WRONG_LANGUAGE));
    }

    @Test
    void equationsAreChecked() {
        SignalValues values = whole("Why?", "3 + 4 = 7 and 5 * $6 = $<<5*6=31>>31, so 10 / 4 = 2.5.");
        assertEquals(Math.log1p(2), values.get(Signal.RIGHT_EQUATIONS), 1e-9);
        assertEquals(Math.log1p(1), values.get(Signal.WRONG_EQUATIONS), 1e-9);
    }

    @Test
    void logprobsAreAbsentWhereThereAreNone() {
        assertFalse(whole("Why?", "So.").has(Signal.MEAN_LOGPROB));
        Draft sure = new Draft("So.", List.of(), List.of(-0.1, -0.1, -0.1, -0.1, -0.1, -4.1), "stop");
        SignalValues values = DraftSignals.read(Prompt.of("Why?"), sure, true);
        assertEquals(4.6 / 6, values.get(Signal.MEAN_LOGPROB), 1e-9);
        assertEquals(0.9, values.get(Signal.LOWEST_LOGPROB), 1e-9);
    }

    @Test
    void toolCallsMustBeObjects() {
        Draft broken = new Draft("", List.of("{\"city\":"), List.of(), "tool_calls");
        assertEquals(1, DraftSignals.read(Prompt.of("Why?"), broken, true).get(Signal.BROKEN_TOOL_CALL));
        assertEquals(0, DraftSignals.read(Prompt.of("Why?"), broken, false).get(Signal.BROKEN_TOOL_CALL));
        assertEquals(0, DraftSignals.read(Prompt.of("Why?"), broken, true).get(Signal.EMPTY));
    }

    @Test
    void whatTheSourcesDoNotSayIsUnsupported() {
        Prompt prompt = new Prompt(
                "Where is the tower?",
                List.of(),
                false,
                false,
                false,
                9,
                OptionalLong.empty(),
                false,
                "The tower stands in Paris.",
                OptionalDouble.empty(),
                0);
        assertEquals(
                0,
                DraftSignals.read(prompt, Draft.of("The tower stands in Paris."), true)
                        .get(Signal.UNSUPPORTED));
        assertTrue(DraftSignals.read(prompt, Draft.of("London houses several towers."), true)
                        .get(Signal.UNSUPPORTED)
                > 0.9);
    }

    @Test
    void askingAgainIsSeen() {
        Prompt prompt = new Prompt(
                "where is the tower",
                List.of("Where is the tower?"),
                false,
                false,
                false,
                9,
                OptionalLong.empty(),
                false,
                "",
                OptionalDouble.empty(),
                0);
        assertEquals(1, PromptSignals.read(prompt).get(Signal.ASKED_AGAIN));
    }

    @Test
    void sourcesThatDoNotAnswerSpeakForTheLargeModel() {
        EscalationPolicy policy = new EscalationPolicy(Calibration.builtIn());
        assertTrue(policy.before(supported(.02), .5) instanceof Verdict.Escalate escalate
                && escalate.reason() == Signal.RETRIEVAL_SUPPORT);
        assertTrue(policy.before(supported(.4), .5) instanceof Verdict.Keep);
        assertTrue(policy.before(Prompt.of("where is the tower"), .5) instanceof Verdict.Keep);
    }

    @Test
    void whereNoSignalDecidesTheScoreIsTheReason() {
        EscalationPolicy policy = new EscalationPolicy(Calibration.builtIn());
        Draft plain = Draft.of("The capital of France is Paris.");
        Prompt question = Prompt.of("What is the capital of France?");
        for (double threshold : new double[] {0, .1, .2}) {
            assertEquals(Signal.SCORE, policy.atEnd(question, plain, threshold).reason());
            assertEquals(Signal.SCORE, policy.after(question, plain, threshold).reason());
        }
        assertEquals(
                Signal.HEDGING,
                policy.atEnd(question, Draft.of("I think that it might be Paris, but I'm not sure."), .5)
                        .reason());
        // All would have been escalated at that threshold, but a fault is told all the same.
        assertEquals(Signal.EMPTY, policy.atEnd(question, Draft.of(" "), 0).reason());
        assertEquals(
                Signal.REFUSAL,
                policy.after(question, Draft.of("I'm sorry, but I cannot answer that."), 0)
                        .reason());
    }

    @Test
    void noWeightCanBeGivenToWhatIsNoEvidence() {
        assertTrue(Signal.LINE_BREAKS.evidence());
        assertFalse(Signal.SCORE.evidence());
        assertFalse(Signal.LARGE_DOWN.evidence());
    }

    private static Prompt supported(double support) {
        return new Prompt(
                "where is the tower",
                List.of(),
                false,
                false,
                false,
                9,
                OptionalLong.empty(),
                false,
                "The tower stands in Paris.",
                OptionalDouble.of(support),
                0);
    }

    @Test
    void thePageHasWordsForEachReason() throws IOException {
        String words = Files.readString(Path.of("src/main/resources/META-INF/resources/playground/words.js"));
        for (Signal signal : Signal.values()) {
            assertTrue(words.contains("\n  " + signal.label() + ": \""), signal.label());
        }
    }
}
