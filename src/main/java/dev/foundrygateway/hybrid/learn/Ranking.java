package dev.foundrygateway.hybrid.learn;

import java.util.Arrays;
import java.util.Comparator;

/** How scores lie: who is above whom, and where their quantiles are. Pure. */
public final class Ranking {
    private static final int QUANTILES = 101;

    private Ranking() {}

    /** The chance that a true one has a higher score than a false one, equal scores counting half; 0.5 where all are true or all false. */
    public static double auroc(double[] scores, boolean[] truth) {
        int n = scores.length;
        Integer[] order = new Integer[n];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, Comparator.comparingDouble(i -> scores[i]));
        double ranks = 0;
        long positives = 0;
        for (int i = 0; i < n; ) {
            int j = i;
            while (j < n && scores[order[j]] == scores[order[i]]) {
                j++;
            }
            double rank = (i + j + 1) / 2.0;
            for (int k = i; k < j; k++) {
                if (truth[order[k]]) {
                    ranks += rank;
                    positives++;
                }
            }
            i = j;
        }
        long negatives = n - positives;
        return positives == 0 || negatives == 0
                ? 0.5
                : (ranks - positives * (positives + 1) / 2.0) / ((double) positives * negatives);
    }

    /** The 0th, 1st … 100th percentile, as a calibration has them. */
    public static double[] quantiles(double[] scores) {
        double[] sorted = Arrays.stream(scores).sorted().toArray();
        double[] quantiles = new double[QUANTILES];
        for (int i = 0; i < QUANTILES; i++) {
            quantiles[i] = sorted[(int) Math.round((sorted.length - 1) * (double) i / (QUANTILES - 1))];
        }
        return quantiles;
    }
}
