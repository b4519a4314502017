package dev.foundrygateway.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.foundrygateway.hybrid.Calibration;
import dev.foundrygateway.hybrid.Draft;
import dev.foundrygateway.hybrid.EscalationPolicy;
import dev.foundrygateway.hybrid.Isotonic;
import dev.foundrygateway.hybrid.Prompt;
import dev.foundrygateway.hybrid.ScoreModel;
import dev.foundrygateway.hybrid.Verdict;
import dev.foundrygateway.hybrid.learn.IsotonicFit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

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
    void answersMatchWhateverTheirCaseAndArticle() {
        Question question = new Question("?", List.of("Canberra", "3.5"));
        assertTrue(question.isRight("The canberra."));
        assertTrue(question.isRight(" 3.5 "));
        assertFalse(question.isRight("Canberra or Sydney"));
    }
}
