package dev.foundrygateway.evaluate;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Results of {@code bench} as Markdown tables for people. Pure. */
final class BenchTable {
    private static final List<String> COLUMNS = List.of(
            "alias",
            "calls",
            "errors",
            "latency_avg",
            "latency_p50",
            "latency_p95",
            "first_token_latency_avg",
            "first_token_latency_p95",
            "tokens_per_sec_avg",
            "completion_tokens",
            "cost",
            "cpu_sec",
            "memory_mib");
    private static final List<String> COMPARED = List.of(
            "latency_avg",
            "latency_p50",
            "latency_p95",
            "first_token_latency_avg",
            "first_token_latency_p95",
            "tokens_per_sec_avg",
            "completion_tokens",
            "cost",
            "cpu_sec",
            "memory_mib");

    private BenchTable() {}

    /** One row for each model. */
    static String of(JsonObject report) {
        StringBuilder table = head(COLUMNS);
        for (JsonObject result : results(report)) {
            row(table, COLUMNS.stream().map(name -> text(result.getValue(name))).toList());
        }
        return table.toString();
    }

    /** One row for each model and number that both reports have: before, after, and the change. */
    static String change(JsonObject before, JsonObject after) {
        Map<String, JsonObject> earlier = new TreeMap<>(results(before).stream()
                .collect(Collectors.toMap(result -> result.getString("alias"), result -> result)));
        StringBuilder table = head(List.of("alias", "", "before", "after", "change"));
        for (JsonObject result : results(after)) {
            JsonObject old = earlier.getOrDefault(result.getString("alias"), new JsonObject());
            for (String name : COMPARED) {
                if (old.getValue(name) instanceof Number was && result.getValue(name) instanceof Number is) {
                    String change = was.doubleValue() == 0
                            ? "–"
                            : String.format(Locale.ROOT, "%+.1f %%", 100 * (is.doubleValue() / was.doubleValue() - 1));
                    row(table, List.of(result.getString("alias"), name, text(was), text(is), change));
                }
            }
        }
        return table.toString();
    }

    static List<JsonObject> results(JsonObject report) {
        List<JsonObject> results = new ArrayList<>();
        for (Object result : report.getJsonArray("results", new JsonArray())) {
            results.add((JsonObject) result);
        }
        return results;
    }

    private static StringBuilder head(List<String> names) {
        StringBuilder table = new StringBuilder();
        row(table, names.stream().map(name -> name.replace('_', ' ')).toList());
        return table.append("|---".repeat(names.size())).append("|\n");
    }

    private static void row(StringBuilder table, List<String> cells) {
        table.append("| ").append(String.join(" | ", cells)).append(" |\n");
    }

    private static String text(@Nullable Object value) {
        if (value instanceof Double number) {
            return String.format(Locale.ROOT, Math.abs(number) < 100 ? "%.3f" : "%.1f", number);
        }
        return value == null ? "–" : value.toString();
    }
}
