package dev.foundrygateway.evaluate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.foundrygateway.hybrid.Calibration;
import dev.foundrygateway.hybrid.Draft;
import dev.foundrygateway.hybrid.EscalationPolicy;
import dev.foundrygateway.hybrid.Isotonic;
import dev.foundrygateway.hybrid.Prompt;
import dev.foundrygateway.hybrid.ScoreModel;
import dev.foundrygateway.hybrid.Signal;
import dev.foundrygateway.hybrid.Verdict;
import dev.foundrygateway.hybrid.learn.IsotonicFit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Calibration and evaluation on rows whose truth is known by construction. */
class EvaluationTest {
    /** Drafts that ask back are wrong as a rule. */
    private static List<Row> rows() {
        Random random = new Random(1);
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            boolean asksBack = random.nextInt(3) == 0;
            boolean right = asksBack == (random.nextInt(10) == 0);
            String draft = asksBack ? "Is it 5? Or is it 6?" : "It is 5, as 2 + 3 = 5 shows.";
            rows.add(new Row("How much is 2 and 3, at " + i + "?", draft, List.of(), right, true));
        }
        return rows;
    }

    @Test
    void aSignalThatTellsIsFoundAndBeatsChance() {
        List<Row> rows = rows();
        CrossValidation unseen = CrossValidation.run(rows, SignalSet.GENERIC, SignalSet.GENERIC.signals(rows), 0);
        Curve curve = Curve.of(rows, unseen.logits());
        assertTrue(curve.auroc() > 0.8, "AUROC " + curve.auroc());
        // Asking back is right one time in ten, and so is the contrary: 0.74 is the best that any score gets on these
        // rows.
        assertTrue(curve.apgr() > 0.68, "APGR " + curve.apgr());
        assertTrue(curve.callsFor(0.5) < 0.3);
        assertTrue(unseen.calibrationError(rows, 0).value() < 0.1);
    }

    @Test
    void aCalibrationSurvivesItsFileAndDecides() throws IOException {
        Calibration made = Calibrator.calibrate("test", rows(), SignalSet.GENERIC, Calibration.builtIn(), 0);
        Path file = Files.createTempFile("calibration", ".json");
        Files.writeString(file, made.json());
        EscalationPolicy policy = new EscalationPolicy(Calibration.read(file));
        Files.delete(file);
        Prompt prompt = Prompt.of("How much is 2 and 3, at 7?");
        double threshold = policy.thresholdFor(ScoreModel.Stage.WHOLE, 0.3);
        assertTrue(policy.atEnd(prompt, Draft.of("Is it 5? Or is it 6?"), threshold) instanceof Verdict.Escalate);
        assertTrue(policy.atEnd(prompt, Draft.of("It is 5, as 2 + 3 = 5 shows."), threshold) instanceof Verdict.Keep);
        assertTrue(policy.atEnd(prompt, Draft.of("I don't know."), 0.95) instanceof Verdict.Escalate);
    }

    @Test
    void theTableRisesAndMeetsTheShares() {
        Random random = new Random(2);
        double[] raw = random.doubles(400, -2, 2).toArray();
        boolean[] truth = new boolean[raw.length];
        for (int i = 0; i < raw.length; i++) {
            truth[i] = random.nextDouble() < 1 / (1 + Math.exp(-2 * raw[i]));
        }
        Isotonic table = IsotonicFit.fit(raw, truth);
        assertTrue(table.at(-2) < 0.15);
        assertTrue(table.at(1.9) > 0.85);
        assertEquals(0.5, table.at(0), 0.2);
        assertEquals(1, table.at(100));
    }

    @Test
    void rowsOfOneScoreHaveTheMeanOfAllTheirOrders() {
        List<Row> rows = List.of(
                new Row("a", "1", List.of(), true, true),
                new Row("b", "2", List.of(), false, true),
                new Row("c", "3", List.of(), false, true),
                new Row("d", "4", List.of(), true, true));
        Curve curve = Curve.of(rows, new double[] {1, 1, 0, 0});
        assertArrayEquals(new double[] {0, .25, .5, .75, 1}, curve.recovered(), 1e-9);
        assertEquals(.75, curve.rightAt(.5), 1e-9);
        Curve better = Curve.of(rows, new double[] {0, 1, 1, 0});
        assertEquals(1, better.rightAt(.5), 1e-9);
        assertEquals(.5, better.rightAt(0), 1e-9);
    }

    @Test
    void aRowIsWrittenAndReadWithItsKindWitnessesAndPrice() throws IOException {
        Row row = new Row(
                "code",
                "Why?",
                "So",
                List.of(-0.5),
                false,
                true,
                Map.of(Signal.VERDICT, 1.0),
                OptionalDouble.of(0.7),
                Map.of("verdict", new Spent(75, 24, 1, 900)));
        Path file = Files.writeString(
                Files.createTempFile("rows", ".jsonl"), LiveRows.json(row).encode() + "\n");
        List<Row> read = RowReader.read(file);
        Files.delete(file);
        assertEquals(List.of(row), read);
        assertEquals(0.7, read.get(0).byProbabilities().evidence().get(Signal.VERDICT), 1e-9);
        assertTrue(RowTables.prices(read).contains("| verdict | 75.0 | 24.0 | 1.0 | 900 |"), RowTables.prices(read));
        assertTrue(RowTables.kinds(read).contains("| code | 1 | 0.000 "), RowTables.kinds(read));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "EXACT       | 7          | 7.                             | true",
                "EXACT       | 7          | It is 7                        | false",
                "LAST_NUMBER | 1234       | 12 * 100 + 34 = 1,234 euros.   | true",
                "LAST_NUMBER | 7          | 7.0                            | true",
                "LAST_NUMBER | 7          | 7 of 9                         | false",
                "LAST_NUMBER | 7          | seven                          | false",
                "ALL         | Tom;tent;45 | Tom, a baker, bought a tent for 45. | true",
                "ALL         | Tom;tent;45 | Tommy bought a tent for 45.     | false",
            })
    void anAnswerIsComparedAsItsQuestionSays(Question.Match match, String answers, String answer, boolean right) {
        Question question = new Question("", "?", List.of(answers.split(";", -1)), match, 24);
        assertEquals(right, question.isRight(answer));
    }

    @Test
    void onlyAShortAnswerIsAskedForAsOne() {
        assertEquals("Why? Answer with the bare answer only, no sentence.", new Question("Why?", List.of()).prompt());
        assertEquals("Why?", new Question("", "Why?", List.of(), Question.Match.ALL, 90).prompt());
    }

    @Test
    void answersMatchWhateverTheirCaseAndArticle() {
        Question question = new Question("?", List.of("Canberra", "3.5"));
        assertTrue(question.isRight("The canberra."));
        assertTrue(question.isRight(" 3.5 "));
        assertFalse(question.isRight("Canberra or Sydney"));
    }
}
