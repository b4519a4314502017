package dev.foundrygateway.retrieval.index;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Makes one list of a lexical and a dense one. Pure. */
public enum Fusion {
    /**
     * Reciprocal rank: each list adds 1/(60 + rank), scaled so that first place in both is 1. Needs no labels.
     *
     * @see <a href="https://dl.acm.org/doi/10.1145/1571941.1572114">Cormack, Clarke, Büttcher: Reciprocal rank fusion (2009)</a>
     */
    RRF {
        @Override
        List<Ranked> fuse(List<Ranked> lexical, List<Ranked> dense, double denseWeight) {
            Map<Integer, Double> scores = new LinkedHashMap<>();
            for (List<Ranked> list : List.of(lexical, dense)) {
                for (int rank = 0; rank < list.size(); rank++) {
                    double weight = list == lexical ? 1 - denseWeight : denseWeight;
                    scores.merge(list.get(rank).doc(), weight * (K + 1) / (K + rank + 1), Double::sum);
                }
            }
            return sorted(scores);
        }
    },
    /** A weighted sum of both scores, each scaled to its list's range. Better than ranks where the weight is calibrated. */
    WEIGHTED {
        @Override
        List<Ranked> fuse(List<Ranked> lexical, List<Ranked> dense, double denseWeight) {
            Map<Integer, Double> scores = new LinkedHashMap<>();
            addScaled(scores, lexical, 1 - denseWeight);
            addScaled(scores, dense, denseWeight);
            return sorted(scores);
        }
    };

    private static final double K = 60;

    /**
     * The fused list, best first.
     *
     * @param denseWeight the dense list's share, from 0 to 1
     */
    abstract List<Ranked> fuse(List<Ranked> lexical, List<Ranked> dense, double denseWeight);

    private static void addScaled(Map<Integer, Double> scores, List<Ranked> list, double weight) {
        if (list.isEmpty()) {
            return;
        }
        double best = list.get(0).score();
        double worst = list.get(list.size() - 1).score();
        for (Ranked entry : list) {
            // The last of a list is still better than what is not in it, so the range starts a tenth below it.
            double scaled = best == worst ? 1 : .1 + .9 * (entry.score() - worst) / (best - worst);
            scores.merge(entry.doc(), weight * scaled, Double::sum);
        }
    }

    /** Of equals, the one that stands higher among those found by words is first, whatever numbers the engine gives them. */
    private static List<Ranked> sorted(Map<Integer, Double> scores) {
        return scores.entrySet().stream()
                .map(entry -> new Ranked(entry.getKey(), entry.getValue()))
                .sorted(Comparator.comparingDouble(Ranked::score).reversed())
                .toList();
    }
}
