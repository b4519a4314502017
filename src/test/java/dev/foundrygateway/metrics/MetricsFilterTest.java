package dev.foundrygateway.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.foundrygateway.exchange.Call;
import dev.foundrygateway.exchange.Calls;
import dev.foundrygateway.exchange.ChatReply;
import dev.foundrygateway.exchange.ChatService;
import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.exchange.ModelNames;
import dev.foundrygateway.exchange.Served;
import dev.foundrygateway.exchange.Timeline;
import dev.foundrygateway.openai.ErrorCode;
import dev.foundrygateway.openai.sse.EventScanner;
import dev.foundrygateway.openai.sse.Frame;
import io.micrometer.prometheus.PrometheusConfig;
import io.micrometer.prometheus.PrometheusMeterRegistry;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.helpers.test.AssertSubscriber;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** The meters, on a clock that the test moves. The registry is the one that Quarkus 3.34.1 brings, deprecated by Micrometer and without another. */
@SuppressWarnings("deprecation")
class MetricsFilterTest {
    private static final long ARRIVED = Duration.ofHours(1).toNanos();
    private static final Served SERVED = Served.direct(
            "phi-4-mini",
            "foundry",
            Timeline.arrivedAt(ARRIVED)
                    .sentAt(ARRIVED + 2_000_000)
                    .headAt(ARRIVED + 7_000_000)
                    .tokenAt(ARRIVED + 290_000_000));

    private final AtomicLong now = new AtomicLong(ARRIVED);
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final ModelNames names = model -> model.equals("phi-4-mini") ? model : ModelNames.OTHER;
    private final MetricsFilter filter =
            new MetricsFilter(now::get, names, new GenAiMeters(registry, List::of), new ExchangeLog(), List.of());

    @Test
    void firstTokenAndTotalCountFromTheArrivalAndTheRoleChunkDoesNot() {
        AssertSubscriber<Frame> client = exchange(
                "phi-4-mini",
                true,
                List.of(
                        "data: {\"choices\":[{\"delta\":{\"role\":\"assistant\",\"content\":\"\"}}]}\n\n",
                        "data: {\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\n\n",
                        "data: {\"choices\":[{\"delta\":{\"content\":\"b\"}}]}\n\n",
                        "data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n",
                        "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":3}}\n\ndata: [DONE]\n\n"));
        at(Duration.ofMillis(100), () -> client.request(1));
        at(Duration.ofMillis(300), () -> client.request(1));
        at(Duration.ofMillis(500), () -> client.request(1));
        at(Duration.ofMillis(700), () -> client.request(10));
        client.assertCompleted();
        String scrape = scrape();
        assertMetric(scrape, "gen_ai_server_time_to_first_token_seconds_sum", "0.3");
        assertMetric(scrape, "gen_ai_server_request_duration_seconds_sum", "0.7");
        assertMetric(scrape, "gen_ai_server_time_per_output_token_seconds_sum", "0.2");
        assertMetric(scrape, "gateway_overhead_seconds_sum", "0.002");
        assertMetric(scrape, "gateway_upstream_first_token_seconds_sum", "0.29");
        for (String part :
                List.of("prep\",tier=\"none\"} 0.002", "send\",tier=\"none\"} 0.005", "hold\",tier=\"none\"} 0.0")) {
            assertTrue(
                    scrape.contains("gateway_stage_seconds_sum{gen_ai_response_model=\"phi-4-mini\",stage=\"" + part),
                    part);
        }
        assertTrue(
                scrape.contains(
                        "gen_ai_client_token_usage_sum{gen_ai_operation_name=\"chat\",gen_ai_provider_name=\"foundry\","
                                + "gen_ai_request_model=\"phi-4-mini\",gen_ai_response_model=\"phi-4-mini\",gen_ai_token_type=\"output\"} 3.0"));
        for (String boundary : List.of("0.001", "60.0")) {
            assertTrue(
                    scrape.lines()
                            .anyMatch(line -> line.startsWith("gen_ai_server_time_to_first_token_seconds_bucket")
                                    && line.contains("le=\"" + boundary + "\"")),
                    boundary);
        }
        assertTrue(scrape.lines()
                .anyMatch(line -> line.startsWith("gen_ai_server_request_duration_seconds_bucket")
                        && line.contains("le=\"327.68\"")));
        assertTrue(scrape.contains("gateway_in_flight_requests 0.0"));
    }

    @Test
    void tenThousandModelNamesLeaveTheSeriesAsTheyWere() {
        exchange("nobody knows it", false, List.of("{}")).request(10);
        long before = scrape().lines().count();
        for (int i = 0; i < 10_000; i++) {
            exchange("model-" + i, false, List.of("{}")).request(10);
        }
        assertEquals(before, scrape().lines().count());
    }

    @Test
    void aClientThatLeavesIsCountedOnce() {
        AssertSubscriber<Frame> client = exchange(
                "phi-4-mini",
                true,
                List.of("data: {\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\n\n", "data: [DONE]\n\n"));
        client.request(1);
        client.cancel();
        client.cancel();
        String scrape = scrape();
        assertTrue(scrape.contains("gateway_client_cancellations_total 1.0"));
        assertTrue(scrape.contains("gateway_in_flight_requests 0.0"));
        assertMetric(scrape, "gen_ai_server_request_duration_seconds_count", "1");
        assertTrue(scrape.contains("outcome=\"cancelled\""));
    }

    @Test
    void aFailureBeforeTheReplyIsCountedByItsCode() {
        ChatService failing =
                call -> Uni.createFrom().failure(new GatewayException(ErrorCode.UPSTREAM_TIMEOUT, "slow"));
        filter.apply(call("phi-4-mini", true), failing).subscribe().with(reply -> {}, failure -> {});
        String scrape = scrape();
        assertTrue(scrape.contains("gateway_errors_total{code=\"upstream_timeout\"} 1.0"));
        assertTrue(scrape.contains("outcome=\"timeout\""));
        assertTrue(scrape.contains("gateway_in_flight_requests 0.0"));
    }

    private String scrape() {
        return registry.scrape().replace(",}", "}");
    }

    private void at(Duration sinceArrival, Runnable then) {
        now.set(Duration.ofHours(1).plus(sinceArrival).toNanos());
        then.run();
    }

    private AssertSubscriber<Frame> exchange(String model, boolean stream, List<String> pieces) {
        EventScanner scanner = new EventScanner(1_000);
        Multi<Frame> body = Multi.createFrom()
                .iterable(pieces)
                .map(piece -> stream ? scanner.feed(Buffer.buffer(piece)) : Frame.plain(Buffer.buffer(piece)));
        ChatService service = call ->
                Uni.createFrom().item(new ChatReply(200, MultiMap.caseInsensitiveMultiMap(), stream, body, SERVED));
        return filter.apply(call(model, stream), service)
                .await()
                .indefinitely()
                .body()
                .subscribe()
                .withSubscriber(AssertSubscriber.create(0));
    }

    private Call call(String model, boolean stream) {
        String json = "{\"model\":\"" + model + "\",\"stream\":" + stream + "}";
        return Calls.chat(json, now.get());
    }

    private static void assertMetric(String scrape, String name, String value) {
        double sum = scrape.lines()
                .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
        assertEquals(Double.parseDouble(value), sum, 1e-9, name);
    }
}
