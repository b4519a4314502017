package dev.foundrygateway.operations;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.foundrygateway.testing.Document;
import dev.foundrygateway.testing.Monitoring;
import dev.foundrygateway.testing.PromQl;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The rules of Grafana's dashboard linter, by their names there, and the project's own. {@code target-promql-rule} is promtool's part: MonitoringIT.
 *
 * @see <a href="https://github.com/grafana/dashboard-linter/blob/main/docs/index.md">dashboard-linter's rules</a>
 */
class DashboardTest {
    private static final Document DASHBOARD = Document.read(Monitoring.DASHBOARD);
    private static final List<Document> VARIABLES = DASHBOARD.list("templating", "list");
    private static final List<Document> QUERIES = VARIABLES.stream()
            .filter(variable -> variable.text("type").equals("query"))
            .toList();
    private static final List<Document> PANELS = Monitoring.panels();
    private static final Set<String> UNITS = Set.of("none", "short", "percentunit", "reqps", "bytes", "s");
    private static final Pattern LABEL_VALUES =
            Pattern.compile("label_values\\(([a-z_]+)(\\{job=~\"\\$job\"})?, [a-z_]+\\)");

    @Test
    void templateDatasourceRule() {
        List<Document> sources = VARIABLES.stream()
                .filter(variable -> variable.text("type").equals("datasource"))
                .toList();
        assertEquals(1, sources.size());
        assertEquals("datasource", sources.get(0).text("name"));
        assertEquals("Data source", sources.get(0).text("label"));
        assertEquals("prometheus", sources.get(0).text("query"));
    }

    @Test
    void templateJobRule() {
        checkLabelVariable("job", "Job");
    }

    @Test
    void templateInstanceRule() {
        checkLabelVariable("instance", "Instance");
    }

    private static void checkLabelVariable(String name, String label) {
        Document variable = QUERIES.stream()
                .filter(query -> query.text("name").equals(name))
                .findFirst()
                .orElseThrow();
        assertEquals("${datasource}", variable.text("datasource", "uid"));
        assertEquals(label, variable.text("label"));
        assertEquals("true", variable.text("multi"));
        assertEquals(".+", variable.text("allValue"));
    }

    @Test
    void templateLabelPromqlRule() {
        assertEquals(
                List.of("job", "instance", "model", "tier"),
                QUERIES.stream().map(query -> query.text("name")).toList());
        for (Document query : QUERIES) {
            String text = query.text("query", "query");
            assertTrue(LABEL_VALUES.matcher(text).matches(), text);
        }
    }

    @Test
    void templateOnTimeChangeReloadRule() {
        for (Document query : QUERIES) {
            assertEquals("2", query.text("refresh"), query.text("name"));
        }
    }

    @Test
    void panelDatasourceRule() {
        for (Document panel : PANELS) {
            assertEquals("${datasource}", panel.text("datasource", "uid"), panel.text("title"));
        }
    }

    @Test
    void panelTitleDescriptionRule() {
        for (Document panel : PANELS) {
            assertFalse(panel.text("title").isEmpty());
            assertTrue(panel.text("description").endsWith("."), panel.text("title"));
        }
    }

    @Test
    void panelUnitsRule() {
        for (Document panel : PANELS) {
            String unit = panel.text("fieldConfig", "defaults", "unit");
            assertTrue(UNITS.contains(unit), panel.text("title") + ": " + unit);
        }
    }

    @Test
    void panelNoTargetsRule() {
        for (Document panel : PANELS) {
            assertFalse(panel.list("targets").isEmpty(), panel.text("title"));
        }
    }

    @Test
    void targetLogqlRuleAndTargetLogqlAutoRuleSinceEveryTargetAsksPrometheus() {
        targets().forEach(target -> assertEquals("prometheus", target.text("datasource", "type")));
    }

    @Test
    void targetRateIntervalRule() {
        selectors()
                .filter(selector -> Set.of("rate", "irate", "increase").contains(selector.function()))
                .forEach(selector -> assertEquals("$__rate_interval", selector.range(), selector.toString()));
    }

    @Test
    void targetJobRule() {
        selectors().forEach(selector -> assertTrue(selector.matchers().contains("job=~\"$job\""), selector.toString()));
    }

    @Test
    void targetInstanceRule() {
        selectors()
                .forEach(selector ->
                        assertTrue(selector.matchers().contains("instance=~\"$instance\""), selector.toString()));
    }

