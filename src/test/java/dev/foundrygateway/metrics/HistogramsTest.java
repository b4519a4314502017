package dev.foundrygateway.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.foundrygateway.exchange.Observation;
import dev.foundrygateway.exchange.Operation;
import dev.foundrygateway.exchange.Outcome;
import dev.foundrygateway.exchange.RetrievalObserver;
import dev.foundrygateway.exchange.Timeline;
import dev.foundrygateway.openai.ErrorCode;
import dev.foundrygateway.testing.Monitoring;
import dev.foundrygateway.testing.PromQl;
import io.micrometer.core.instrument.Clock;
import io.micrometer.prometheus.PrometheusConfig;
import io.micrometer.prometheus.PrometheusMeterRegistry;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.exporter.common.TextFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Known values go into every histogram and are counted in its buckets, as they stand on the page that Prometheus reads. */
@SuppressWarnings("deprecation")
class HistogramsTest {
    private static final long MILLI = 1_000_000;

    private final CollectorRegistry collectors = new CollectorRegistry(true);
    private final PrometheusMeterRegistry registry =
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT, collectors, Clock.SYSTEM);
    private final MetricsPage page = new MetricsPage(collectors);

    @Test
    void scoresAndSupportCountAsTheFractionsThatTheyAre() {
        EscalationMeters escalations = new EscalationMeters(registry, collectors);
        for (double score : new double[] {0, .03, .05, .15, .35, .35, .999, 1}) {
            escalations.observe(new Observation.Score(score));
        }
        assertBuckets("gateway_escalation_score", "0.05", 3, "0.1", 3, "0.2", 4, "0.4", 6, "0.95", 6, "1.0", 8);
        assertEquals(8, value("gateway_escalation_score_count"));
        assertEquals(2.929, value("gateway_escalation_score_sum"), 1e-9);
        RetrievalMeters retrieval = new RetrievalMeters(registry, collectors);
        for (double support : new double[] {.02, .45, .81}) {
            retrieval.supported(support);
        }
        assertBuckets("gateway_retrieval_support", "0.05", 1, "0.4", 1, "0.5", 2, "0.8", 2, "0.9", 3, "+Inf", 3);
    }

    @Test
    void timesCountInTheirBuckets() {
        EscalationMeters escalations = new EscalationMeters(registry, collectors);
        escalations.observe(new Observation.Held(30 * MILLI));
        escalations.observe(new Observation.FirstReleased(1_200 * MILLI));
        assertBuckets("gateway_hold_seconds", "0.025", 0, "0.05", 1);
        assertBuckets("gateway_first_released_token_seconds", "1.0", 0, "1.5", 1);
        RetrievalMeters retrieval = new RetrievalMeters(registry, collectors);
        retrieval.took(RetrievalObserver.Stage.SEARCH, 3 * MILLI);
        assertBuckets("gateway_retrieval_seconds", "0.002", 0, "0.005", 1);
        new MeteredObserver(registry, new EscalationMeters(registry, new CollectorRegistry()))
                .observe(new Observation.Queued("foundry", 700 * MILLI));
        assertBuckets("gateway_queue_seconds", "0.5", 0, "1.0", 1);
        Series series = new Series(
                registry, new Labels(Operation.CHAT, "foundry", "m", "m", "none", "direct", true, Outcome.OK, ""));
        series.total(2_000 * MILLI);
        series.firstToken(300 * MILLI);
        series.perToken(60 * MILLI);
        series.overhead(MILLI / 5);
        series.tokens(100, 5_000);
        series.stages(Timeline.arrivedAt(0).sentAt(MILLI).headAt(2 * MILLI).tokenAt(90 * MILLI));
        assertBuckets("gen_ai_server_request_duration_seconds", "1.28", 0, "2.56", 1);
        assertBuckets("gen_ai_server_time_to_first_token_seconds", "0.25", 0, "0.5", 1);
        assertBuckets("gen_ai_server_time_per_output_token_seconds", "0.05", 0, "0.075", 1);
        assertBuckets("gateway_overhead_seconds", "1.0E-4", 0, "2.5E-4", 1);
        assertBuckets("gen_ai_client_token_usage", "64.0", 0, "256.0", 1, "4096.0", 1, "16384.0", 2);
        assertBuckets("gateway_upstream_first_token_seconds", "0.08", 0, "0.1", 1);
    }

    /** By the formula of Prometheus' histogram_quantile; MonitoringIT has the real one do it. */
    @ParameterizedTest
    @ValueSource(doubles = {.1, .5, .95, .99})
    void everyHistogramGivesBackTheQuantilesOfItsValues(double share) {
        KnownValues known = new KnownValues();
        String text = known.page();
        for (String name : known.names()) {
            List<Double> boundaries = KnownValues.boundaries(text, name);
            double right = known.quantile(name, share);
            double told = quantile(text, name, boundaries, share);
            assertEquals(right, told, KnownValues.tolerance(boundaries, right), name + " at " + share);
        }
    }

    /** What the page has and what panels and rules read as a histogram: a new one can't be forgotten. */
    @Test
    void noHistogramIsWithoutKnownValues() {
        KnownValues known = new KnownValues();
        Set<String> onThePage = known.page()
                .lines()
                .filter(line -> line.matches("# TYPE .* histogram"))
                .map(line -> line.split(" ", 4)[2])
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(new TreeSet<>(known.names()), onThePage);
        Set<String> read = Monitoring.expressions()
                .flatMap(expression -> PromQl.selectors(expression).stream())
                .filter(selector -> selector.metric().endsWith("_bucket"))
                .map(PromQl.Selector::family)
                .collect(Collectors.toCollection(TreeSet::new));
        read.removeAll(onThePage);
        assertEquals(Set.of(), read);
    }

    private static double quantile(String text, String name, List<Double> boundaries, double share) {
        double rank = share * below(text, name, "+Inf");
        double lower = 0;
        double before = 0;
        for (double boundary : boundaries) {
            double count = below(text, name, Double.toString(boundary));
            if (count >= rank) {
                return lower + (boundary - lower) * (rank - before) / (count - before);
            }
            lower = boundary;
            before = count;
        }
        return lower;
    }

    private static double below(String text, String name, String boundary) {
        return text.lines()
                .filter(line -> line.startsWith(name + "_bucket{") && line.contains("le=\"" + boundary + "\""))
                .mapToDouble(HistogramsTest::last)
                .sum();
    }

    @Test
    void errorsAreCountedFromZero() {
        GenAiMeters meters = new GenAiMeters(registry, List::of);
        for (ErrorCode code : ErrorCode.values()) {
            assertEquals(0, value("gateway_errors_total{code=\"" + code.code() + "\",}"), code.code());
        }
        meters.error("overloaded");
        assertEquals(1, value("gateway_errors_total{code=\"overloaded\",}"));
    }

    /** Boundary and count, in pairs; the counts of all series of the name together. */
    private void assertBuckets(String name, Object... expected) {
        for (int i = 0; i < expected.length; i += 2) {
            String boundary = "le=\"" + expected[i] + "\"";
            List<String> lines = text().lines()
                    .filter(line -> line.startsWith(name + "_bucket") && line.contains(boundary))
                    .toList();
            assertTrue(!lines.isEmpty(), () -> name + " has no bucket " + boundary);
            double sum = lines.stream().mapToDouble(HistogramsTest::last).sum();
            assertEquals(((Integer) expected[i + 1]).doubleValue(), sum, name + " " + boundary);
        }
    }

    private double value(String series) {
        return text().lines()
                .filter(line -> line.startsWith(series + " "))
                .mapToDouble(HistogramsTest::last)
                .findFirst()
                .orElseThrow(() -> new AssertionError(series + " is not on the page"));
    }

    private String text() {
        return page.text(TextFormat.CONTENT_TYPE_004, List.of());
    }

    private static double last(String line) {
        return Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1));
    }
}
