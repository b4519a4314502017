package dev.foundrygateway.evaluate;

import java.util.List;
import java.util.stream.IntStream;

/**
 * The expected calibration error, ECE: how far, on average over ten bins, the probabilities are from what happened.
 *
 * @see <a href="https://arxiv.org/abs/1706.04599">Guo and others: On calibration of modern neural networks (2017)</a>
 */
final class CalibrationError {
    private static final int BINS = 10;

    private CalibrationError() {}

    /** With its interval. */
    static Interval of(List<Row> rows, double[] probabilities, long seed) {
        return Interval.bootstrap(rows.size(), drawn -> of(rows, probabilities, drawn), seed);
    }

    private static double of(List<Row> rows, double[] probabilities, int[] drawn) {
        double[] sum = new double[BINS];
        double[] happened = new double[BINS];
        for (int i : drawn) {
            int bin = Math.min(BINS - 1, (int) (probabilities[i] * BINS));
            sum[bin] += probabilities[i];
            happened[bin] += rows.get(i).draftRight() ? 0 : 1;
        }
        return IntStream.range(0, BINS)
                .mapToDouble(bin -> Math.abs(sum[bin] - happened[bin]) / drawn.length)
                .sum();
    }
}
