package dev.foundrygateway.retrieval.index;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.apache.lucene.analysis.Analyzer;

/**
 * Words that stand in the first hits of a question and not in the question, by which others are found that speak of the same in other words. Pure; its work is
 * bounded by {@link #HITS} and {@link #CHARACTERS}.
 *
 * @see <a href="https://doi.org/10.1145/1645953.1646259">Lv, Zhai: A comparative study of methods for estimating query language models (2009), RM3</a>
 */
public final class Expansion {
    /** From how many hits words are taken. */
    public static final int HITS = 10;
    /** How many words are added. */
    private static final int WORDS = 20;
    private static final int LONGEST = 20;
    /** What the added words count together beside the question's own. */
    static final double WEIGHT = .5;

    /** How much of a hit is read. */
    static final int CHARACTERS = 2_000;
    /** What stands in more passages than this share of all says nothing. */
    private static final double COMMON = .1;

    private Expansion() {}

    /** A hit's text and its score. */
    public record Feedback(String text, double score) {}

    /** From how many of these hits words are taken, in a store of so many passages: the first twentieth of a small one; the others aren't what was asked for. */
    public static int hits(int passages, int found) {
        return Math.min(Math.min(HITS, passages / 20), found);
    }

    /**
     * The words to be added, with weights that add up to 1.
     *
     * @param share in which share of all passages a word is
     */
    public static Map<String, Double> of(
            Analyzer analyzer, List<Feedback> hits, ToDoubleFunction<String> share) {
        Map<String, Double> weights = new HashMap<>();
        double total = hits.stream().mapToDouble(Feedback::score).sum();
        for (Feedback hit : hits) {
            String text = hit.text().substring(0, Math.min(CHARACTERS, hit.text().length()));
            Map<String, Integer> terms = Terms.of(analyzer, PassageFields.ALL, text);
            double length = terms.values().stream().mapToInt(Integer::intValue).sum();
            terms.forEach((term, count) -> {
                if (term.length() > 1 && term.length() <= LONGEST) {
                    weights.merge(term, hit.score() / total * count / length, Double::sum);
                }
            });
        }
        Map<String, Double> best = new LinkedHashMap<>();
        weights.entrySet().stream()
                .sorted(Map.Entry.<String, Double>comparingByValue().reversed().thenComparing(Map.Entry.comparingByKey()))
                .filter(entry -> share.applyAsDouble(entry.getKey()) <= COMMON)
                .limit(WORDS)
                .forEach(entry -> best.put(entry.getKey(), entry.getValue()));
        double sum = best.values().stream().mapToDouble(Double::doubleValue).sum();
        best.replaceAll((term, weight) -> weight / sum);
        return best;
    }
}
