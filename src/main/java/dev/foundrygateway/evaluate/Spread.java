package dev.foundrygateway.evaluate;

import java.util.Arrays;
import java.util.List;

/**
 * How some measurements spread.
 *
 * @param average their mean
 * @param p50 their median
 * @param p95 the 95th percentile, interpolated between the neighbours
 */
record Spread(double average, double p50, double p95) {
    /** Of no measurement. */
    static final Spread NONE = new Spread(0, 0, 0);

    static Spread of(List<Double> measurements) {
        if (measurements.isEmpty()) {
            return NONE;
        }
        double[] sorted =
                measurements.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        return new Spread(Arrays.stream(sorted).average().orElse(0), quantile(sorted, 0.5), quantile(sorted, 0.95));
    }

    private static double quantile(double[] sorted, double share) {
        double place = share * (sorted.length - 1);
        int below = (int) place;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
    }
}
