package dev.foundrygateway.evaluate;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Small, large and hybrid model on the same questions.
 *
 * @param questions how many
 * @param results by model, in the order asked
 */
record LiveEvaluation(int questions, Map<String, Result> results) {
    private static final Set<String> BY_LARGE = Set.of("escalated", "refined", "hedged");

    /** One model's: how many right, how many answers by the large model, and the mean time. */
    record Result(int right, int large, long millis) {}

    static LiveEvaluation run(LiveModel model, List<Question> questions, String draft, String escalation, String hybrid)
            throws IOException, InterruptedException {
        Map<String, Result> results = new LinkedHashMap<>();
        for (String name : List.of(draft, escalation, hybrid)) {
            int right = 0;
            int large = 0;
            long millis = 0;
            for (Question question : questions) {
                LiveModel.Answer answer = model.ask(name, question, false);
                right += question.isRight(answer.output().text()) ? 1 : 0;
                large += name.equals(escalation) || BY_LARGE.contains(answer.route()) ? 1 : 0;
                millis += answer.spent().millis();
            }
            results.put(name, new Result(right, large, millis / Math.max(1, questions.size())));
        }
        return new LiveEvaluation(questions.size(), results);
    }

    /** For people, in Markdown. */
    String markdown() {
        StringBuilder text = new StringBuilder(
                "| model | exact match [95 % interval] | answers by the large model | mean time |\n|---|---|---|---|\n");
        results.forEach((name, result) -> text.append(String.format(
                Locale.ROOT,
                "| %s | %s (%d of %d) | %d (%.0f %%) | %d ms |%n",
                name,
                Interval.ofShare(result.right(), questions),
                result.right(),
                questions,
                result.large(),
                100.0 * result.large() / questions,
                result.millis())));
        return text.toString();
    }

    /** For programs. */
    JsonObject json() {
        JsonObject models = new JsonObject();
        results.forEach((name, result) -> {
            Interval match = Interval.ofShare(result.right(), questions);
            models.put(
                    name,
                    new JsonObject()
                            .put("right", result.right())
                            .put("exact_match", match.value())
                            .put("low", match.low())
                            .put("high", match.high())
                            .put("by_large", result.large())
                            .put("mean_ms", result.millis()));
        });
        return new JsonObject().put("questions", questions).put("models", models);
    }
}
