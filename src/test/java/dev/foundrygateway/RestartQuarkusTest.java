package dev.foundrygateway;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.foundrygateway.practice.PracticeUpstream;
import dev.foundrygateway.practice.Script;
import dev.foundrygateway.testing.GatewayClient;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

/** A model server that is killed under fifty streams, two of which still wait in its queue, and that comes back. */
@QuarkusTest
@QuarkusTestResource(value = RestartedFoundry.class, restrictToAnnotatedClass = true)
class RestartQuarkusTest {
    private static final int RUNNING = 48;
    private static final int WAITING = 2;
    private static final String CHAT =
            "{\"model\":\"phi-4-mini\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
    private static final String FIRST =
            "{\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"first\"}}]}";

    @ConfigProperty(name = "quarkus.http.test-port")
    int port;

    @Test
    void fiftyStreamsEndWithAnErrorAndTheNextCallAfterTheRestartIsAnswered() {
        RestartedFoundry foundry = RestartedFoundry.instance();
        PracticeUpstream upstream = foundry.upstream();
        int upstreamPort = upstream.port();
        await().until(() -> get("/v1/models").contains(RestartedFoundry.ID));
        upstream.script(received -> received.path().endsWith("/chat/completions")
                ? Optional.of(Script.start().stream().event(FIRST).await(new CompletableFuture<Void>()))
                : Optional.empty());

        List<GatewayClient.Live> streams = open(RUNNING);
        streams.forEach(stream -> assertTrue(stream.readUntil("first").contains("first")));
        List<GatewayClient.Live> waiting = open(WAITING);
        await().untilAsserted(
                        () -> assertTrue(metric("gateway_queue_length{upstream=\"foundry\"} 2.0"), get("/metrics")));

        foundry.kill();

        for (GatewayClient.Live stream : streams) {
            String rest = stream.readUntil("data: [DONE]\n\n");
            assertTrue(rest.contains("\"code\":\"upstream_error\""), rest);
            stream.close();
        }
        for (GatewayClient.Live stream : waiting) {
            String reply = stream.readUntil("}}");
            assertTrue(reply.contains("\"error\""), reply);
            stream.close();
        }
        await().until(() -> metric("gateway_in_flight_requests") && !metric("gateway_in_flight_requests 1.0"));
        await().until(() -> metric("gateway_queue_length{upstream=\"foundry\"} 0.0"));

        foundry.restart(upstreamPort);

        await().until(() -> client().chat(CHAT).status() == 200);
        await().until(() -> get("/health").contains("\"circuit\":\"closed\""));
        assertEquals(0, inFlight());
    }

    private List<GatewayClient.Live> open(int count) {
        return new ArrayList<>(IntStream.range(0, count)
                .mapToObj(ignored ->
                        client().open("POST", "/v1/chat/completions", CHAT, "Content-Type", "application/json"))
                .toList());
    }

    private double inFlight() {
        return get("/metrics")
                .lines()
                .filter(line -> line.startsWith("gateway_in_flight_requests"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    private boolean metric(String start) {
        return get("/metrics").lines().anyMatch(line -> line.startsWith(start));
    }

    private String get(String path) {
        return client().send("GET", path, "").body();
    }

    private GatewayClient client() {
        return new GatewayClient(port);
    }
}
