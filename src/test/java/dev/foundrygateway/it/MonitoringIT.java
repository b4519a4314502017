package dev.foundrygateway.it;

import static org.awaitility.Awaitility.await;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.lessThanOrEqualTo;

import dev.foundrygateway.testing.Monitoring;
import dev.foundrygateway.testing.PromQl;
import io.restassured.path.xml.XmlPath;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Dashboard and rules against the tools that will read them: promtool, and a Prometheus that scrapes a gateway under a mixed load. */
class MonitoringIT {
    /** The boundaries between which first tokens are told apart; see {@code GenAiMeters}. */
    private static final List<Double> BOUNDARIES = List.of(
            .001, .005, .01, .02, .04, .06, .08, .1, .25, .5, .75, 1., 2.5, 5., 7.5, 10., 15., 20., 30., 45., 60.);

    @TempDir
    Path folder;

    @Test
    void promtoolAcceptsTheRulesAndTheirUnitTestsPass() throws IOException, InterruptedException {
        Path promtool = Need.path("PROMTOOL");
        List<String> files = Monitoring.RULES.stream().map(Path::toString).toList();
        assertThat(run(promtool, Stream.concat(Stream.of("check", "rules", "--lint-fatal"), files.stream())), is("0"));
        try (Stream<Path> tests = Files.list(Monitoring.PROMETHEUS.resolve("tests"))) {
            assertThat(run(promtool, Stream.concat(Stream.of("test", "rules"), tests.map(Path::toString))), is("0"));
        }
        assertThat(
                run(
                        promtool,
                        Stream.of(
                                "check",
                                "config",
                                Monitoring.PROMETHEUS.resolve("prometheus.yml").toString())),
                is("0"));
    }

    @Test
    void promtoolAcceptsEveryExpressionOfTheDashboard() throws IOException, InterruptedException {
        Path promtool = Need.path("PROMTOOL");
        StringBuilder rules = new StringBuilder("groups: [{name: dashboard, rules: [\n");
        List<String> expressions = Monitoring.dashboardExpressions("5m");
        for (int i = 0; i < expressions.size(); i++) {
            rules.append("{record: \"panel:")
                    .append(i)
                    .append("\", expr: '")
                    .append(expressions.get(i))
                    .append("'},\n");
        }
        Path file = Files.writeString(folder.resolve("dashboard.yaml"), rules + "]}]\n");
        assertThat(run(promtool, Stream.of("check", "rules", file.toString())), is("0"));
    }

    /** Of keys with a budget (UsageQuarkusTest), and of a score that has had its labels (LearnQuarkusTest): this load has neither. */
    private static final List<String> RARE =
            List.of("gateway_budget_used_ratio", "gateway_learning_", "gateway_score_drift");

    @Test
    void everyPanelAndRuleHasDataAndEverySeriesOfOursIsUsed() {
        Path program = Need.path("PROMETHEUS");
        Path python = Need.path("OPENAI_PYTHON");
        try (GatewayProcess gateway = GatewayProcess.start(settings());
                PrometheusProcess prometheus = PrometheusProcess.start(program, gateway.base(), folder);
                MixedLoad load = new MixedLoad(gateway.base())) {
            load.warmUp();
            List<String> missing = new ArrayList<>(wanted());
            await("every expression returns data")
                    .atMost(Duration.ofMinutes(4))
                    .pollInterval(Duration.ofMillis(100))
                    .until(() -> {
                        load.round();
                        missing.removeIf(
                                expression -> !prometheus.query(expression).isEmpty());
                        return load.firstTokens().size() >= (missing.isEmpty() ? 24 : 160);
                    });
            assertThat("without data", missing, is(empty()));
            assertThat(prometheus.failedRules(), is(empty()));
            assertThat(unused(gateway), is(empty()));
            assertThatFirstTokensAgree(prometheus, load.firstTokens());
            assertThatThePictureIsDrawn(python, prometheus);
        }
    }

    /** The README's, of the last seconds. */
    private static void assertThatThePictureIsDrawn(Path python, PrometheusProcess prometheus) {
        String picture = ProgramRun.output(
                List.of(python.toString(), "grafana/draw", prometheus.base().toString(), "0.3"), Map.of());
        XmlPath drawing = XmlPath.from(picture);
        assertThat(drawing.getList("svg.g").size(), is(12));
        assertThat(drawing.getList("svg.g.path.findAll { it.@stroke != '' }").size(), is(greaterThan(20)));
        assertThat(picture.length(), is(lessThan(200_000)));
    }

