package dev.foundrygateway.it;

import static org.awaitility.Awaitility.await;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** A client that hangs up in mid-stream: the model server must stop working for it. */
class CancellationIT {
    private static final String FOUNDRY_MODEL = "tiny-instruct-generic-cpu:1";
    private static final Duration LOOK = Duration.ofMillis(500);
    private static final Duration LIMIT = Duration.ofSeconds(6);

    @Test
    void hangUpSparesTheFoundryRuntimeMostOfItsWork() throws IOException {
        URI upstream = URI.create(Need.env("FOUNDRY_2X_URL"));
        HttpCaller direct = new HttpCaller(upstream);
        assertThat(direct.get("/models/load/tiny-instruct").statusCode(), is(200));
        ProcessHandle runtime = ProcessHandle.of(
                        HttpCaller.json(direct.get("/status")).getLong("pid"))
                .orElseThrow();
        try (GatewayProcess gateway = GatewayProcess.start(
                Map.of("FOUNDRY_LOCAL_ENDPOINT", upstream.resolve("/v1").toString()))) {
            // The tiny model is done in seconds: a gateway that loads its classes meanwhile would be measured instead.
            hangUpAfterTheFirstToken(gateway, FOUNDRY_MODEL);
            awaitRest(runtime);
            long start = cpuMillis(runtime);
            assertThat(
                    direct.post("/v1/chat/completions", longChat(FOUNDRY_MODEL)).statusCode(), is(200));
            awaitRest(runtime);
            long whole = cpuMillis(runtime) - start;

            hangUpAfterTheFirstToken(gateway, FOUNDRY_MODEL);
            awaitRest(runtime);
            long untilHangUp = cpuMillis(runtime) - start - whole;

            assertThat("ms of processor time", untilHangUp, lessThan(whole / 2));
            assertThatItWasCounted(gateway, 2);
        }
    }

    @Test
    void hangUpFreesTheModelServersSlot() throws IOException {
        URI upstream = URI.create(Need.env("SLM_URL"));
        HttpCaller direct = new HttpCaller(upstream);
        try (GatewayProcess gateway = GatewayProcess.start(Map.of(
                "gateway.upstreams.slm.url",
                upstream.resolve("/v1").toString(),
                "gateway.upstreams.slm.models",
                "phi-4-mini"))) {
            hangUpAfterTheFirstToken(gateway, "phi-4-mini");
            await("no slot is busy")
                    .pollInterval(LOOK)
                    .atMost(LIMIT)
                    .until(() -> direct.get("/metrics").body().contains("llamacpp:requests_processing 0"));
        }
    }

    /** Asks for a long answer, and leaves as soon as it has begun. */
    private static void hangUpAfterTheFirstToken(GatewayProcess gateway, String model) throws IOException {
        HttpResponse<InputStream> response =
                new HttpCaller(gateway.base()).open("/v1/chat/completions", longChat(model));
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
            assertThat(response.statusCode(), is(200));
            String line = "";
            while (!line.matches("data:.*\"content\": ?\"[^\"].*")) {
                line = String.valueOf(lines.readLine());
                assertThat("the stream ended before it began", !line.equals("null"));
            }
        }
    }

    /** 8,000 tokens: seconds of work for the runtime's tiny model, minutes for a real one. */
    private static String longChat(String model) {
        return """
                {"model":"%s","stream":true,"max_tokens":8000,"temperature":0,
                 "messages":[{"role":"user","content":"Count from 1 to 9000, one number a line, no comment."}]}""".formatted(model);
    }

    private static void awaitRest(ProcessHandle process) {
        AtomicLong before = new AtomicLong(cpuMillis(process));
        await("the runtime is at rest")
                .pollInterval(LOOK)
                .atMost(Duration.ofMinutes(1))
                .until(() -> {
                    long now = cpuMillis(process);
                    return now - before.getAndSet(now) < LOOK.toMillis() / 10;
                });
    }

    private static void assertThatItWasCounted(GatewayProcess gateway, int times) {
        await("the hang-up is counted")
                .atMost(LIMIT)
                .until(() -> new HttpCaller(gateway.base())
                        .get("/metrics")
                        .body()
                        .lines()
                        .anyMatch(line -> line.matches("gateway_client_cancellations_total.* " + times + "\\.0")));
    }

    private static long cpuMillis(ProcessHandle process) {
        return process.info().totalCpuDuration().orElseThrow().toMillis();
    }
}
