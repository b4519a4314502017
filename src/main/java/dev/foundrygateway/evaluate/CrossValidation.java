package dev.foundrygateway.evaluate;

import dev.foundrygateway.hybrid.Isotonic;
import dev.foundrygateway.hybrid.Signal;
import dev.foundrygateway.hybrid.learn.Folds;
import dev.foundrygateway.hybrid.learn.IsotonicFit;
import dev.foundrygateway.hybrid.learn.Logistic;
import java.util.Arrays;
import java.util.List;

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

    /**
     * Of these rows.
     *
     * @throws IllegalArgumentException when there is but one: nothing is left to fit on
     */
    static CrossValidation run(List<Row> rows, SignalSet set, List<Signal> signals, long seed) {
        if (rows.size() < 2) {
            throw new IllegalArgumentException(
                    "one row is too few: a score is fitted on the others; give two at least");
        }
        double[][] x = set.values(rows, signals);
        boolean[] wrong = wrong(rows);
        double[] logits = new double[x.length];
        double[] probabilities = new double[x.length];
        for (Folds.Fold fold : Folds.of(x.length, seed)) {
            double[][] train = Folds.pick(x, fold.train());
            boolean[] truth = Folds.pick(wrong, fold.train());
            Logistic fitted = Logistic.fit(train, truth);
            Isotonic isotonic = IsotonicFit.fit(
                    Arrays.stream(train).mapToDouble(fitted::logit).toArray(), truth);
            for (int i : fold.test()) {
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

    /** The expected calibration error of these probabilities. */
    Interval calibrationError(List<Row> rows, long seed) {
        return CalibrationError.of(rows, probabilities, seed);
    }
}
