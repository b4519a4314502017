package dev.foundrygateway.openai;

import dev.foundrygateway.openai.json.Json;
import java.util.List;
import java.util.OptionalDouble;

/**
 * OpenAI's {@code ranking_options} of a search. A ranker is checked and has no effect: there is one.
 *
 * @param threshold the least score of a passage, from 0 to 1; 0 for all
 * @param denseShare what vectors weigh beside words, from 0 to 1; empty if unset
 */
public record RankingOptions(double threshold, OptionalDouble denseShare) {
    /** None. */
    public static final RankingOptions NONE = new RankingOptions(0, OptionalDouble.empty());

    private static final List<String> RANKERS = List.of("auto", "none", "default-2024-11-15", "default-2024-08-21");

    /**
     * Reads them.
     *
     * @param name what the member is called; the message of an error begins with it
     * @throws IllegalArgumentException when they are not as OpenAI describes them
     */
    public static RankingOptions of(Json options, String name) {
        if (isAbsent(options)) {
            return NONE;
        }
        if (!options.isObject()) {
            throw new IllegalArgumentException(name + " must be an object");
        }
        Json ranker = options.get("ranker");
        if (!isAbsent(ranker) && !(ranker.isString() && RANKERS.contains(ranker.text()))) {
            throw new IllegalArgumentException(name + ".ranker must be one of " + RANKERS);
        }
        Json threshold = options.get("score_threshold");
        double least = isAbsent(threshold) ? 0 : threshold.number();
        if (!(least >= 0 && least <= 1)) {
            throw new IllegalArgumentException(name + ".score_threshold must be from 0 to 1");
        }
        Json weights = options.get("hybrid_search");
        if (isAbsent(weights)) {
            return new RankingOptions(least, OptionalDouble.empty());
        }
        double embedding = weights.get("embedding_weight").number();
        double text = weights.get("text_weight").number();
        if (!(embedding >= 0 && text >= 0 && embedding + text > 0 && embedding + text < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(
                    name
                            + ".hybrid_search must have embedding_weight and text_weight, neither below 0, one of them above 0");
        }
        return new RankingOptions(least, OptionalDouble.of(embedding / (embedding + text)));
    }

    private static boolean isAbsent(Json value) {
        return value.isMissing() || value.isNull();
    }
}