    @Test
    void targetCounterAggRule() {
        selectors()
                .filter(selector -> selector.metric().matches(".*_(total|count|sum|bucket)"))
                .forEach(selector -> assertTrue(
                        Set.of("rate", "irate", "increase").contains(selector.function()), selector.toString()));
    }

    @Test
    void uneditableDashboardRule() {
        assertEquals("false", DASHBOARD.text("editable"));
    }

    @Test
    void titlesAndIdsAreUnique() {
        for (String key : List.of("title", "id")) {
            List<String> values = Monitoring.all().map(panel -> panel.text(key)).toList();
            assertEquals(values.size(), Set.copyOf(values).size(), () -> key + ": " + values);
        }
    }

    @Test
    void rowsComeInTheOrderInWhichAnOperatorAsks() {
        assertEquals(
                List.of(
                        "Now",
                        "Is the hybrid worth it",
                        "Objectives and burn",
                        "Traffic and errors",
                        "First token",
                        "Total time and its parts",
                        "Tokens and rate",
                        "Hybrid model",
                        "Retrieval",
                        "Keys, tiers and budgets",
                        "Model servers: health, breaker, queue",
                        "Process",
                        "Runbooks"),
                DASHBOARD.list("panels").stream()
                        .filter(panel -> panel.text("type").equals("row"))
                        .map(row -> row.text("title"))
                        .toList());
    }

    @Test
    void rowsOfWhatNotEveryoneUsesAreCollapsedAndHaveTheirPanels() {
        List<Document> rows = DASHBOARD.list("panels").stream()
                .filter(panel -> panel.text("type").equals("row"))
                .toList();
        assertEquals(
                List.of("Tokens and rate", "Hybrid model", "Retrieval", "Keys, tiers and budgets", "Process"),
                rows.stream()
                        .filter(row -> row.text("collapsed").equals("true"))
                        .map(row -> row.text("title"))
                        .toList());
        for (Document row : rows) {
            assertEquals(
                    row.text("collapsed").equals("true"), !row.list("panels").isEmpty(), row.text("title"));
        }
    }

    @Test
    void theTableHasAColumnWithAUnitForEachQuestion() {
        Document table = PANELS.stream()
                .filter(panel -> panel.text("type").equals("table"))
                .findFirst()
                .orElseThrow();
        List<String> columns = table.list("targets").stream()
                .map(target -> target.text("legendFormat"))
                .toList();
        assertEquals(List.of("requests/s", "p50", "p95", "tokens/s", "failed", "cost/h"), columns);
        assertEquals(
                columns,
                table.list("fieldConfig", "overrides").stream()
                        .map(override -> override.text("matcher", "options"))
                        .toList());
        Document renamed = table.list("transformations").get(1).at("options", "renameByName");
        assertEquals("p95", renamed.text("Value #C"));
        assertEquals("model", renamed.text("gen_ai_response_model"));
    }

    /** What an alert means opens where the dashboard does, without an address of ours. */
    @Test
    void theLinkToTheRunbooksOpensThePanelThatHasThemAll() {
        Document link = DASHBOARD.list("links").get(0);
        Document panel = Monitoring.all()
                .filter(one -> link.text("url").equals("/d/foundry-gateway?viewPanel=" + one.text("id")))
                .findFirst()
                .orElseThrow();
        assertEquals("text", panel.text("type"));
        for (String alert : Monitoring.rules().stream()
                .map(rule -> rule.text("alert"))
                .filter(name -> !name.isEmpty())
                .toList()) {
            assertTrue(panel.text("options", "content").contains("### " + alert + "\n"), alert);
        }
        assertEquals("/d/" + DASHBOARD.text("uid"), link.text("url").replaceFirst("\\?.*", ""));
    }

    @Test
    void restartsAndReloadsAreMarked() {
        assertEquals(
                List.of("Restarts", "Reloads"),
                DASHBOARD.list("annotations", "list").stream()
                        .map(one -> one.text("name"))
                        .toList());
    }

    private static Stream<Document> targets() {
        return PANELS.stream().flatMap(panel -> panel.list("targets").stream());
    }

    private static Stream<PromQl.Selector> selectors() {
        return targets().flatMap(target -> {
            List<PromQl.Selector> selectors = PromQl.selectors(target.text("expr"));
            assertFalse(selectors.isEmpty(), target.text("expr"));
            return selectors.stream();
        });
    }
}
