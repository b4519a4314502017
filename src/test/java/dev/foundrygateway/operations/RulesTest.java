package dev.foundrygateway.operations;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.foundrygateway.testing.Document;
import dev.foundrygateway.testing.Monitoring;
import dev.foundrygateway.testing.PromQl;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The rules' form; what they compute, promtool and a real Prometheus show in MonitoringIT. */
class RulesTest {
    /** The same facts once more under the newest names, where they are asked for. */
    private static final String NEWEST = "`gen_ai_client_inference_";

    private static final String RUNBOOKS = "http://localhost:3000/d/foundry-gateway?viewPanel=1000";

    private static final List<Document> ALERTS = Monitoring.rules().stream()
            .filter(rule -> rule.at("alert").exists())
            .toList();

    @Test
    void everyAlertHasASeverityAndSaysWhatItMeans() {
        for (Document alert : ALERTS) {
            assertTrue(Set.of("page", "ticket").contains(alert.text("labels", "severity")), alert.text("alert"));
            assertTrue(alert.text("annotations", "summary").contains("{{ $labels."), alert.text("alert"));
            assertTrue(alert.text("annotations", "description").endsWith("."), alert.text("alert"));
        }
    }

    @Test
    void everyAlertHasItsRunbook() throws IOException {
        List<String> headings = Files.readAllLines(Path.of("docs", "operations.md")).stream()
                .filter(line -> line.startsWith("### "))
                .map(line -> line.substring(4))
                .toList();
        for (Document alert : ALERTS) {
            String name = alert.text("alert");
            assertTrue(headings.contains(name), name);
            assertEquals(
                    "{{ or $externalLabels.runbooks \"" + RUNBOOKS + "\" }}#" + name.toLowerCase(Locale.ROOT),
                    alert.text("annotations", "runbook_url"));
        }
    }

    /** That of the dashboard in the Grafana of compose, which has all of them. */
    @Test
    void theUsualAddressOfTheRunbooksIsThatOfTheDashboardsPanel() {
        Document gateways = Document.read(Monitoring.DASHBOARD);
        String link = gateways.list("links").get(0).text("url");
        assertEquals(RUNBOOKS, "http://localhost:3000" + link);
        assertEquals(
                List.of("127.0.0.1:3000:3000"),
                Document.read(Path.of("deploy", "compose.yaml")).list("services", "grafana", "ports").stream()
                        .map(Document::text)
                        .toList());
    }

    @Test
    void everyAlertHasAUnitTest() throws IOException {
        StringBuilder tests = new StringBuilder();
        try (Stream<Path> files = Files.list(Monitoring.PROMETHEUS.resolve("tests"))) {
            for (Path file : files.toList()) {
                tests.append(Files.readString(file));
            }
        }
        for (String name : ALERTS.stream().map(alert -> alert.text("alert")).collect(Collectors.toSet())) {
            assertTrue(tests.toString().contains("alertname: " + name), name);
        }
    }

    @Test
    void everyMetricOfTheOperatorsTableIsAskedForAndTheOtherWayRound() throws IOException {
        Set<String> told = Files.readAllLines(Path.of("docs", "metrics.md")).stream()
                .filter(line -> line.matches("\\| `(gateway|gen_ai)_.*") && !line.contains(NEWEST))
                .map(line -> line.replaceFirst("\\| `([a-z_]+).*", "$1").replaceFirst("_total$", ""))
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> asked = Monitoring.expressions()
                .flatMap(expression -> PromQl.selectors(expression).stream())
                .map(PromQl.Selector::family)
                .filter(name -> name.startsWith("gateway_") || name.startsWith("gen_ai_"))
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(told, asked);
    }
}
