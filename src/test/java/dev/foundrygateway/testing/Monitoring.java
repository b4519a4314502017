package dev.foundrygateway.testing;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The dashboard and the rules, as they lie in this repository. */
public final class Monitoring {
    /** Grafana's dashboard. */
    public static final Path DASHBOARD = Path.of("grafana", "dashboards", "foundry-gateway.json");

    /** Prometheus' folder. */
    public static final Path PROMETHEUS = Path.of("deploy", "prometheus");

    /** The files of rules. */
    public static final List<Path> RULES =
            List.of(PROMETHEUS.resolve("rules/recording.yaml"), PROMETHEUS.resolve("rules/alerts.yaml"));

    private Monitoring() {}

    /** The dashboard's panels that ask for something, those in collapsed rows too. */
    public static List<Document> panels() {
        return all().filter(panel ->
                        !panel.text("type").equals("row") && !panel.text("type").equals("text"))
                .toList();
    }

    /** Everything on the dashboard, rows and text too. */
    public static Stream<Document> all() {
        return Document.read(DASHBOARD).list("panels").stream()
                .flatMap(panel -> Stream.concat(Stream.of(panel), panel.list("panels").stream()));
    }

    /** The expressions of panels and annotations, with every variable at "all" and this rate interval. */
    public static List<String> dashboardExpressions(String rateInterval) {
        return Stream.concat(
                        panels().stream().flatMap(panel -> panel.list("targets").stream()),
                        Document.read(DASHBOARD).list("annotations", "list").stream())
                .map(target -> filled(target.text("expr"), rateInterval))
                .toList();
    }

    /** An expression with every variable at "all" and this rate interval. */
    public static String filled(String expression, String rateInterval) {
        return expression
                .replace("$__rate_interval", rateInterval)
                .replaceAll("\\$(job|instance)", ".+")
                .replaceAll("\\$(model|tier)", ".*");
    }

    /** The recording and alerting rules. */
    public static List<Document> rules() {
        return RULES.stream()
                .flatMap(file -> Document.read(file).list("groups").stream())
                .flatMap(group -> group.list("rules").stream())
                .toList();
    }

    /** The expressions of the recording rules, or else of the alerts. */
    public static List<String> ruleExpressions(boolean recording) {
        return rules().stream()
                .filter(rule -> rule.at("record").exists() == recording)
                .map(rule -> rule.text("expr"))
                .toList();
    }

    /** Every expression of both. */
    public static Stream<String> expressions() {
        return Stream.of(dashboardExpressions("5m"), ruleExpressions(true), ruleExpressions(false))
                .flatMap(List::stream);
    }
}
