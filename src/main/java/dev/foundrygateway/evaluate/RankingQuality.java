package dev.foundrygateway.evaluate;

import java.util.List;
import java.util.Map;

/** How good one ranking is, as trec_eval counts it. Pure. */
final class RankingQuality {
    private RankingQuality() {}

    /** Average precision: the precision at each relevant document, averaged over all that there are. */
    static double averagePrecision(List<String> ranking, Map<String, Integer> relevant) {
        double sum = 0;
        int found = 0;
        for (int rank = 0; rank < ranking.size(); rank++) {
            if (relevant.containsKey(ranking.get(rank))) {
                found++;
                sum += (double) found / (rank + 1);
            }
        }
        return sum / relevant.size();
    }

    /** Discounted gain of the first k against the best that is possible. */
    static double ndcg(List<String> ranking, Map<String, Integer> relevant, int k) {
        double gain = 0;
        for (int rank = 0; rank < Math.min(k, ranking.size()); rank++) {
            gain += relevant.getOrDefault(ranking.get(rank), 0) / log2(rank + 2);
        }
        List<Integer> best = relevant.values().stream()
                .sorted(java.util.Comparator.reverseOrder())
                .limit(k)
                .toList();
        double ideal = 0;
        for (int rank = 0; rank < best.size(); rank++) {
            ideal += best.get(rank) / log2(rank + 2);
        }
        return gain / ideal;
    }

    /** The share of the relevant documents among the first k. */
    static double recall(List<String> ranking, Map<String, Integer> relevant, int k) {
        return (double) found(ranking, relevant, k) / relevant.size();
    }

    /** The share of relevant documents among the first k. */
    static double precision(List<String> ranking, Map<String, Integer> relevant, int k) {
        return (double) found(ranking, relevant, k) / k;
    }

    /** 1 if a relevant document is among the first k, else 0. */
    static double hit(List<String> ranking, Map<String, Integer> relevant, int k) {
        return found(ranking, relevant, k) > 0 ? 1 : 0;
    }

    /** How well scores tell positives from negatives: the chance that a positive has the higher one, ties counting half. */
    static double auroc(List<Double> positives, List<Double> negatives) {
        double wins = 0;
        for (double positive : positives) {
            for (double negative : negatives) {
                wins += positive > negative ? 1 : positive == negative ? .5 : 0;
            }
        }
        return wins / ((double) positives.size() * negatives.size());
    }

    private static long found(List<String> ranking, Map<String, Integer> relevant, int k) {
        return ranking.stream().limit(k).filter(relevant::containsKey).count();
    }

    private static double log2(double value) {
        return Math.log(value) / Math.log(2);
    }
}
