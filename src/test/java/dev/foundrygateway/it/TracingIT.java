package dev.foundrygateway.it;

import static org.awaitility.Awaitility.await;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.not;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Traces of the packaged program, taken by a collector of the test's own; the trace's id in the log line, and as an exemplar in a real Prometheus. */
class TracingIT {
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String CHAT =
            "{\"model\":\"phi-4-mini\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"whysky\"}]}";

    @TempDir
    Path folder;

    private final Queue<String> received = new ConcurrentLinkedQueue<>();
    private final HttpServer collector;

    TracingIT() throws IOException {
        collector = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    }

    @BeforeEach
    void collect() {
        collector.createContext("/v1/traces", exchange -> {
            received.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.ISO_8859_1));
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        collector.start();
    }

    @AfterEach
    void stop() {
        collector.stop(0);
    }

    private GatewayProcess traced() {
        return GatewayProcess.start(Map.of(
                "FOUNDRY_LOCAL_ENDPOINT",
                "practice",
                "gateway.tracing.endpoint",
                "http://127.0.0.1:" + collector.getAddress().getPort()));
    }

    @Test
    void spansArriveAtTheCollectorAndTheTraceStandsInTheLog() {
        try (GatewayProcess gateway = traced()) {
            HttpCaller caller = new HttpCaller(gateway.base());
            await("both spans are exported")
                    .atMost(Duration.ofSeconds(60))
                    .pollInterval(Duration.ofSeconds(6))
                    .pollDelay(Duration.ZERO)
                    .until(() -> caller.post(
                                                    "/v1/chat/completions",
                                                    CHAT,
                                                    "traceparent",
                                                    "00-" + TRACE + "-00f067aa0ba902b7-01")
                                            .statusCode()
                                    == 200
                            && received.stream().anyMatch(spans -> spans.contains("POST /v1/chat/completions"))
                            && received.stream().anyMatch(spans -> spans.contains("chat phi-4-mini")));
            assertThat(String.join("", received), not(containsString("whysky")));
            assertThat(gateway.log(), containsString("trace=" + TRACE));
        }
    }

    @Test
    void prometheusKeepsAnExemplarOfATraceThatTheGatewayBegan() {
        Path program = Need.path("PROMETHEUS");
        try (GatewayProcess gateway = traced();
                PrometheusProcess prometheus = PrometheusProcess.start(program, gateway.base(), folder)) {
            new HttpCaller(gateway.base()).post("/v1/chat/completions", CHAT);
            Set<String> traces = new TreeSet<>();
            await("the exemplar is scraped")
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> traces.addAll(
                            prometheus.exemplarTraces("gen_ai_server_time_to_first_token_seconds_bucket")));
            for (String trace : traces) {
                assertThat(gateway.log(), containsString("trace=" + trace));
            }
        }
    }

    @Test
    void offNothingIsTracedButAClientsTraceStillStandsInTheLog() {
        try (GatewayProcess gateway = GatewayProcess.start(Map.of("FOUNDRY_LOCAL_ENDPOINT", "practice"))) {
            HttpCaller caller = new HttpCaller(gateway.base());
            caller.post("/v1/chat/completions", CHAT);
            assertThat(gateway.log(), not(containsString("trace=")));
            caller.post("/v1/chat/completions", CHAT, "traceparent", "00-" + TRACE + "-00f067aa0ba902b7-01");
            await("the line is written")
                    .atMost(Duration.ofSeconds(10))
                    .until(() -> gateway.log().contains("trace=" + TRACE));
        }
    }
}