    private static Map<String, String> settings() {
        return Map.ofEntries(
                Map.entry("FOUNDRY_LOCAL_ENDPOINT", "practice"),
                // Long against what a busy machine adds, so that both measures fall into one bucket.
                Map.entry("gateway.practice.first-token", "1100ms"),
                Map.entry("gateway.practice.per-token", "2ms"),
                // Nothing listens at port 1.
                Map.entry("gateway.upstreams.down.url", "http://127.0.0.1:1/v1"),
                Map.entry("gateway.models.absent.upstream", "down"),
                // One slot, so that calls wait; and its model is unloaded again and again.
                Map.entry("gateway.upstreams.narrow.url", "practice"),
                Map.entry("gateway.upstreams.narrow.concurrency", "1"),
                Map.entry("gateway.models.gpt-oss-20b.upstream", "narrow"),
                Map.entry("gateway.access.management", "true"),
                Map.entry("gateway.models.phi-4-mini.price.output", "0.1"),
                Map.entry("gateway.models.gpt-oss-20b.price.output", "1"),
                // One that nobody asks, for the series of its target.
                Map.entry("gateway.hybrid.spare.draft", "phi-4-mini"),
                Map.entry("gateway.hybrid.spare.escalation", "gpt-oss-20b"),
                Map.entry("gateway.hybrid.spare.target-share", "0.3"),
                // A small heap, so that there are pauses to show.
                Map.entry("JAVA_TOOL_OPTIONS", "-Xmx64m"));
    }

    /** The expressions of panels and recording rules, and the series that alerts ask for: an alert itself has data only when it fires. */
    private static List<String> wanted() {
        Stream<String> alerts = Monitoring.ruleExpressions(false).stream()
                .flatMap(expression -> PromQl.selectors(expression).stream())
                .map(selector -> selector.metric())
                .distinct();
        return Stream.of(
                        Monitoring.dashboardExpressions("20s").stream(),
                        Monitoring.ruleExpressions(true).stream(),
                        alerts)
                .flatMap(expressions -> expressions)
                .filter(expression -> RARE.stream().noneMatch(expression::contains))
                .toList();
    }

    private static List<String> unused(GatewayProcess gateway) {
        TreeSet<String> told = new TreeSet<>();
        new HttpCaller(gateway.base())
                .get("/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith("# TYPE gateway_") || line.startsWith("# TYPE gen_ai_"))
                .map(line -> PromQl.family(line.split(" ", 4)[2]))
                .forEach(told::add);
        Monitoring.expressions()
                .flatMap(expression -> PromQl.selectors(expression).stream())
                .forEach(selector -> told.remove(selector.family()));
        return List.copyOf(told);
    }

    private static void assertThatFirstTokensAgree(PrometheusProcess prometheus, List<Double> measured) {
        String streams = "{gen_ai_request_model=\"phi-4-mini\", stream=\"true\", outcome=\"ok\"}";
        await("the last stream is scraped")
                .atMost(Duration.ofSeconds(20))
                .until(() -> prometheus
                        .query("sum(gen_ai_server_time_to_first_token_seconds_count" + streams + ")")
                        .equals(List.of((double) measured.size())));
        double told = prometheus
                .query("histogram_quantile(0.95, sum by (le) (gen_ai_server_time_to_first_token_seconds_bucket"
                        + streams + "))")
                .get(0);
        double own = measured.stream().sorted().toList().get((int) Math.ceil(measured.size() * 0.95) - 1);
        System.out.println("MonitoringIT: p95 first token of " + measured.size() + " streams: " + told
                + " s by Prometheus, " + own + " s by the load");
        assertThat("buckets apart", Math.abs(bucket(told) - bucket(own)), is(lessThanOrEqualTo(1)));
    }

    private static int bucket(double seconds) {
        return (int) BOUNDARIES.stream().filter(boundary -> boundary < seconds).count();
    }

    /** The exit code; what it printed is shown if that is not 0. */
    private static String run(Path program, Stream<String> arguments) throws IOException, InterruptedException {
        List<String> command =
                Stream.concat(Stream.of(program.toString()), arguments).toList();
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(command.toString(), process.waitFor(2, TimeUnit.MINUTES));
        return process.exitValue() == 0 ? "0" : process.exitValue() + ": " + output;
    }
}
