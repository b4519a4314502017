package dev.foundrygateway.hybrid.learn;

import dev.foundrygateway.hybrid.Calibration;
import dev.foundrygateway.hybrid.ScoreModel;
import dev.foundrygateway.hybrid.ScoreModel.Stage;
import dev.foundrygateway.hybrid.SignalValues;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Map;
import java.util.OptionalDouble;

/** The signals of the drafts that were judged last, kept or not, up to {@value #MOST} for each stage. Thread-safe. */
public final class Recent {
    private static final int MOST = 500;
    /** Fewer tell nothing of how scores lie. */
    private static final int LEAST = 100;

    private static final int BINS = 10;
    /** An empty bin counts as if half a draft were in it. */
    private static final double EMPTY = 0.5;

    private final Map<Stage, Deque<SignalValues>> judged = new EnumMap<>(Stage.class);

    /** A draft was judged. */
    public synchronized void add(Stage stage, SignalValues values) {
        Deque<SignalValues> ring = judged.computeIfAbsent(stage, key -> new ArrayDeque<>());
        ring.addLast(values);
        if (ring.size() > MOST) {
            ring.removeFirst();
        }
    }

    private synchronized double[] scores(Stage stage, ScoreModel model) {
        return judged.getOrDefault(stage, new ArrayDeque<>()).stream()
                .mapToDouble(values -> model.score(values).score())
                .toArray();
    }

    /** The same calibration with quantiles of these drafts: labels are of drafts that were kept, and shares count all. */
    public Calibration quantiles(Calibration fitted) {
        Map<Stage, ScoreModel> stages = new EnumMap<>(Stage.class);
        fitted.stages().forEach((stage, model) -> {
            double[] scores = scores(stage, model);
            stages.put(stage, scores.length < LEAST ? model : model.withQuantiles(Ranking.quantiles(scores)));
        });
        return new Calibration(fitted.description(), stages);
    }

    /**
     * How far the scores of these drafts lie from those that the calibration was fitted to: the population stability index, the larger one of openings and
     * wholes. Below 0.1 nothing has changed, above 0.25 much; empty while there are too few.
     */
    public OptionalDouble drift(Calibration fitted) {
        return Arrays.stream(Stage.values())
                .mapToDouble(stage -> drift(fitted.at(stage).quantiles(), scores(stage, fitted.at(stage))))
                .filter(index -> index >= 0)
                .max();
    }

    private static double drift(double[] before, double[] now) {
        if (before.length == 0 || now.length < LEAST) {
            return -1;
        }
        double index = 0;
        double under = Double.NEGATIVE_INFINITY;
        for (int bin = 1; bin <= BINS; bin++) {
            double over = bin == BINS ? Double.POSITIVE_INFINITY : before[bin * (before.length - 1) / BINS];
            if (over > under) {
                double expected = share(before, under, over);
                double seen = share(now, under, over);
                index += (seen - expected) * Math.log(seen / expected);
                under = over;
            }
        }
        return index;
    }

    private static double share(double[] scores, double above, double atMost) {
        long count = Arrays.stream(scores)
                .filter(score -> score > above && score <= atMost)
                .count();
        return Math.max(EMPTY, (double) count) / scores.length;
    }
}
