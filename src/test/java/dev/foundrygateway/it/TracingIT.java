package dev.foundrygateway.it;

import static org.awaitility.Awaitility.await;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

/** Traces of the packaged program, taken by a collector of the test's own; and the trace's id in the log line and as an exemplar. */
class TracingIT {
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String CHAT =
            "{\"model\":\"phi-4-mini\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"whysky\"}]}";

    @Test
    void spansArriveAtTheCollectorAndTheTraceStandsInLogAndExemplars() throws IOException, InterruptedException {
        Queue<String> received = new ConcurrentLinkedQueue<>();
        HttpServer collector = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        collector.createContext("/v1/traces", exchange -> {
            received.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.ISO_8859_1));
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        collector.start();
        try (GatewayProcess gateway = GatewayProcess.start(Map.of(
                "FOUNDRY_LOCAL_ENDPOINT",
                "practice",
                "gateway.tracing.endpoint",
                "http://127.0.0.1:" + collector.getAddress().getPort()))) {
            new HttpCaller(gateway.base())
                    .post("/v1/chat/completions", CHAT, "traceparent", "00-" + TRACE + "-00f067aa0ba902b7-01");
            await("both spans are exported")
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> received.stream().anyMatch(spans -> spans.contains("POST /v1/chat/completions"))
                            && received.stream().anyMatch(spans -> spans.contains("chat phi-4-mini")));
            assertThat(String.join("", received), not(containsString("whysky")));
            assertThat(gateway.log(), containsString("trace=" + TRACE));
            assertThat(openMetrics(gateway.base()), containsString("trace_id=\"" + TRACE + "\""));
        } finally {
            collector.stop(0);
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

    /** Quarkus compares all of the header: Prometheus' own, without the charset, gets the plain text format. */
    private static String openMetrics(URI gateway) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(gateway.resolve("/metrics"))
                .header("Accept", "application/openmetrics-text; version=1.0.0; charset=utf-8")
                .build();
        var response = HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
        assertThat(response.statusCode(), is(200));
        return response.body();
    }
}
