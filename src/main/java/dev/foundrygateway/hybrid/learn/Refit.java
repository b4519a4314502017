package dev.foundrygateway.hybrid.learn;

import dev.foundrygateway.hybrid.Calibration;
import dev.foundrygateway.hybrid.ScoreModel;
import dev.foundrygateway.hybrid.ScoreModel.Stage;
import dev.foundrygateway.hybrid.SignalValues;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * Whether a score that is fitted to labels is better than the one that there is, on labels that it was not fitted to: five times it is fitted to four fifths and
 * read off on the fifth. Or whether what was learnt has become worse than what it began at. Pure.
 */
public final class Refit {
    /** One-sided, 95 %. */
    private static final double LIKELY = 1.645;
    /** One-sided, 99 %: it is tried again with every few labels. */
    private static final double SURE = 2.326;
    /** With fewer labels that the present one had not seen, nothing can be said against it. */
    private static final int LEAST_NEW = 30;
    /** No single label decides. */
    private static final double FLOOR = 0.01;

    /**
     * What is in use because it was learnt.
     *
     * @param millis when the last label that it knows was given, since 1970
     */
    public record Learnt(Calibration calibration, long millis) {}

    private Refit() {}

    /**
     * The calibration fitted to all labels, if it is better.
     *
     * @param base what the fit begins at, which knows none of the labels
     * @param present what was learnt before, which has to be beaten too, on labels that it does not know
     */
    public static Optional<Calibration> of(List<Label> labels, Calibration base, Optional<Learnt> present, long seed) {
        Map<Stage, ScoreModel> stages = new EnumMap<>(Stage.class);
        stages.putAll(present.map(Learnt::calibration).orElse(base).stages());
        boolean[] wrong = new boolean[labels.size()];
        for (int i = 0; i < wrong.length; i++) {
            wrong[i] = labels.get(i).isWrong();
        }
        boolean better = false;
        for (Stage stage : List.of(Stage.WHOLE, Stage.OPENING)) {
            List<SignalValues> rows = labels.stream()
                    .map(stage == Stage.WHOLE ? Label::whole : Label::opening)
                    .toList();
            double[] scores = heldOut(rows, wrong, base.at(stage), seed);
            boolean beats = beats(scores, scores(rows, base.at(stage)), wrong)
                    && present.map(one -> beatsOnNew(
                                    labels,
                                    scores,
                                    scores(rows, one.calibration().at(stage)),
                                    wrong,
                                    one.millis()))
                            .orElse(true);
            if (beats) {
                stages.put(stage, StageFit.fit(rows, wrong, base.at(stage), seed));
                better |= stage == Stage.WHOLE;
            }
        }
        String description = "learnt from " + labels.size() + " labels of one's own traffic";
        return better ? Optional.of(new Calibration(description, stages)) : Optional.empty();
    }

    /** Goes back to the base at each stage where what was learnt is worse on labels that it does not know; empty if it is at none. */
    public static Optional<Calibration> back(List<Label> labels, Calibration base, Learnt present) {
        List<Label> fresh = labels.stream()
                .filter(label -> label.millis() > present.millis())
                .toList();
        boolean[] wrong = new boolean[fresh.size()];
        for (int i = 0; i < wrong.length; i++) {
            wrong[i] = fresh.get(i).isWrong();
        }
        Map<Stage, ScoreModel> stages = new EnumMap<>(Stage.class);
        stages.putAll(present.calibration().stages());
        boolean any = false;
        for (Stage stage : List.of(Stage.WHOLE, Stage.OPENING)) {
            List<SignalValues> rows = fresh.stream()
                    .map(stage == Stage.WHOLE ? Label::whole : Label::opening)
                    .toList();
            double[] own = scores(rows, base.at(stage));
            double[] learnt = scores(rows, present.calibration().at(stage));
            if (fresh.size() >= LEAST_NEW
                    && Ranking.auroc(own, wrong) >= Ranking.auroc(learnt, wrong)
                    && gain(own, learnt, wrong, LIKELY) > 0) {
                stages.put(stage, base.at(stage));
                any = true;
            }
        }
        String description = "the configured score again, which " + fresh.size() + " new labels speak for";
        return any ? Optional.of(new Calibration(description, stages)) : Optional.empty();
    }

    private static double[] heldOut(List<SignalValues> rows, boolean[] wrong, ScoreModel base, long seed) {
        double[] scores = new double[wrong.length];
        for (Folds.Fold fold : Folds.of(wrong.length, seed)) {
            ScoreModel fitted = StageFit.fit(
                    fold.train().stream().map(rows::get).toList(), Folds.pick(wrong, fold.train()), base, seed + 1);
            for (int i : fold.test()) {
                scores[i] = fitted.score(rows.get(i)).score();
            }
        }
        return scores;
    }

    private static double[] scores(List<SignalValues> rows, ScoreModel model) {
        return rows.stream().mapToDouble(row -> model.score(row).score()).toArray();
    }

    /** Surely better than chance, likely nearer to what happened, and no worse at telling wrong from right: labels by chance pass no such test. */
    private static boolean beats(double[] scores, double[] before, boolean[] wrong) {
        double auroc = Ranking.auroc(scores, wrong);
        return auroc - SURE * deviation(auroc, wrong) > 0.5
                && auroc >= Ranking.auroc(before, wrong)
                && gain(scores, before, wrong, LIKELY) > 0;
    }

    private static boolean beatsOnNew(
            List<Label> labels, double[] scores, double[] before, boolean[] wrong, long millis) {
        List<Integer> fresh = IntStream.range(0, wrong.length)
                .filter(i -> labels.get(i).millis() > millis)
                .boxed()
                .toList();
        double[] own = Folds.pick(scores, fresh);
        double[] other = Folds.pick(before, fresh);
        boolean[] truth = Folds.pick(wrong, fresh);
        return fresh.size() >= LEAST_NEW
                && Ranking.auroc(own, truth) >= Ranking.auroc(other, truth)
                && gain(own, other, truth, 0) > 0;
    }

    /** By how much less the first is surprised on the mean, less so many of that difference's standard errors. */
    private static double gain(double[] scores, double[] before, boolean[] wrong, double errors) {
        ToDoubleFunction<Integer> one = i -> surprise(before[i], wrong[i]) - surprise(scores[i], wrong[i]);
        double sum = 0;
        double squares = 0;
        for (int i = 0; i < wrong.length; i++) {
            double gained = one.applyAsDouble(i);
            sum += gained;
            squares += gained * gained;
        }
        double mean = sum / wrong.length;
        double variance = Math.max(0, squares / wrong.length - mean * mean);
        return mean - errors * Math.sqrt(variance / wrong.length);
    }

    private static double surprise(double score, boolean wrong) {
        double said = Math.max(FLOOR, Math.min(1 - FLOOR, score));
        return -Math.log(wrong ? said : 1 - said);
    }

    /**
     * The standard error of an AUROC.
     *
     * @see <a href="https://doi.org/10.1148/radiology.143.1.7063747">Hanley and McNeil (1982)</a>
     */
    private static double deviation(double auroc, boolean[] truth) {
        double positives = 0;
        for (boolean one : truth) {
            positives += one ? 1 : 0;
        }
        double negatives = truth.length - positives;
        if (positives == 0 || negatives == 0) {
            return Double.POSITIVE_INFINITY;
        }
        double square = auroc * auroc;
        double variance = auroc * (1 - auroc)
                + (positives - 1) * (auroc / (2 - auroc) - square)
                + (negatives - 1) * (2 * square / (1 + auroc) - square);
        return Math.sqrt(Math.max(0, variance) / (positives * negatives));
    }
}
