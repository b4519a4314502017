package dev.foundrygateway.hybrid;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.foundrygateway.hybrid.ScoreModel.Stage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How witnesses are understood, and what their word moves. */
class WitnessWordsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "yes|0",
                "No|1",
                "' NO.'|1",
                "**no**|1",
                "'\n\nYes, it is.'|0",
                "Nein.|1",
                "Y|0",
                "Not correct.|1",
                "incorrect|1",
                "The answer is: no|1",
                "Well, yes|0",
                "The answer is not correct|-",
                "Canberra|-",
                "yes and no|0",
                "It is neither yes nor no.|-",
                "42|-",
                "''|-",
                "nope|1",
                "Yep.|0",
                "nee|1",
                "nej|1",
                "nei|1",
                "tak|0",
                "Sì.|0",
                "да|0",
                "Нет.|1",
                "是的|0",
                "不是|1",
                "正确|0",
                "不正确。|1",
                "正しい|0",
                "正しくない|1",
                "네|0",
                "아니요|1",
                "evet|0",
                "Hayır|1",
                "نعم|0",
                "لا|1",
                "हाँ|0",
                "नहीं|1",
                "nice|-",
                "N/A|-",
                "Not sure|-",
                "I'm not sure|-",
                "No idea.|-",
                "No errors found.|-",
                "Non lo so|-",
                "No lo sé|-",
                "Não sei|-",
                "No, errors abound|1",
                "不确定|-"
            })
    void aWordIsReadWhateverStandsAroundIt(String answer, String wrong) {
        OptionalDouble read = VerdictQuestion.wrong(answer, Map.of());
        assertEquals(wrong, read.isEmpty() ? "-" : Long.toString(Math.round(read.getAsDouble())));
    }

    @Test
    void probabilitiesGradeTheWordWhereTheyAreOfTheWord() {
        Map<String, Double> sure = Map.of(" No", Math.log(.6), "no", Math.log(.2), "Yes", Math.log(.2));
        assertEquals(.8, VerdictQuestion.wrong("No", sure).orElseThrow(), 1e-9);
        Map<String, Double> thinking = Map.of("<think>", Math.log(.99), "no", Math.log(.01));
        assertEquals(0, VerdictQuestion.wrong("yes", thinking).orElseThrow());
        assertTrue(VerdictQuestion.wrong("Canberra", Map.of("Canberra", -.1)).isEmpty());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Paris|paris.",
                "The capital is Paris|the capital is  PARIS!",
                "Brasília|Brasilia",
                "1,000|1000",
                "1 000 km|1000km",
                "3.50|3.5",
                "3,5|3.5",
                "18.00|$18",
                "18 dollars|18",
                "100 degrees|100 °",
                "an apple|Apple",
                "seven|7",
                "Answer is 7|7",
                "-4|-4.0",
            })
    void answersThatMeanTheSameAgree(String one, String other) {
        assertEquals(
                0,
                Agreement.differing(one, List.of(other)).orElseThrow(),
                Agreement.normal(one) + "/" + Agreement.normal(other));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"Paris|Lyon", "-4|4", "3.5|35", "10.05|10.5", "1000|100", "10 km|10 m", "yes|no"})
    void answersThatMeanSomethingElseDiffer(String one, String other) {
        assertEquals(1, Agreement.differing(one, List.of(other)).orElseThrow());
    }

    @Test
    void theShareOfOthersCounts() {
        assertEquals(0.5, Agreement.differing("Paris", List.of("paris", "Rome")).orElseThrow());
        assertTrue(Agreement.differing("Paris", List.of()).isEmpty());
        assertTrue(!Agreement.comparable("x".repeat(201)) && !Agreement.comparable(" ") && Agreement.comparable("x"));
    }

    @Test
    void theScoreRisesWithWhatWitnessesSayAndFallsWithWhatSpeaksForTheDraft() {
        ScoreModel model = Calibration.builtIn().at(Stage.WHOLE);
        SignalValues text = DraftSignals.read(Prompt.of("What is it?"), Draft.of("It is Paris."), true);
        double before = 0;
        for (double said : new double[] {0, .25, .5, .75, 1}) {
            double score = model.score(DraftSignals.read(Prompt.of("What is it?"), Draft.of("It is Paris."), true)
                            .set(Signal.VERDICT, said))
                    .score();
            assertTrue(score > before, "at " + said + " " + score);
            before = score;
            if (said == .5) {
                assertEquals(model.score(text.set(Signal.DISAGREEMENT, .5)).score(), score, 1e-9);
            }
        }
        ScoreModel.Scored both = model.score(text.set(Signal.VERDICT, 1).set(Signal.DISAGREEMENT, 1));
        assertTrue(both.score() > before);
        assertEquals(Signal.VERDICT, both.reason(.5));
        assertTrue(both.without() < both.score());
    }

    @Test
    void whatWasLearntOfOtherModelsTextsIsSilentWhereAWitnessSpeaks(@TempDir Path folder) throws IOException {
        ScoreModel builtIn = Calibration.builtIn().at(Stage.WHOLE);
        ScoreModel own = Calibration.read(Files.writeString(
                        folder.resolve("own.json"), Calibration.builtIn().json()))
                .at(Stage.WHOLE);
        for (ScoreModel model : List.of(builtIn, own)) {
            assertNotEquals(score(model, "What is it?"), score(model, "What is it? ".repeat(60)));
        }
        for (Signal witness : List.of(Signal.VERDICT, Signal.DISAGREEMENT, Signal.DECISION)) {
            assertEquals(
                    score(builtIn, "What is it?", witness), score(builtIn, "What is it? ".repeat(60), witness), 1e-9);
            assertNotEquals(score(own, "What is it?", witness), score(own, "What is it? ".repeat(60), witness));
        }
        // What is reason enough stays so.
        SignalValues refusal = DraftSignals.read(
                        Prompt.of("What is it?"), Draft.of("I'm sorry, but I cannot answer that."), true)
                .set(Signal.VERDICT, 0);
        assertTrue(builtIn.score(refusal).score() > .9);
        assertEquals(Signal.REFUSAL, builtIn.score(refusal).top());
    }

    private static double score(ScoreModel model, String question, Signal... against) {
        SignalValues values = DraftSignals.read(Prompt.of(question), Draft.of("It is Paris."), true);
        for (Signal witness : against) {
            values = values.set(witness, 1);
        }
        return model.score(values).score();
    }

    @Test
    void aLogProbabilityThatCannotBeIsTakenForCertain() {
        assertEquals(1, VerdictQuestion.wrong("No", Map.of("No", 1_000.0)).orElseThrow());
    }
}
