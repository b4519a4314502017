package dev.foundrygateway.retrieval.index;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * How well what was found answers the question, from 0 to 1: the best passage's share of the best possible score (most of it), its lead over the rest of the
 * first ten, and how far the lexical and the dense list agree. Pure.
 */
final class Support {
    private static final int FIRST = 10;

    private Support() {}

    static double of(List<Ranked> lexical, List<Ranked> dense, double best) {
        if (lexical.isEmpty() && dense.isEmpty()) {
            return 0;
        }
        double share =
                lexical.isEmpty() || best <= 0 ? 0 : Math.min(1, lexical.get(0).score() / best);
        double margin = lexical.isEmpty() ? 0 : margin(lexical);
        if (dense.isEmpty()) {
            return .85 * share + .15 * margin * share;
        }
        // Cosine as Lucene scores it: 0.5 for unrelated texts.
        double near = Math.max(0, 2 * dense.get(0).score() - 1);
        return .4 * share + .1 * margin * share + .3 * near + .2 * agreement(lexical, dense);
    }

    private static double margin(List<Ranked> list) {
        double best = list.get(0).score();
        double last =
                list.size() < 2 ? 0 : list.get(Math.min(FIRST, list.size()) - 1).score();
        return best <= 0 ? 0 : (best - last) / best;
    }

    private static double agreement(List<Ranked> lexical, List<Ranked> dense) {
        Set<Integer> first = new HashSet<>();
        lexical.subList(0, Math.min(FIRST, lexical.size())).forEach(entry -> first.add(entry.doc()));
        long both = dense.subList(0, Math.min(FIRST, dense.size())).stream()
                .filter(entry -> first.contains(entry.doc()))
                .count();
        return (double) both / FIRST;
    }
}
