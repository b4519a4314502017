package dev.foundrygateway.evaluate;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;

/**
 * What one model did in a benchmark.
 *
 * @param alias the model
 * @param rounds how often the prompts were asked
 * @param answers all that was measured
 * @param errors what went wrong, one message for each call that failed
 * @param cpuSeconds processor time of the named processes meanwhile
 * @param memoryMib their largest memory after a call
 */
record BenchResult(
        String alias,
        int rounds,
        List<TimedChat.Answer> answers,
        List<String> errors,
        OptionalDouble cpuSeconds,
        OptionalDouble memoryMib) {
    /** For programs; the names that the workshop's script has stand for the same here. */
    JsonObject json() {
        Spread latency =
                Spread.of(answers.stream().map(TimedChat.Answer::seconds).toList());
        Spread first = Spread.of(answers.stream()
                .map(TimedChat.Answer::firstSeconds)
                .filter(seconds -> seconds > 0)
                .toList());
        JsonObject json = new JsonObject()
                .put("alias", alias)
                .put("rounds", rounds)
                .put("calls", answers.size())
                .put("errors", errors.size())
                .put("latency_avg", rounded(latency.average()))
                .put("latency_p50", rounded(latency.p50()))
                .put("latency_p95", rounded(latency.p95()))
                .put("first_token_latency_avg", rounded(first.average()))
                .put("first_token_latency_p50", rounded(first.p50()))
                .put("first_token_latency_p95", rounded(first.p95()))
                .put(
                        "tokens_per_sec_avg",
                        rounded(answers.stream()
                                .mapToDouble(answer -> answer.completionTokens() / answer.seconds())
                                .average()
                                .orElse(0)))
                .put(
                        "prompt_tokens",
                        answers.stream()
                                .mapToLong(TimedChat.Answer::promptTokens)
                                .sum())
                .put(
                        "completion_tokens",
                        answers.stream()
                                .mapToLong(TimedChat.Answer::completionTokens)
                                .sum())
                .put("tokens_estimated", answers.stream().anyMatch(TimedChat.Answer::estimated));
        if (answers.stream().anyMatch(answer -> answer.cost().isPresent())) {
            json.put(
                    "cost",
                    answers.stream()
                            .mapToDouble(answer -> answer.cost().orElse(0))
                            .sum());
        }
        cpuSeconds.ifPresent(seconds -> json.put("cpu_sec", rounded(seconds)));
        memoryMib.ifPresent(memory -> json.put("memory_mib", rounded(memory)));
        return errors.isEmpty() ? json : json.put("error_messages", new JsonArray(errors));
    }

    private static double rounded(double value) {
        return Math.round(value * 10_000) / 10_000.0;
    }

    /**
     * How some measurements spread.
     *
     * @param average their mean
     * @param p50 their median
     * @param p95 the 95th percentile, interpolated between the neighbours
     */
    record Spread(double average, double p50, double p95) {
        /** Of no measurement. */
        static final Spread NONE = new Spread(0, 0, 0);

        static Spread of(List<Double> measurements) {
            if (measurements.isEmpty()) {
                return NONE;
            }
            double[] sorted = measurements.stream()
                    .mapToDouble(Double::doubleValue)
                    .sorted()
                    .toArray();
            return new Spread(Arrays.stream(sorted).average().orElse(0), quantile(sorted, 0.5), quantile(sorted, 0.95));
        }

        private static double quantile(double[] sorted, double share) {
            double place = share * (sorted.length - 1);
            int below = (int) place;
            int above = Math.min(below + 1, sorted.length - 1);
            return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
        }
    }
}
