package dev.foundrygateway.evaluate;

import dev.foundrygateway.hybrid.Isotonic;
import dev.foundrygateway.hybrid.Signal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * Scores that no row helped to make its own of: fitted on four fifths, read off on the fifth.
 */
final class CrossValidation {
    private final double[] logits;
    private final double[] probabilities;

    private CrossValidation(double[] logits, double[] probabilities) {
        this.logits = logits;
        this.probabilities = probabilities;
    }

    /** Not to be changed. */
    double[] logits() {
        return logits;
    }

    /** Not to be changed. */
    double[] probabilities() {
        return probabilities;
    }

    private static final int FOLDS = 5;

    static CrossValidation run(List<Row> rows, SignalSet set, List<Signal> signals, long seed) {
        double[][] x = set.values(rows, signals);
        boolean[] wrong = wrong(rows);
        List<Integer> shuffled = new ArrayList<>();
        for (int i = 0; i < x.length; i++) {
            shuffled.add(i);
        }
        Collections.shuffle(shuffled, new Random(seed));
        double[] logits = new double[x.length];
        double[] probabilities = new double[x.length];
        for (int fold = 0; fold < FOLDS; fold++) {
            List<Integer> train = new ArrayList<>();
            List<Integer> test = new ArrayList<>();
            for (int i = 0; i < shuffled.size(); i++) {
                (i % FOLDS == fold ? test : train).add(shuffled.get(i));
            }
            Logistic fitted = Logistic.fit(train.stream().map(i -> x[i]).toArray(double[][]::new), pick(wrong, train));
            double[] raw = train.stream().mapToDouble(i -> fitted.logit(x[i])).toArray();
            Isotonic isotonic = IsotonicFit.fit(raw, pick(wrong, train));
            for (int i : test) {
                logits[i] = fitted.logit(x[i]);
                probabilities[i] = isotonic.at(logits[i]);
            }
        }
        return new CrossValidation(logits, probabilities);
    }

    static boolean[] wrong(List<Row> rows) {
        boolean[] wrong = new boolean[rows.size()];
        for (int i = 0; i < wrong.length; i++) {
            wrong[i] = !rows.get(i).draftRight();
        }
        return wrong;
    }

    private static boolean[] pick(boolean[] all, List<Integer> indices) {
        boolean[] some = new boolean[indices.size()];
        for (int i = 0; i < some.length; i++) {
            some[i] = all[indices.get(i)];
        }
        return some;
    }

    /** The expected calibration error of these probabilities. */
    Interval calibrationError(List<Row> rows, long seed) {
        return CalibrationError.of(rows, probabilities, seed);
    }
}
