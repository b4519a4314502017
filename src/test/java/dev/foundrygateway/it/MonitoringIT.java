package dev.foundrygateway.it;

import static org.awaitility.Awaitility.await;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.closeTo;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.in;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.lessThanOrEqualTo;

import com.sun.net.httpserver.HttpServer;
import dev.foundrygateway.metrics.KnownValues;
import dev.foundrygateway.testing.Document;
import dev.foundrygateway.testing.Monitoring;
import dev.foundrygateway.testing.PromQl;
import io.restassured.path.xml.XmlPath;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
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

    /** Known series, known values: each panel shows what it says, to the fourth place. */
    @Test
    void everyPanelShowsTheValueThatItsSeriesHave() throws IOException, InterruptedException {
        Path promtool = Need.path("PROMTOOL");
        Document known = Document.read(Path.of("src", "test", "resources", "monitoring", "dashboard.yaml"));
        StringBuilder test = new StringBuilder("evaluation_interval: 1m\ntests:\n- interval: 1m\n  input_series:\n");
        for (String series : known.texts("series")) {
            int end = series.lastIndexOf(' ');
            test.append("  - {series: '").append(series, 0, end);
            test.append("', values: '").append(series.substring(end + 1)).append("'}\n");
        }
        test.append("  promql_expr_test:\n");
        for (Document panel : Monitoring.panels()) {
            for (Document target : panel.list("targets")) {
                test.append("  - {eval_time: 30m, expr: 'round(")
                        .append(Monitoring.filled(target.text("expr"), "5m"))
                        .append(", 0.0001)', exp_samples: [")
                        .append(samples(known, panel.text("title"), target.text("legendFormat")))
                        .append("]}\n");
            }
        }
        Path file = Files.writeString(folder.resolve("panels.yaml"), test);
        assertThat(run(promtool, Stream.of("test", "rules", file.toString())), is("0"));
    }

    private static String samples(Document known, String title, String legend) {
        Document row = known.list("panels").stream()
                .filter(one ->
                        one.text("panel").equals(title) && one.text("legend").equals(legend))
                .findFirst()
                .orElseThrow(() -> new AssertionError("dashboard.yaml has no values of " + title + ", " + legend));
        return row.texts("samples").stream()
                .map(sample -> {
                    int end = sample.lastIndexOf(' ');
                    return "{labels: '" + sample.substring(0, end) + "', value: " + sample.substring(end + 1) + "}";
                })
                .collect(Collectors.joining(", "));
    }

    /** Of keys with a budget (UsageQuarkusTest), and of a score that has had its labels (LearnQuarkusTest): this load has neither. */
    private static final List<String> RARE =
            List.of("gateway_budget_used_ratio", "gateway_learning_", "gateway_score_drift");

    @Test
    void everyPanelAndRuleHasDataAndEverySeriesOfOursIsUsed() {
        Path program = Need.path("PROMETHEUS");
        Path python = Need.path("OPENAI_PYTHON");
        Path rules = folder.resolve("catalogue.json");
        writeRules(rules, 0);
        try (GatewayProcess gateway = GatewayProcess.start(settings(rules));
                PrometheusProcess prometheus = PrometheusProcess.start(program, gateway.base(), folder);
                MixedLoad load = new MixedLoad(gateway.base())) {
            load.warmUp();
            List<String> missing = new ArrayList<>(wanted());
            AtomicInteger rounds = new AtomicInteger();
            await("every expression returns data")
                    .atMost(Duration.ofMinutes(4))
                    .pollInterval(Duration.ofMillis(100))
                    .until(() -> {
                        load.round();
                        writeRules(rules, rounds.incrementAndGet());
                        missing.removeIf(
                                expression -> !prometheus.query(expression).isEmpty());
                        return load.firstTokens().size() >= (missing.isEmpty() ? 24 : 160);
                    });
            assertThat("without data", missing, is(empty()));
            assertThat(prometheus.failedRules(), is(empty()));
            assertThat(unused(gateway), is(empty()));
            assertThatFirstTokensAgree(prometheus, load.firstTokens());
            assertThatCountsAgree(prometheus, load);
            assertThat(histograms(gateway), everyItem(is(in(new KnownValues().names()))));
            assertThatThePictureIsDrawn(python, prometheus);
        }
    }

    /** Rules that nobody's request meets, another text each time. */
    private static void writeRules(Path file, int number) {
        try {
            Files.writeString(file, "{\"otherwise\":\"phi-4-mini\"}" + "\n".repeat(number));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What the load has sent and was told is what Prometheus has, to the last request and token. */
    private static void assertThatCountsAgree(PrometheusProcess prometheus, MixedLoad load) {
        String chats = "{gen_ai_operation_name=\"chat\", gen_ai_request_model=";
        load.asked().forEach((model, count) -> {
            String query = model.equals("nobody-serves-this")
                    ? "sum(gateway_errors_total{code=\"model_not_found\"})"
                    : "sum(gen_ai_server_request_duration_seconds_count" + chats + "\"" + model + "\"})";
            assertThatItBecomes(prometheus, query, (double) count);
        });
        assertThatItBecomes(
                prometheus,
                "sum(gen_ai_client_token_usage_sum" + chats + "\"phi-4-mini\", gen_ai_token_type=\"output\"})",
                (double) load.written());
        // Each answer of the hybrid model is one decision.
        assertThatItBecomes(prometheus, "sum(gateway_escalations_total)", (double)
                load.asked().getOrDefault("hybrid", 0L));
    }

    private static void assertThatItBecomes(PrometheusProcess prometheus, String query, double value) {
        await(query + " is " + value)
                .atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(query, prometheus.query(query), is(List.of(value))));
    }

    /** The gateway's own histograms, as its page names them. */
    private static List<String> histograms(GatewayProcess gateway) {
        return new HttpCaller(gateway.base())
                .get("/metrics")
                .body()
                .lines()
                .filter(line -> line.matches("# TYPE (gateway|gen_ai)_\\S+ histogram"))
                .map(line -> line.split(" ", 4)[2])
                .toList();
    }

    /** A page whose values are known, read by a real Prometheus: its quantiles are theirs. */
    @Test
    void everyHistogramGivesBackTheQuantilesOfItsValues() throws IOException {
        Path program = Need.path("PROMETHEUS");
        KnownValues known = new KnownValues();
        String page = known.page();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/metrics", exchange -> {
            byte[] body = page.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "text/plain; version=0.0.4");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        URI address = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
        try (PrometheusProcess prometheus = PrometheusProcess.start(program, address, folder)) {
            await("the page is read")
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> prometheus.query("up").equals(List.of(1.)));
            for (String name : known.names()) {
                List<Double> boundaries = KnownValues.boundaries(page, name);
                for (double share : new double[] {.1, .5, .95, .99}) {
                    double right = known.quantile(name, share);
                    List<Double> told =
                            prometheus.query("histogram_quantile(" + share + ", sum by (le) (" + name + "_bucket))");
                    assertThat(name, told.size(), is(1));
                    assertThat(
                            name + " at " + share,
                            told.get(0),
                            is(closeTo(right, KnownValues.tolerance(boundaries, right))));
                }
            }
        } finally {
            server.stop(0);
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

    private static Map<String, String> settings(Path rules) {
        return Map.ofEntries(
                Map.entry("FOUNDRY_LOCAL_ENDPOINT", "practice"),
                Map.entry("gateway.catalogue.file", rules.toString()),
                Map.entry("OTEL_SEMCONV_STABILITY_OPT_IN", "http, gen_ai_latest_experimental"),
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
                // The newest names tell the same facts again.
                .filter(name -> !name.startsWith("gen_ai_client_inference_"))
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
