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

    /** One model's: how many right, how many answers by the large model, the mean time, all that was spent, and what of that on deciding. */
    record Result(int right, int large, long millis, Spent spent, Spent deciding) {}

    static LiveEvaluation run(LiveModel model, List<Question> questions, String draft, String escalation, String hybrid)
            throws IOException, InterruptedException {
        Map<String, Result> results = new LinkedHashMap<>();
        for (String name : List.of(draft, escalation, hybrid)) {
            int right = 0;
            int large = 0;
            Spent spent = Spent.NOTHING;
            Spent deciding = Spent.NOTHING;
            for (Question question : questions) {
                LiveModel.Answer answer =
                        name.equals(hybrid) ? model.askReported(name, question) : model.ask(name, question, false);
                right += question.isRight(answer.output().text()) ? 1 : 0;
                large += name.equals(escalation) || isBy(escalation, draft, answer) ? 1 : 0;
                spent = spent.plus(answer.spent());
                deciding = deciding.plus(answer.deciding());
            }
            long mean = spent.millis() / Math.max(1, questions.size());
            results.put(name, new Result(right, large, mean, spent, deciding));
        }
        return new LiveEvaluation(questions.size(), results);
    }

    /** By name where the server tells it under the one that was asked for; a fallback may be either's. */
    private static boolean isBy(String escalation, String draft, LiveModel.Answer answer) {
        return answer.model().equals(escalation)
                || (!answer.model().equals(draft) && BY_LARGE.contains(answer.route()));
    }

    /** For people, in Markdown. */
    String markdown() {
        StringBuilder text = new StringBuilder(
                "| model | exact match [95 % interval] | answers by the large model | mean time | tokens read + written | of these to decide |\n|---|---|---|---|---|---|\n");
        results.forEach((name, result) -> text.append(String.format(
                Locale.ROOT,
                "| %s | %s (%d of %d) | %d (%.0f %%) | %d ms | %d + %d | %d + %d |%n",
                name,
                Interval.ofShare(result.right(), questions),
                result.right(),
                questions,
                result.large(),
                100.0 * result.large() / questions,
                result.millis(),
                result.spent().read(),
                result.spent().written(),
                result.deciding().read(),
                result.deciding().written())));
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
                            .put("mean_ms", result.millis())
                            .put("prompt_tokens", result.spent().read())
                            .put("completion_tokens", result.spent().written())
                            .put("deciding_prompt_tokens", result.deciding().read())
                            .put("deciding_completion_tokens", result.deciding().written()));
        });
        return new JsonObject().put("questions", questions).put("models", models);
    }
}
