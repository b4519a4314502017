package dev.foundrygateway.hybrid;

import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * How likely a draft is wrong, of its signals: a logistic sum, set straight by an isotonic table. One for each {@link Stage}, since an opening shows less
 * than a whole. A witness that was not there when the rows were recorded has no weight; what it says then moves the odds of that result:
 * the large model's word for the draft divides them by 7.4, its word against it multiplies them by that; by 2.7 do further answers that all agree, or all differ,
 * and a decision model that is sure. What a {@link #foreign} model has learnt of texts is left out then: it was learnt of other models' answers, and witnesses know better.
 * Immutable.
 */
public final class ScoreModel {
    /** When a score is made. */
    public enum Stage {
        /** Before any model has read the prompt. */
        BEFORE,
        /** On a draft's opening. */
        OPENING,
        /** On a whole draft. */
        WHOLE
    }

    /**
     * One signal's part: {@code weight × (value − mean) / scale}. A signal that is absent adds nothing, as if it had its mean.
     *
     * @param least a value below counts as this one: outside of what calibration saw nothing was learnt, so a long prompt is not ever more suspect
     * @param most likewise above
     */
    public record Weight(double weight, double mean, double scale, double least, double most) {
        /** Without bounds. */
        public Weight(double weight, double mean, double scale) {
            this(weight, mean, scale, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);
        }

        /** Whether it was fitted to answers; what was set by hand has no bounds. */
        boolean fitted() {
            return Double.isFinite(least) && Double.isFinite(most);
        }

        double of(double value) {
            return weight * (Math.max(least, Math.min(most, value)) - mean) / scale;
        }
    }

    /**
     * A score and what raised it most.
     *
     * @param top the signal with the largest part above its mean; {@link Signal#SCORE} if none is above
     * @param without what the score would be without that part
     */
    public record Scored(double score, Signal top, double without) {
        /**
         * Why the threshold is reached, if it is: the top signal where that is reason enough, was asked since nothing else decided, or tipped the scales; else the
         * score as such.
         */
        public Signal reason(double threshold) {
            return top.decides() || top.family() == Signal.Family.WITNESS || without < threshold ? top : Signal.SCORE;
        }
    }

    private static final List<Signal> WITNESSES = List.of(Signal.VERDICT, Signal.DECISION, Signal.DISAGREEMENT);
    private static final Weight UNFITTED = new Weight(4, 0.5, 1);
    private static final Weight HALF = new Weight(2, 0.5, 1);
    /** Odds of less are as good as certain, and nothing would move them. */
    private static final double LEAST = 0.005;

    private final double bias;
    private final Map<Signal, Weight> weights;
    private final Isotonic isotonic;
    private final double[] quantiles;
    private final boolean foreign;

    /**
     * By its numbers.
     *
     * @param isotonic from the logistic sum to the probability
     * @param quantiles the scores seen in calibration, as their 0th, 1st … last quantile at even distances; empty if none were
     */
    public ScoreModel(double bias, Map<Signal, Weight> weights, Isotonic isotonic, double[] quantiles) {
        this(bias, weights, isotonic, quantiles, false);
    }

    private ScoreModel(
            double bias, Map<Signal, Weight> weights, Isotonic isotonic, double[] quantiles, boolean foreign) {
        this.foreign = foreign;
        this.bias = bias;
        EnumMap<Signal, Weight> copy = new EnumMap<>(Signal.class);
        copy.putAll(weights);
        this.weights = Collections.unmodifiableMap(copy);
        this.isotonic = isotonic;
        this.quantiles = quantiles.clone();
    }

    /** The logistic sum of these signals, before the table sets it straight. */
    public double logit(SignalValues values) {
        double sum = bias;
        for (Map.Entry<Signal, Weight> entry : weights.entrySet()) {
            if (counts(entry, values)) {
                sum += entry.getValue().of(values.get(entry.getKey()));
            }
        }
        return sum;
    }

    private boolean counts(Map.Entry<Signal, Weight> entry, SignalValues values) {
        return values.has(entry.getKey()) && !(foreign && entry.getValue().fitted() && witnessed(values));
    }

    /** Whether a witness speaks that the calibration knows nothing of. */
    private boolean witnessed(SignalValues values) {
        return WITNESSES.stream().anyMatch(witness -> values.has(witness) && !weights.containsKey(witness));
    }

    /** The same model for answers of other models than it was fitted to. */
    public ScoreModel foreign() {
        return new ScoreModel(bias, weights, isotonic, quantiles, true);
    }

    /** The same model with the quantiles of other scores. */
    public ScoreModel withQuantiles(double[] others) {
        return new ScoreModel(bias, weights, isotonic, others, foreign);
    }

    /** The score of these signals, from 0 to 1. */
    public Scored score(SignalValues values) {
        double sum = logit(values);
        double most = 0;
        Signal top = Signal.SCORE;
        for (Map.Entry<Signal, Weight> entry : weights.entrySet()) {
            if (counts(entry, values)) {
                double part = entry.getValue().of(values.get(entry.getKey()));
                if (part > most) {
                    most = part;
                    top = entry.getKey();
                }
            }
        }
        double score = isotonic.at(sum);
        double moved = 0;
        for (Signal witness : WITNESSES) {
            if (values.has(witness)) {
                boolean fitted = weights.containsKey(witness);
                Weight own = weights.getOrDefault(witness, witness == Signal.VERDICT ? UNFITTED : HALF);
                double part = own.of(values.get(witness));
                moved += fitted ? 0 : part;
                boolean first = top.family() != Signal.Family.WITNESS;
                if (part > 0 && !top.decides() && (first || part > most)) {
                    most = part;
                    top = witness;
                }
            }
        }
        return new Scored(
                moved == 0 ? score : odds(score, moved),
                top,
                weights.containsKey(top) || top == Signal.SCORE
                        ? odds(isotonic.at(sum - most), moved)
                        : odds(score, moved - most));
    }

    private static double odds(double probability, double moved) {
        double bounded = Math.max(LEAST, Math.min(1 - LEAST, probability));
        return moved == 0 ? probability : 1 / (1 + Math.exp(-(Math.log(bounded / (1 - bounded)) + moved)));
    }

    /**
     * The threshold at which so large a share of the calibration's drafts is escalated.
     *
     * @param share from 0 (none ever) to 1 (all)
     */
    public double thresholdFor(double share) {
        if (share <= 0 || quantiles.length == 0) {
            return share <= 0 ? Double.POSITIVE_INFINITY : 1 - share;
        }
        double place = (1 - share) * (quantiles.length - 1);
        int below = (int) Math.floor(place);
        int above = Math.min(quantiles.length - 1, below + 1);
        return quantiles[below] + (place - below) * (quantiles[above] - quantiles[below]);
    }

    public double bias() {
        return bias;
    }

    /** Its weights; cannot be changed. */
    public Map<Signal, Weight> weights() {
        return weights;
    }

    public Isotonic isotonic() {
        return isotonic;
    }

    /** The calibration's scores. */
    public double[] quantiles() {
        return Arrays.copyOf(quantiles, quantiles.length);
    }
}
