package dev.foundrygateway.evaluate;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** A number with its 95 % interval. */
@RegisterForReflection
record Interval(
        @JsonProperty("value") double value,
        @JsonProperty("low") double low,
        @JsonProperty("high") double high) {
    private static final int RESAMPLES = 1_000;
    private static final double Z = 1.959964;

    /** By bootstrap: the rows are drawn anew with their scores, a thousand times; one interval for each measure, in order. */
    static List<Interval> bootstrap(
            List<Row> rows, double[] scores, List<ToDoubleFunction<Curve>> measures, long seed) {
        Random random = new Random(seed);
        double[][] values = new double[measures.size()][RESAMPLES];
        for (int sample = 0; sample < RESAMPLES; sample++) {
            List<Row> drawn = new ArrayList<>(rows.size());
            double[] drawnScores = new double[scores.length];
            for (int i = 0; i < scores.length; i++) {
                int index = random.nextInt(scores.length);
                drawn.add(rows.get(index));
                drawnScores[i] = scores[index];
            }
            Curve curve = Curve.of(drawn, drawnScores);
            for (int measure = 0; measure < values.length; measure++) {
                values[measure][sample] = measures.get(measure).applyAsDouble(curve);
            }
        }
        Curve whole = Curve.of(rows, scores);
        List<Interval> intervals = new ArrayList<>();
        for (int measure = 0; measure < values.length; measure++) {
            Arrays.sort(values[measure]);
            intervals.add(new Interval(
                    measures.get(measure).applyAsDouble(whole),
                    values[measure][RESAMPLES / 40],
                    values[measure][RESAMPLES - 1 - RESAMPLES / 40]));
        }
        return intervals;
    }

    /** Of one measure over the indices of the rows drawn. */
    static Interval bootstrap(int rows, ToDoubleFunction<int[]> measure, long seed) {
        Random random = new Random(seed);
        double[] values = new double[RESAMPLES];
        for (int sample = 0; sample < RESAMPLES; sample++) {
            values[sample] = measure.applyAsDouble(random.ints(rows, 0, rows).toArray());
        }
        Arrays.sort(values);
        return new Interval(
                measure.applyAsDouble(IntStream.range(0, rows).toArray()),
                values[RESAMPLES / 40],
                values[RESAMPLES - 1 - RESAMPLES / 40]);
    }

    /** Of a share, by Wilson's formula. */
    static Interval ofShare(int hits, int of) {
        double p = (double) hits / of;
        double spread = Z * Math.sqrt(p * (1 - p) / of + Z * Z / (4.0 * of * of));
        double base = 1 + Z * Z / of;
        double middle = p + Z * Z / (2 * of);
        return new Interval(p, (middle - spread) / base, (middle + spread) / base);
    }

    /** As a report writes it. */
    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%.3f [%.3f, %.3f]", value, low, high);
    }
}
