package dev.foundrygateway.retrieval.index;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.lucene.analysis.Analyzer;

/**
 * A question as weighted words, and as weighted runs of characters where words alone don't find enough. Pure.
 *
 * @param words the words, as the index has them
 * @param grams the runs of characters; those of one word weigh as much as the word together
 */
public record QuestionWords(Map<String, Double> words, Map<String, Double> grams) {
    /** With three fields for each of 256 words, the words added and a filter below Lucene's 1,024 clauses. */
    private static final int MAX_GRAMS = 224;

    private static final int SHORTEST = 3;

    /** The words alone. */
    public static Map<String, Double> words(Question question, Analyzer analyzer, WordOptions options) {
        Map<String, Double> words = new LinkedHashMap<>();
        for (int turn = 0; turn < question.turns().size(); turn++) {
            double weight = Question.weight(turn);
            String text = text(question.turns().get(turn), options);
            boolean older = turn > 0;
            Terms.of(analyzer, PassageFields.ALL, text).forEach((term, count) -> {
                if (!older) {
                    words.merge(term, weight * count, Double::sum);
                } else if (words.size() < Terms.MOST) {
                    words.putIfAbsent(term, weight);
                }
            });
        }
        return words;
    }

    /**
     * Words and runs.
     *
     * @param isThere whether any passage has that word
     */
    static QuestionWords of(
            Question question, Analyzer analyzer, Analyzer runs, IndexSettings settings, Predicate<String> isThere) {
        WordOptions options = settings.words();
        Map<String, Double> words = words(question, analyzer, options);
        Map<String, Double> grams = new LinkedHashMap<>();
        if (options.grams()) {
            for (int turn = 0; turn < question.turns().size(); turn++) {
                String text = question.turns().get(turn);
                boolean all = !Languages.of(text).equals(Languages.ENGLISH);
                for (String word : text(text, options).split("\\s+", -1)) {
                    if (grams.size() >= MAX_GRAMS) {
                        break;
                    }
                    if (word.length() < SHORTEST && Languages.isPlain(word)) {
                        continue;
                    }
                    if (all
                            || Terms.of(analyzer, PassageFields.ALL, word).keySet().stream()
                                    .noneMatch(isThere)) {
                        add(grams, Terms.of(runs, PassageFields.GRAMS, word), Question.weight(turn));
                    }
                }
            }
        }
        return new QuestionWords(words, grams);
    }

    /** What is cut into words: without small words, and with the parts of names. */
    private static String text(String turn, WordOptions options) {
        return WordParts.beside(options.stops() ? Languages.withoutSmallWords(turn) : turn);
    }

    private static void add(Map<String, Double> grams, Map<String, Integer> own, double weight) {
        own.forEach((gram, count) -> {
            if (grams.size() < MAX_GRAMS) {
                grams.merge(gram, weight * count / own.size(), Double::sum);
            }
        });
    }
}
