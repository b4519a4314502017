package dev.foundrygateway.ledger;

import dev.foundrygateway.exchange.BudgetState;
import dev.foundrygateway.exchange.Spending;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Singleton;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Writes what was used, and what is left of the budgets. Thread-safe. */
@Singleton
public class UsageAnswer {
    private static final String CSV_HEAD =
            "day,key,model,requests,input_tokens,cached_tokens,output_tokens,total_tokens,cost\n";

    private final UsageLedger ledger;
    private final BudgetState.Source budgets;

    UsageAnswer(UsageLedger ledger, BudgetState.Source budgets) {
        this.ledger = ledger;
        this.budgets = budgets;
    }

    /** Today, in UTC. */
    public LocalDate today() {
        return ledger.today();
    }

    /** The answer, in the form that is asked for. */
    public String to(UsageQuery query) {
        List<UsageRow> rows = ledger.rows(query.ofPage());
        return switch (query.format()) {
            case JSON -> json(query, rows).encode();
            case CSV -> CSV_HEAD + rows.stream().map(UsageAnswer::csv).collect(Collectors.joining());
            case OPENAI -> openai(query.page(), rows).encode();
        };
    }

    private JsonObject json(UsageQuery query, List<UsageRow> rows) {
        JsonArray entries = new JsonArray();
        rows.forEach(row -> entries.add(numbers(
                new JsonObject()
                        .put("day", row.day().toString())
                        .put("key", row.key())
                        .put("model", row.model()),
                row)));
        JsonArray limits = new JsonArray();
        (query.key().isEmpty() ? budgets.states() : budgets.states(query.key()))
                .forEach(state -> limits.add(new JsonObject()
                        .put("key", state.key())
                        .put("period", state.period())
                        .put("unit", state.unit())
                        .put("limit", state.limit())
                        .put("used", rounded(state.used()))
                        .put("left", rounded(state.left()))
                        .put("from", state.from().toString())
                        .put("until", state.until().toString())));
        UsageRow total = rows.stream()
                .map(row -> new UsageRow(query.from(), "", "", row.requests(), row.spent()))
                .reduce(new UsageRow(query.from(), "", "", 0, Spending.NONE), UsageRow::plus);
        return new JsonObject()
                .put("object", "gateway.usage")
                .put("from", query.from().toString())
                .put("to", query.to().toString())
                .put("total", numbers(new JsonObject(), total))
                .put("budgets", limits)
                .put("data", entries);
    }

    private static JsonObject numbers(JsonObject to, UsageRow row) {
        return to.put("requests", row.requests())
                .put("input_tokens", row.spent().promptTokens())
                .put("cached_tokens", row.spent().cachedTokens())
                .put("output_tokens", row.spent().completionTokens())
                .put("total_tokens", row.spent().tokens())
                .put("cost", rounded(row.spent().cost()));
    }

    private static String csv(UsageRow row) {
        return String.join(
                        ",",
                        row.day().toString(),
                        quoted(row.key()),
                        quoted(row.model()),
                        Long.toString(row.requests()),
                        Long.toString(row.spent().promptTokens()),
                        Long.toString(row.spent().cachedTokens()),
                        Long.toString(row.spent().completionTokens()),
                        Long.toString(row.spent().tokens()),
                        BigDecimal.valueOf(rounded(row.spent().cost())).toPlainString())
                + "\n";
    }

    /** RFC 4180; a name that a table would take for a formula gets an apostrophe. */
    private static String quoted(String text) {
        String safe = !text.isEmpty() && "=+-@\t".indexOf(text.charAt(0)) >= 0 ? "'" + text : text;
        return safe.matches("[^\",\r\n]*") ? safe : '"' + safe.replace("\"", "\"\"") + '"';
    }

    /**
     * A bucket for each day, its results as the page is split.
     *
     * @see <a href="https://platform.openai.com/docs/api-reference/usage/completions_object">OpenAI, completions usage object</a>
     */
    private static JsonObject openai(UsagePage page, List<UsageRow> rows) {
        Map<LocalDate, JsonArray> days = new TreeMap<>();
        for (LocalDate day = page.first(); !day.isAfter(page.last()); day = day.plusDays(1)) {
            days.put(day, new JsonArray());
        }
        Map<UsageRow.Cell, UsageRow> results = new LinkedHashMap<>();
        rows.stream().map(page::grouped).forEach(row -> results.merge(row.cell(), row, UsageRow::plus));
        results.values()
                .forEach(row ->
                        days.computeIfAbsent(row.day(), day -> new JsonArray()).add(result(page, row)));
        JsonArray buckets = new JsonArray();
        days.forEach((day, entries) -> buckets.add(new JsonObject()
                .put("object", "bucket")
                .put("start_time", day.atStartOfDay(ZoneOffset.UTC).toEpochSecond())
                .put("end_time", day.plusDays(1).atStartOfDay(ZoneOffset.UTC).toEpochSecond())
                .put("results", entries)));
        return new JsonObject()
                .put("object", "page")
                .put("data", buckets)
                .put("has_more", page.next().isPresent())
                .put("next_page", page.next().orElse(null));
    }

    private static JsonObject result(UsagePage page, UsageRow row) {
        return new JsonObject()
                .put("object", "organization.usage.completions.result")
                .put("input_tokens", row.spent().promptTokens())
                .put("output_tokens", row.spent().completionTokens())
                .put("input_cached_tokens", row.spent().cachedTokens())
                .put("input_audio_tokens", 0)
                .put("output_audio_tokens", 0)
                .put("num_model_requests", row.requests())
                .putNull("project_id")
                .putNull("user_id")
                .put("api_key_id", row.key().isEmpty() ? null : row.key())
                .put("model", page.byModel() ? row.model() : null)
                .putNull("batch")
                .putNull("service_tier");
    }

    private static double rounded(double value) {
        return Math.round(value * 1e8) / 1e8;
    }
}
