package dev.foundrygateway.evaluate;

import dev.foundrygateway.access.Budgets;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code usage}: who has used how much, and what is left of the budgets. */
@Command(
        name = "usage",
        description = "Print tokens and cost by day, API key and model, and what is left of the budgets.",
        mixinStandardHelpOptions = true)
public final class UsageCommand implements Callable<Integer> {
    @Mixin
    private Common common = new Common();

    @Option(
            names = "--from",
            defaultValue = "",
            description = "The first day, such as 2026-02-01; by default the first of this month.")
    private String from = "";

    @Option(names = "--to", defaultValue = "", description = "The last day; by default today.")
    private String to = "";

    @Option(names = "--key", defaultValue = "", description = "One API key's alone, by its configured name.")
    private String key = "";

    @Option(names = "--model", defaultValue = "", description = "One model's alone.")
    private String model = "";

    @Option(names = "--csv", description = "Print the rows as CSV.")
    private boolean csv;

    @Option(
            names = "--api-key",
            defaultValue = "${env:GATEWAY_API_KEY:-}",
            description = "The API key to ask with; by default what GATEWAY_API_KEY holds.")
    private String apiKey = "";

    @Override
    public Integer call() throws InterruptedException {
        return common.run(() -> {
            URI uri = uri();
            if (csv) {
                String rows = Fetch.body(uri, apiKey, "");
                if (!rows.startsWith("day,")) {
                    throw Fetch.noGateway(uri);
                }
                common.print(rows.stripTrailing());
            } else {
                JsonObject json = Fetch.object("total", uri, apiKey, "");
                common.print(common.json() ? json.encodePrettily() : table(json));
            }
            return 0;
        });
    }

    private URI uri() {
        List<String> parameters = new ArrayList<>();
        add(parameters, "from", from);
        add(parameters, "to", to);
        add(parameters, "key", key);
        add(parameters, "model", model);
        add(parameters, "format", csv ? "csv" : "json");
        return URI.create(common.url() + "/gateway/usage?" + String.join("&", parameters));
    }

    private static void add(List<String> parameters, String name, String value) {
        if (!value.isEmpty()) {
            parameters.add(name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8));
        }
    }

    private static String table(JsonObject json) {
        StringBuilder text = new StringBuilder();
        text.append(String.format(
                Locale.ROOT,
                "%-10s  %-16s  %-28s %9s %12s %12s %12s%n",
                "day",
                "key",
                "model",
                "requests",
                "input",
                "output",
                "cost"));
        for (int i = 0; i < json.getJsonArray("data").size(); i++) {
            line(text, json.getJsonArray("data").getJsonObject(i));
        }
        line(
                text,
                json.getJsonObject("total").put("day", "total").put("key", "").put("model", ""));
        for (int i = 0; i < json.getJsonArray("budgets").size(); i++) {
            JsonObject budget = json.getJsonArray("budgets").getJsonObject(i);
            text.append(String.format(
                    Locale.ROOT,
                    "%n%s: %s of %s %s used this %s; the next begins at %s",
                    budget.getString("key"),
                    Budgets.number(budget.getDouble("used")),
                    Budgets.number(budget.getDouble("limit")),
                    budget.getString("unit"),
                    budget.getString("period"),
                    budget.getString("until")));
        }
        return text.toString();
    }

    private static void line(StringBuilder text, JsonObject row) {
        text.append(String.format(
                Locale.ROOT,
                "%-10s  %-16s  %-28s %9d %12d %12d %12.6f%n",
                row.getString("day"),
                row.getString("key").isEmpty() ? "-" : row.getString("key"),
                row.getString("model").isEmpty() ? "-" : row.getString("model"),
                row.getLong("requests"),
                row.getLong("input_tokens"),
                row.getLong("output_tokens"),
                row.getDouble("cost")));
    }
}
