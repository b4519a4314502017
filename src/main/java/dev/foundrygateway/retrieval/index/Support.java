package dev.foundrygateway.retrieval.index;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * How well what was found answers the question, from 0 to 1. By words: how much of the question the best passage covers, and its lead over the tenth. With
 * vectors: how near the nearest is, the leads in both lists, and how far the lists agree on what comes first: where the passage that answers is missing, each
 * list puts something else there. How much the words cover is left out then, since it tells more about the question's length. Pure.
 */
final class Support {
    private static final int FIRST = 10;
    private static final int VERY_FIRST = 3;
    /** The share of the best possible score that a passage of usual length has with every word of the question once. */
    private static final double ONCE = .55;

    /** What near, leads and agreement of a passage that answers come to. */
    private static final double WHOLE = 2;

    private Support() {}

    static double of(List<Ranked> lexical, List<Ranked> dense, double best, VectorScale scale) {
        double share =
                lexical.isEmpty() || best <= 0 ? 0 : Math.min(1, lexical.get(0).score() / best);
        double cover = Math.min(1, share / ONCE);
        double lead = lexical.isEmpty() || best <= 0
                ? 0
                : share - share * last(lexical) / lexical.get(0).score();
        if (dense.isEmpty()) {
            double margin = share <= 0 ? 0 : lead / share;
            return Math.pow(cover, 1.5) * (.85 + .15 * margin);
        }
        double near = scale.near(dense.get(0).score());
        boolean known = scale.known();
        double alone = known ? near : 0;
        double denseLead = dense.size() < 2 ? alone : near - scale.near(last(dense));
        double agreement = .5 * agreement(lexical, dense, VERY_FIRST) + .5 * agreement(lexical, dense, FIRST);
        return Math.min(1, ((known ? near : cover) + denseLead + lead + agreement) / WHOLE);
    }

    /** The tenth's score, or the last one's; 0 where there is one only. */
    private static double last(List<Ranked> list) {
        return list.size() < 2 ? 0 : list.get(Math.min(FIRST, list.size()) - 1).score();
    }

    /** Which share of the nearest is among the first by words, beyond what chance would put there: in a small store all are in both lists. */
    private static double agreement(List<Ranked> lexical, List<Ranked> dense, int first) {
        Set<Integer> words = new HashSet<>();
        lexical.subList(0, Math.min(2 * FIRST, lexical.size())).forEach(entry -> words.add(entry.doc()));
        List<Ranked> nearest = dense.subList(0, Math.min(first, dense.size()));
        double both =
                nearest.stream().filter(entry -> words.contains(entry.doc())).count();
        double chance = Math.min(1, (double) words.size() / dense.size());
        return chance == 1 ? 0 : Math.max(0, (both / nearest.size() - chance) / (1 - chance));
    }
}
