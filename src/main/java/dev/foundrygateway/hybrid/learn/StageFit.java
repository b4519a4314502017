package dev.foundrygateway.hybrid.learn;

import dev.foundrygateway.hybrid.ScoreModel;
import dev.foundrygateway.hybrid.ScoreModel.Weight;
import dev.foundrygateway.hybrid.Signal;
import dev.foundrygateway.hybrid.SignalValues;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Fits a stage's score to labels, beginning at one that there is: what is fitted is the difference, under a penalty, so that few labels change little. Weights of
 * what the labels do not show, and of what decides by itself, stay. Pure.
 */
final class StageFit {
    /** As much as some twenty-five labels of an even chance say: about a quarter of each is information. */
    private static final double PENALTY = 6;

    private StageFit() {}

    /** The fitted model; its table and quantiles come of scores of labels that the weights had not seen. */
    static ScoreModel fit(List<SignalValues> rows, boolean[] wrong, ScoreModel base, long seed) {
        List<Signal> signals = Arrays.stream(Signal.values())
                .filter(signal -> teachable(signal) && varies(rows, signal))
                .toList();
        double[][] x = rows.stream()
                .map(row -> signals.stream().mapToDouble(row::get).toArray())
                .toArray(double[][]::new);
        Logistic ranges = Logistic.fit(x, wrong, new double[x.length], PENALTY);
        Map<Signal, Weight> weights = new EnumMap<>(Signal.class);
        weights.putAll(base.weights());
        for (int j = 0; j < signals.size(); j++) {
            Weight had = weights.getOrDefault(signals.get(j), new Weight(0, 0, 1));
            weights.put(
                    signals.get(j),
                    new Weight(had.weight(), had.mean(), had.scale(), ranges.least()[j], ranges.most()[j]));
        }
        ScoreModel bounded = new ScoreModel(base.bias(), weights, base.isotonic(), new double[0]);
        double[] offsets = rows.stream().mapToDouble(bounded::logit).toArray();
        Logistic fitted = Logistic.fit(x, wrong, offsets, PENALTY);
        double bias = base.bias() + fitted.bias();
        for (int j = 0; j < signals.size(); j++) {
            Weight had = weights.getOrDefault(signals.get(j), new Weight(0, 0, 1));
            double mean = fitted.means()[j];
            double scale = fitted.scales()[j];
            bias += had.weight() * (mean - had.mean()) / had.scale();
            weights.put(
                    signals.get(j),
                    new Weight(
                            fitted.weights()[j] + had.weight() * scale / had.scale(),
                            mean,
                            scale,
                            fitted.least()[j],
                            fitted.most()[j]));
        }
        double[] unseen = unseen(x, wrong, offsets, seed);
        var isotonic = IsotonicFit.fit(unseen, wrong);
        double[] scores = Arrays.stream(unseen).map(isotonic::at).toArray();
        return new ScoreModel(bias, weights, isotonic, Ranking.quantiles(scores));
    }

    /** The sums of rows by weights that were fitted to the others. */
    private static double[] unseen(double[][] x, boolean[] wrong, double[] offsets, long seed) {
        double[] sums = new double[x.length];
        for (Folds.Fold fold : Folds.of(x.length, seed)) {
            Logistic fitted = Logistic.fit(
                    Folds.pick(x, fold.train()),
                    Folds.pick(wrong, fold.train()),
                    Folds.pick(offsets, fold.train()),
                    PENALTY);
            for (int i : fold.test()) {
                sums[i] = offsets[i] + fitted.logit(x[i]);
            }
        }
        return sums;
    }

    /** Not what decides by itself, which is right by rule; nor the verdict, which is what labels are made of. */
    private static boolean teachable(Signal signal) {
        return switch (signal.family()) {
            case QUESTION, TEXT, LOGPROBS -> true;
            case WITNESS -> signal != Signal.VERDICT;
            default -> false;
        };
    }

    /** Whether all rows have it, and not all the same, but for one in fifty. */
    private static boolean varies(List<SignalValues> rows, Signal signal) {
        double[] sorted =
                rows.stream().mapToDouble(row -> row.get(signal)).sorted().toArray();
        int outside = sorted.length / 100;
        // What is absent is not a number, and stands last.
        return !Double.isNaN(sorted[sorted.length - 1]) && sorted[outside] < sorted[sorted.length - 1 - outside];
    }
}
