package dev.foundrygateway.retrieval.index;

import dev.foundrygateway.retrieval.Findings;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The last step of every search, whichever engine made its lists: fusion, scores and support. Pure.
 *
 * @param lexical by words, best first
 * @param plain by BM25 of the question's own words alone, best first: what scores are shares of
 * @param dense by the cosine of vectors, from 0 to 1, best first; empty where no vectors take part
 * @param best what a passage would score by BM25 that had every word of the question so often that one more would not count
 */
public record Ranking(List<Ranked> lexical, List<Ranked> plain, List<Ranked> dense, double best) {
    /** What a word in the title counts beside one of the whole passage. */
    public static final float TITLE_WEIGHT = .25f;

    /** What a word in the headings counts beside one of the whole passage. */
    public static final float HEADING_WEIGHT = .15f;

    /** Where a smaller share of the passages has vectors, those would stand before better ones that have none: words alone rank them. */
    public static final double ENOUGH_VECTORS = .9;

    /** How deep both lists go that are fused; deeper changes nothing near the top. */
    public static final int FUSION_DEPTH = 100;

    /** Where the passages of the lists can be read. */
    @FunctionalInterface
    public interface Source {
        /** The passage of that number. */
        Passage passage(int doc) throws IOException;
    }

    /** How rare a word is by BM25: the most it can add to a score, once. */
    public static double rarity(double passages, double with) {
        return Math.log1p((passages - Math.min(passages, with) + .5) / (with + .5));
    }

    /** The first ones of both lists together. */
    public Findings findings(IndexSettings settings, double denseWeight, int limit, Source source) throws IOException {
        List<Ranked> fused = dense.isEmpty()
                ? lexical.stream()
                        .map(entry -> new Ranked(entry.doc(), share(entry.score())))
                        .toList()
                : settings.fusion().fuse(lexical, dense, denseWeight);
        Map<Integer, Double> words = scores(plain);
        Map<Integer, Double> vectors = scores(dense);
        List<Hit> hits = new ArrayList<>(Math.min(limit, fused.size()));
        for (Ranked entry : fused) {
            double share = share(words.getOrDefault(entry.doc(), 0.0));
            double cosine = vectors.getOrDefault(entry.doc(), 0.0);
            double score = 1 - (1 - share) * (1 - settings.vectors().near(cosine));
            if (score > 0 && hits.size() < limit) {
                hits.add(new Hit(source.passage(entry.doc()), score, share, cosine));
            }
        }
        return new Findings(descending(hits), Support.of(plain, dense, best, settings.vectors()), false);
    }

    /** Each scores at least as much as those below it: its rank knows more than its own match says. */
    private static List<Hit> descending(List<Hit> hits) {
        List<Hit> scored = new ArrayList<>(hits);
        double most = 0;
        for (int i = scored.size() - 1; i >= 0; i--) {
            Hit hit = scored.get(i);
            most = Math.max(most, hit.score());
            scored.set(i, new Hit(hit.passage(), most, hit.lexical(), hit.dense()));
        }
        return scored;
    }

    private double share(double score) {
        return best <= 0 ? 0 : Math.min(1, score / best);
    }

    private static Map<Integer, Double> scores(List<Ranked> list) {
        Map<Integer, Double> scores = new HashMap<>();
        list.forEach(entry -> scores.put(entry.doc(), entry.score()));
        return scores;
    }
}
