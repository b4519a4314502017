package dev.foundrygateway.it;

import static org.awaitility.Awaitility.await;

import dev.foundrygateway.testing.Document;
import dev.foundrygateway.testing.Monitoring;
import io.restassured.path.json.JsonPath;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** A real Prometheus with this repository's rules, that scrapes one gateway every second. Closing it ends it. */
final class PrometheusProcess implements AutoCloseable {
    private final Process process;
    private final URI base;
    private final HttpCaller api;

    private PrometheusProcess(Process process, URI base) {
        this.process = process;
        this.base = base;
        this.api = new HttpCaller(base);
    }

    /** Starts it in that folder and waits until it is ready. */
    static PrometheusProcess start(Path program, URI gateway, Path folder) {
        try {
            int port;
            try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                port = socket.getLocalPort();
            }
            Path settings = folder.resolve("prometheus.yml");
            Files.writeString(settings, settings(gateway));
            Process process = new ProcessBuilder(
                            program.toString(),
                            "--config.file=" + settings,
                            "--storage.tsdb.path=" + folder.resolve("data"),
                            "--web.listen-address=127.0.0.1:" + port,
                            "--enable-feature=exemplar-storage",
                            "--log.level=warn")
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("prometheus.log").toFile())
                    .start();
            PrometheusProcess started = new PrometheusProcess(process, URI.create("http://127.0.0.1:" + port));
            await("Prometheus is ready").atMost(Duration.ofSeconds(60)).until(() -> started.api.isUp("/-/ready"));
            return started;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The file that lies in the repository, with another address and a faster clock. */
    private static String settings(URI gateway) throws IOException {
        String shipped = Files.readString(Monitoring.PROMETHEUS.resolve("prometheus.yml"));
        String settings = shipped.replace("gateway:5274", gateway.getAuthority())
                .replace("_interval: 15s", "_interval: 1s")
                .replace("rules/*.yaml", Monitoring.PROMETHEUS.toAbsolutePath() + "/rules/*.yaml");
        if (Document.parse(settings).equals(Document.parse(shipped))) {
            throw new IllegalStateException("prometheus.yml is not as this test expects it");
        }
        return settings;
    }

    /** Its address. */
    URI base() {
        return base;
    }

    /**
     * The values of an instant query's series, those left out that are no number.
     *
     * @throws IllegalArgumentException with Prometheus' word for it, if the expression is wrong
     */
    List<Double> query(String expression) {
        HttpResponse<String> response =
                api.get("/api/v1/query?query=" + URLEncoder.encode(expression, StandardCharsets.UTF_8));
        JsonPath answer = HttpCaller.json(response);
        if (response.statusCode() != 200) {
            throw new IllegalArgumentException(expression + ": " + answer.getString("error"));
        }
        List<List<Object>> values = answer.getList("data.result.value");
        return values.stream()
                .filter(Objects::nonNull)
                .map(pair -> Double.parseDouble(pair.get(1).toString()))
                .filter(value -> !value.isNaN())
                .toList();
    }

    /** The traces of the exemplars that it keeps of a histogram or counter. */
    Set<String> exemplarTraces(String selector) {
        String path = "/api/v1/query_exemplars?start=0&end="
                + Instant.now().plusSeconds(60).getEpochSecond() + "&query="
                + URLEncoder.encode(selector, StandardCharsets.UTF_8);
        List<String> traces =
                HttpCaller.json(api.get(path)).getList("data.exemplars.flatten().collect { it.labels.trace_id }");
        return Set.copyOf(traces);
    }

    /** Those rules that could not be evaluated, with the reason. */
    List<String> failedRules() {
        List<String> errors = HttpCaller.json(api.get("/api/v1/rules"))
                .getList(
                        "data.groups.rules.flatten().findAll { it.health == 'err' }.collect { it.name + ': ' + it.lastError }");
        return errors;
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
