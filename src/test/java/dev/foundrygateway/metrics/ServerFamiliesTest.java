package dev.foundrygateway.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.foundrygateway.exchange.ServerPages.Page;
import io.prometheus.client.Collector;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Gauge;
import io.prometheus.client.exporter.common.TextFormat;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Model servers' own metrics on the gateway's page. The pages are shaped like those of llama.cpp and vLLM. */
class ServerFamiliesTest {
    private static final String LLAMA = """
            # HELP llamacpp:prompt_tokens_total Number of prompt tokens processed.
            # TYPE llamacpp:prompt_tokens_total counter
            llamacpp:prompt_tokens_total 1234
            # TYPE llamacpp:requests_processing gauge
            llamacpp:requests_processing 1
            """;
    private static final String VLLM = """
            # HELP vllm:e2e_request_latency_seconds Histogram of e2e latency.
            # TYPE vllm:e2e_request_latency_seconds histogram
            vllm:e2e_request_latency_seconds_sum{engine="0",model_name="org/m, \\"q\\" }"} 3.5
            vllm:e2e_request_latency_seconds_bucket{engine="0",le="0.3",model_name="org/m, \\"q\\" }"} 1.0
            vllm:e2e_request_latency_seconds_bucket{engine="0",le="+Inf",model_name="org/m, \\"q\\" }"} 2.0
            vllm:e2e_request_latency_seconds_count{engine="0",model_name="org/m, \\"q\\" }"} 2.0
            vllm:e2e_request_latency_seconds_created{engine="0"} 1.7e9
            # TYPE llamacpp:requests_processing gauge
            llamacpp:requests_processing{upstream="theirs",server="x"} 7 1700000000000
            """;

    private final CollectorRegistry collectors = new CollectorRegistry(true);

    @Test
    void eachSampleIsToldWithItsUpstreamAndModel() {
        String page = plain(new Page("small", "phi", "", LLAMA), new Page("big", "", "h:1", VLLM));
        assertLine(page, "llamacpp:prompt_tokens_total{upstream=\"small\",model=\"phi\",} 1234.0");
        assertLine(page, "llamacpp:requests_processing{upstream=\"small\",model=\"phi\",} 1.0");
        assertLine(
                page,
                "llamacpp:requests_processing{exported_upstream=\"theirs\",exported_server=\"x\",upstream=\"big\",model=\"\",server=\"h:1\",} 7.0");
        assertLine(
                page,
                "vllm:e2e_request_latency_seconds_bucket{engine=\"0\",le=\"+Inf\",model_name=\"org/m, \\\"q\\\" }\",upstream=\"big\",model=\"org/m, \\\"q\\\" }\",server=\"h:1\",} 2.0");
        assertFalse(page.contains("_created"));
        assertEquals(
                1,
                page.lines()
                        .filter("# TYPE llamacpp:requests_processing gauge"::equals)
                        .count());
        assertLine(page, "# HELP llamacpp:prompt_tokens_total Number of prompt tokens processed.");
    }

    @Test
    void inOpenMetricsTheFamiliesAreWhole() {
        String page = text(
                TextFormat.CONTENT_TYPE_OPENMETRICS_100,
                new Page("small", "phi", "", LLAMA + "# TYPE odd counter\nodd 3\n"));
        assertLine(page, "# TYPE llamacpp:prompt_tokens counter");
        assertLine(page, "llamacpp:prompt_tokens_total{upstream=\"small\",model=\"phi\"} 1234.0");
        assertLine(page, "odd_total{upstream=\"small\",model=\"phi\"} 3.0");
        assertTrue(page.endsWith("# EOF\n"));
    }

    @Test
    void whatIsNotOfTheFormatIsLeftOut() {
        String wrong = "no value\n9name 1\nname{a=\"1} 2\nbad nan0\n<html>\n" + "x".repeat(5_000)
                + " 1\nfine 1e3\nname{a=\"" + "\\\\".repeat(1_900) + "\n";
        String page = plain(new Page("u", "m", "", wrong));
        assertEquals(
                List.of("fine{upstream=\"u\",model=\"m\",} 1000.0"),
                page.lines().filter(line -> !line.startsWith("#")).toList());
    }

    @Test
    void namesOfTheGatewayStayItsOwn() {
        Gauge.build("process_cpu", "Ours.").register(collectors).set(5);
        String page = plain(
                new Page(
                        "u",
                        "m",
                        "",
                        "process_cpu 9\ngateway_in_flight_requests 9\ngen_ai_server_request_duration_seconds_count 9\ntheirs 9\n"));
        assertEquals(
                List.of("process_cpu 5.0", "theirs{upstream=\"u\",model=\"m\",} 9.0"),
                page.lines().filter(line -> !line.startsWith("#")).toList());
    }

    @Test
    void aServerThatTellsMoreIsCutOff() {
        StringBuilder many = new StringBuilder();
        for (int i = 0; i < 3_000; i++) {
            many.append("series{n=\"").append(i).append("\"} 1\n");
        }
        String page = plain(new Page("u", "m", "", many.toString()), new Page("v", "m", "", "series 1\n"));
        assertEquals(
                ServerFamilies.MOST_SAMPLES + 1,
                page.lines().filter(line -> line.startsWith("series{")).count());
    }

    @Test
    void anotherTypeOfTheSameNameIsLeftOut() {
        List<Collector.MetricFamilySamples> families = new ServerFamilies(Set.of())
                .read(List.of(
                        new Page("u", "", "", "# TYPE one gauge\none 1\n"),
                        new Page("v", "", "", "# TYPE one histogram\none_sum 1\none_count 1\n")));
        assertEquals(1, families.size());
        assertEquals(1, families.get(0).samples.size());
    }

    private String plain(Page... pages) {
        return text(TextFormat.CONTENT_TYPE_004, pages);
    }

    private String text(String type, Page... pages) {
        return new MetricsPage(collectors).text(type, List.of(pages));
    }

    private static void assertLine(String page, String line) {
        assertTrue(page.lines().anyMatch(line::equals), () -> line + " is not in\n" + page);
    }
}
