package dev.foundrygateway.evaluate;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * How much better one ranking is than another on the same questions, with paired intervals: questions are drawn anew with both rankings' measures of each, so
 * that how hard a question is counts for neither.
 */
@RegisterForReflection
record RankingDifference(
        @JsonProperty("ranking") String ranking,
        @JsonProperty("against") String against,
        @JsonProperty("ndcg_10") Interval ndcg10,
        @JsonProperty("map") Interval map,
        @JsonProperty("hit_1") Interval hit1) {
    /** What one ranking has for each question, in the questions' order. */
    record Scores(List<Double> ndcg10, List<Double> averagePrecision, List<Double> hit1) {
        Scores() {
            this(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        }
    }

    /** Of the same questions in the same order. */
    static RankingDifference of(String ranking, Scores scores, String against, Scores others, long seed) {
        return new RankingDifference(
                ranking,
                against,
                paired(scores.ndcg10(), others.ndcg10(), seed),
                paired(scores.averagePrecision(), others.averagePrecision(), seed),
                paired(scores.hit1(), others.hit1(), seed));
    }

    private static Interval paired(List<Double> scores, List<Double> others, long seed) {
        return Interval.bootstrap(
                scores.size(),
                drawn -> Arrays.stream(drawn)
                        .mapToDouble(question -> scores.get(question) - others.get(question))
                        .average()
                        .orElse(0),
                seed);
    }

    /** Whether nDCG@10 differs beyond chance, as 95 of 100 draws say. */
    boolean isSure() {
        return ndcg10.low() > 0 || ndcg10.high() < 0;
    }

    /** One line of a table. */
    String line() {
        return String.format(
                Locale.ROOT,
                "%-22s %s  %s  %s%s",
                ranking + " - " + against,
                signed(ndcg10),
                signed(map),
                signed(hit1),
                isSure() ? "  *" : "");
    }

    private static String signed(Interval of) {
        return String.format(Locale.ROOT, "%+.4f [%+.4f, %+.4f]", of.value(), of.low(), of.high());
    }
}
