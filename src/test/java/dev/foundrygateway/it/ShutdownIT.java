package dev.foundrygateway.it;

import static org.awaitility.Awaitility.await;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.is;

import dev.foundrygateway.practice.PracticeSettings;
import dev.foundrygateway.practice.PracticeUpstream;
import dev.foundrygateway.practice.Script;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A gateway that is told to stop while streams are open. */
class ShutdownIT {
    private static final int STREAMS = 200;
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final int TERMINATED = 143;
    private static final String TOKEN =
            "{\"id\":\"1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":"
                    + "[{\"index\":0,\"delta\":{\"content\":\"sky\"},\"finish_reason\":null}]}";
    private static final String CHAT =
            "{\"model\":\"phi-4-mini\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"why\"}]}";

    private final Vertx vertx = Vertx.vertx();
    private final PracticeUpstream upstream = PracticeUpstream.start(vertx, PracticeSettings.immediate());

    @AfterEach
    void close() {
        upstream.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void sigtermUnderTwoHundredOpenStreamsLosesNone() throws Exception {
        CompletableFuture<Void> goOn = new CompletableFuture<>();
        try (GatewayProcess gateway = gateway("5s")) {
            upstream.script(request -> request.path().endsWith("/chat/completions")
                    ? Optional.of(Script.start().stream()
                            .event(TOKEN)
                            .await(goOn)
                            .event(TOKEN)
                            .done())
                    : Optional.empty());
            HttpCaller caller = new HttpCaller(gateway.base());
            List<InputStream> streams = open(caller);

            gateway.terminate();
            await("readiness fails first")
                    .atMost(LIMIT)
                    .until(() -> caller.get("/q/health/ready").statusCode() == 503);
            assertThat("still taken in the delay", caller.get("/v1/models").statusCode(), is(200));
            await("new calls are refused")
                    .atMost(LIMIT)
                    .until(() -> caller.get("/v1/models").statusCode() == 503);
            HttpResponse<String> refused = caller.post("/v1/chat/completions", CHAT);
            assertThat(refused.body(), containsString("\"code\":\"shutting_down\""));
            assertThat(refused.headers().firstValue("retry-after").orElse(""), is("1"));

            goOn.complete(null);
            for (InputStream stream : streams) {
                assertThat(
                        new String(stream.readAllBytes(), StandardCharsets.UTF_8),
                        endsWith("data: " + TOKEN + "\n\ndata: [DONE]\n\n"));
            }
            assertThat(gateway.ended().get(LIMIT.toSeconds(), TimeUnit.SECONDS), is(TERMINATED));
        }
    }

    @Test
    void streamsThatDoNotEndAreCutWhenTheGracePeriodIsOver() throws Exception {
        try (GatewayProcess gateway = gateway("0s", "quarkus.shutdown.timeout", "2s")) {
            upstream.script(Script.start().stream().event(TOKEN).stall());
            HttpResponse<InputStream> stream = new HttpCaller(gateway.base()).open("/v1/chat/completions", CHAT);
            assertThat(stream.statusCode(), is(200));
            gateway.terminate();
            assertThat(gateway.ended().get(LIMIT.toSeconds(), TimeUnit.SECONDS), is(TERMINATED));
        }
    }

    private List<InputStream> open(HttpCaller caller) throws IOException {
        List<InputStream> streams = new ArrayList<>();
        for (int i = 0; i < STREAMS; i++) {
            HttpResponse<InputStream> response = caller.open("/v1/chat/completions", CHAT);
            assertThat(response.statusCode(), is(200));
            assertThat((char) response.body().read(), is('d'));
            streams.add(response.body());
        }
        return streams;
    }

    private GatewayProcess gateway(String delay, String... more) {
        Map<String, String> settings = new HashMap<>(Map.of(
                "FOUNDRY_LOCAL_ENDPOINT",
                upstream.uri().toString(),
                "gateway.upstreams.foundry.concurrency",
                "0",
                "quarkus.shutdown.delay",
                delay));
        for (int i = 0; i < more.length; i += 2) {
            settings.put(more[i], more[i + 1]);
        }
        return GatewayProcess.start(settings);
    }
}
