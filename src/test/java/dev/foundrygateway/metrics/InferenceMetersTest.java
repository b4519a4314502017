package dev.foundrygateway.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.foundrygateway.exchange.Calls;
import dev.foundrygateway.exchange.ChatReply;
import dev.foundrygateway.exchange.ChatService;
import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.exchange.GenAiConventions;
import dev.foundrygateway.exchange.Operation;
import dev.foundrygateway.exchange.Served;
import dev.foundrygateway.exchange.Timeline;
import dev.foundrygateway.openai.ErrorCode;
import dev.foundrygateway.openai.sse.EventScanner;
import dev.foundrygateway.openai.sse.Frame;
import io.micrometer.prometheus.PrometheusConfig;
import io.micrometer.prometheus.PrometheusMeterRegistry;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** The newest names: each call of a model, with what its server counted. */
@SuppressWarnings("deprecation")
class InferenceMetersTest {
    private static final String USAGE =
            "\"usage\":{\"prompt_tokens\":90,\"completion_tokens\":30,\"prompt_tokens_details\":{\"cached_tokens\":64},"
                    + "\"completion_tokens_details\":{\"reasoning_tokens\":12}}";
    private static final String MODEL =
            "gen_ai_operation_name=\"chat\",gen_ai_provider_name=\"foundry\",gen_ai_request_model=\"m\",gen_ai_response_model=\"m-1\"";

    private final AtomicLong now = new AtomicLong();
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final ChatService answering = call -> Uni.createFrom()
            .item(new ChatReply(
                    200,
                    MultiMap.caseInsensitiveMultiMap(),
                    true,
                    events(),
                    Served.direct("m-1", "foundry", Timeline.NONE)));

    @Test
    void withoutTheWordItIsNoStage() {
        assertSame(answering, meters(false).ofModelCalls(answering));
    }

    @Test
    void tokensAreCountedByTheirKindAndTimesFromTheCall() {
        now.set(5_000_000_000L);
        meters(true)
                .ofModelCalls(answering)
                .send(Calls.chat("{\"model\":\"m\",\"stream\":true}"))
                .onItem()
                .transformToMulti(ChatReply::body)
                .collect()
                .asList()
                .await()
                .indefinitely();
        assertTold("usage_input_tokens_total", "90.0");
        assertTold("usage_output_tokens_total", "30.0");
        assertTold("usage_cache_read_input_tokens_total", "64.0");
        assertTold("usage_reasoning_output_tokens_total", "12.0");
        assertSeries("gen_ai_client_inference_time_to_first_chunk_seconds_sum{" + MODEL + "} 1.0");
        assertSeries("gen_ai_client_inference_duration_seconds_sum{error_type=\"\"," + MODEL + "} 2.0");
        assertSeries("gen_ai_client_inference_operation_input_tokens_sum{error_type=\"\"," + MODEL + "} 90.0");
        assertSeries("gen_ai_client_inference_operation_output_tokens_sum{error_type=\"\"," + MODEL + "} 30.0");
    }

    @Test
    void aCallThatFailsIsOneOfNoTokens() {
        ChatService failing =
                call -> Uni.createFrom().failure(new GatewayException(ErrorCode.UPSTREAM_TIMEOUT, "slow"));
        meters(true)
                .ofModelCalls(failing)
                .send(Calls.chat("{\"model\":\"m\"}"))
                .subscribe()
                .with(reply -> {}, failure -> {});
        assertSeries("gen_ai_client_inference_operation_input_tokens_count{error_type=\"upstream_timeout\","
                + MODEL.replace("foundry", "none").replace("m-1", "m") + "} 1.0");
    }

    @Test
    void whatIsNoInferenceIsNotCounted() {
        meters(true)
                .ofModelCalls(answering)
                .send(Calls.of(Operation.EMBEDDINGS, "{\"model\":\"m\"}", 0))
                .await()
                .indefinitely();
        assertEquals(0, registry.getMeters().size());
    }

    private InferenceMeters meters(boolean latest) {
        return new InferenceMeters(registry, new GenAiConventions(latest), model -> model, now::get);
    }

    /** The first token comes a second after the call, the end another second later. */
    private Multi<Frame> events() {
        EventScanner scanner = new EventScanner(1_000);
        return Multi.createFrom()
                .iterable(List.of(
                        "data: {\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\n\n",
                        "data: {\"choices\":[]," + USAGE + "}\n\n"))
                .onItem()
                .invoke(() -> now.addAndGet(1_000_000_000L))
                .map(text -> scanner.feed(Buffer.buffer(text)));
    }

    private void assertTold(String name, String value) {
        assertSeries("gen_ai_client_inference_" + name + "{" + MODEL + ",gen_ai_token_modality=\"unknown\"} " + value);
    }

    private void assertSeries(String line) {
        String scrape = registry.scrape().replace(",}", "}");
        assertTrue(scrape.lines().anyMatch(line::equals), () -> line + " is not in\n" + scrape);
    }
}
