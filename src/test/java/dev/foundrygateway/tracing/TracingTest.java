package dev.foundrygateway.tracing;

import static io.opentelemetry.api.common.AttributeKey.booleanKey;
import static io.opentelemetry.api.common.AttributeKey.doubleKey;
import static io.opentelemetry.api.common.AttributeKey.longKey;
import static io.opentelemetry.api.common.AttributeKey.stringKey;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.foundrygateway.exchange.Call;
import dev.foundrygateway.exchange.Calls;
import dev.foundrygateway.exchange.ChatReply;
import dev.foundrygateway.exchange.ChatService;
import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.exchange.GenAiConventions;
import dev.foundrygateway.exchange.ModelNames;
import dev.foundrygateway.exchange.Served;
import dev.foundrygateway.exchange.Timeline;
import dev.foundrygateway.exchange.TraceContext;
import dev.foundrygateway.openai.ErrorCode;
import dev.foundrygateway.openai.sse.EventScanner;
import dev.foundrygateway.openai.sse.Frame;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.helpers.test.AssertSubscriber;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The spans of exchanges, gathered in memory. */
class TracingTest {
    private static final String PARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    private static final ModelNames NAMES = model -> model.equals("phi-4-mini") ? model : ModelNames.OTHER;
    private static final String QUESTION = "why is the sky blue";

    private record Config(Optional<URI> endpoint, double ratio, boolean content) implements TracingConfig {
        @Override
        public String service() {
            return "test";
        }
    }

    private final InMemorySpanExporter spans = InMemorySpanExporter.create();
    private final List<Call> sent = new ArrayList<>();
    private final ChatService model = call -> {
        sent.add(call);
        return Uni.createFrom().item(reply(200));
    };

    @Test
    void offItIsNoStage() {
        Tracing off = new Tracing(
                new Config(Optional.empty(), 1, false),
                NAMES,
                System::nanoTime,
                new GenAiConventions(false),
                endpoint -> SimpleSpanProcessor.create(spans));
        assertSame(model, off.ofExchanges(model));
        assertSame(model, off.ofModelCalls(model));
    }

    @Test
    void anExchangeAndItsModelCallGoOnInTheClientsTrace() {
        exchange(tracing(false), model, PARENT).request(10).assertCompleted();
        SpanData call = span(SpanKind.CLIENT);
        SpanData exchange = span(SpanKind.SERVER);
        assertEquals("chat phi-4-mini", call.getName());
        assertEquals("POST /v1/chat/completions", exchange.getName());
        assertEquals("4bf92f3577b34da6a3ce929d0e0e4736", exchange.getTraceId());
        assertEquals("00f067aa0ba902b7", exchange.getParentSpanId());
        assertEquals(exchange.getTraceId(), call.getTraceId());
        assertEquals(exchange.getSpanId(), call.getParentSpanId());
        assertEquals("chat", call.getAttributes().get(stringKey("gen_ai.operation.name")));
        assertEquals("foundry", call.getAttributes().get(stringKey("gen_ai.provider.name")));
        assertEquals("phi-4-mini", call.getAttributes().get(stringKey("gen_ai.response.model")));
        assertEquals(Long.valueOf(9), call.getAttributes().get(longKey("gen_ai.usage.input_tokens")));
        assertEquals(Long.valueOf(3), call.getAttributes().get(longKey("gen_ai.usage.output_tokens")));
        assertEquals("direct", exchange.getAttributes().get(stringKey("gateway.route")));
        assertEquals("first_token", call.getEvents().get(0).getName());
        TraceContext forwarded = TraceContext.of(sent.get(0).headers()).orElseThrow();
        assertEquals(call.getSpanId(), forwarded.spanId());
    }

    @Test
    void theNewestNamesAreToldWhereTheyAreAskedFor() {
        String json =
                "{\"model\":\"phi-4-mini\",\"stream\":true,\"max_tokens\":64,\"temperature\":0.5,\"top_p\":\"x\",\"seed\":7,"
                        + "\"n\":2,\"reasoning_effort\":\"low\",\"messages\":[]}";
        for (boolean latest : new boolean[] {false, true}) {
            spans.reset();
            tracing(false, latest)
                    .ofModelCalls(model)
                    .send(Calls.chat(json))
                    .onItem()
                    .transformToMulti(ChatReply::body)
                    .collect()
                    .asList()
                    .await()
                    .indefinitely();
            Attributes told = span(SpanKind.CLIENT).getAttributes();
            assertEquals(latest ? Long.valueOf(4) : null, told.get(longKey("gen_ai.usage.cache_read.input_tokens")));
            assertEquals(latest ? Long.valueOf(2) : null, told.get(longKey("gen_ai.usage.reasoning.output_tokens")));
            assertEquals(latest ? Boolean.TRUE : null, told.get(booleanKey("gen_ai.request.stream")));
            assertEquals(latest ? Long.valueOf(64) : null, told.get(longKey("gen_ai.request.max_tokens")));
            assertEquals(latest ? Double.valueOf(0.5) : null, told.get(doubleKey("gen_ai.request.temperature")));
            assertEquals(latest ? Long.valueOf(7) : null, told.get(longKey("gen_ai.request.seed")));
            assertEquals(latest ? Long.valueOf(2) : null, told.get(longKey("gen_ai.request.choice.count")));
            assertEquals(latest ? "low" : null, told.get(stringKey("gen_ai.request.reasoning.level")));
            assertNull(told.get(doubleKey("gen_ai.request.top_p")));
        }
    }

    @Test
    void questionsAreRecordedOnlyWhenSwitchedOn() {
        exchange(tracing(false), model, "").request(10);
        assertFalse(spans.getFinishedSpanItems().toString().contains(QUESTION));
        spans.reset();
        exchange(tracing(true), model, "").request(10);
        assertTrue(spans.getFinishedSpanItems().toString().contains(QUESTION));
    }

    @Test
    void aFailureAndAClientThatLeavesEndTheSpansWithTheReason() {
        ChatService failing =
                call -> Uni.createFrom().failure(new GatewayException(ErrorCode.UPSTREAM_TIMEOUT, "slow"));
        tracing(false).ofExchanges(failing).send(call("")).subscribe().with(reply -> {}, failure -> {});
        SpanData failed = span(SpanKind.SERVER);
        assertEquals("upstream_timeout", failed.getAttributes().get(stringKey("error.type")));
        assertEquals(StatusCode.ERROR, failed.getStatus().getStatusCode());
        spans.reset();
        exchange(tracing(false), model, "").request(1).cancel();
        assertEquals("client_cancelled", span(SpanKind.SERVER).getAttributes().get(stringKey("error.type")));
        assertEquals(StatusCode.UNSET, span(SpanKind.SERVER).getStatus().getStatusCode());
    }

    @Test
    void anUpstreamsOwnErrorIsTold() {
        exchange(tracing(false), call -> Uni.createFrom().item(reply(503)), "").request(10);
        assertEquals("503", span(SpanKind.CLIENT).getAttributes().get(stringKey("error.type")));
    }

    @Test
    void aClientsUnsampledTraceStaysUnsampled() {
        exchange(tracing(false), model, PARENT.replace("-01", "-00"))
                .request(10)
                .assertCompleted();
        assertTrue(spans.getFinishedSpanItems().isEmpty());
        assertEquals(
                "4bf92f3577b34da6a3ce929d0e0e4736",
                TraceContext.of(sent.get(0).headers()).orElseThrow().traceId());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "00",
                "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
                "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01"
            })
    void whatIsNoTraceparentBeginsATraceOfItsOwn(String header) {
        exchange(tracing(false), model, header).request(10).assertCompleted();
        assertEquals("0000000000000000", span(SpanKind.SERVER).getParentSpanId());
    }

    @Test
    void wrongSettingsAreNamed() {
        for (Config wrong : List.of(
                new Config(Optional.of(URI.create("localhost:4317")), 1, false),
                new Config(Optional.of(URI.create("http://localhost:4318")), 1.5, false))) {
            IllegalArgumentException failure = assertThrows(
                    IllegalArgumentException.class,
                    () -> new Tracing(
                            wrong,
                            NAMES,
                            System::nanoTime,
                            new GenAiConventions(false),
                            endpoint -> SimpleSpanProcessor.create(spans)));
            assertTrue(String.valueOf(failure.getMessage()).startsWith("gateway.tracing."), failure::getMessage);
        }
    }

    private Tracing tracing(boolean content) {
        return tracing(content, false);
    }

    private Tracing tracing(boolean content, boolean latest) {
        return new Tracing(
                new Config(Optional.of(URI.create("http://localhost:4318/")), 1, content),
                NAMES,
                System::nanoTime,
                new GenAiConventions(latest),
                endpoint -> {
                    assertEquals("http://localhost:4318/v1/traces", endpoint);
                    return SimpleSpanProcessor.create(spans);
                });
    }

    private static AssertSubscriber<Frame> exchange(Tracing tracing, ChatService model, String traceparent) {
        ChatService traced = tracing.ofExchanges(tracing.ofModelCalls(model));
        return traced.send(call(traceparent))
                .onItem()
                .transformToMulti(ChatReply::body)
                .subscribe()
                .withSubscriber(AssertSubscriber.create());
    }

    private SpanData span(SpanKind kind) {
        return spans.getFinishedSpanItems().stream()
                .filter(span -> span.getKind() == kind)
                .findFirst()
                .orElseThrow();
    }

    private static Call call(String traceparent) {
        String json = "{\"model\":\"phi-4-mini\",\"messages\":[{\"role\":\"user\",\"content\":\"" + QUESTION + "\"}]}";
        return traceparent.isEmpty() ? Calls.chat(json) : Calls.chat(json, "traceparent", traceparent);
    }

    private static ChatReply reply(int status) {
        EventScanner scanner = new EventScanner(1_000);
        List<Frame> frames = List.of(
                scanner.feed(Buffer.buffer("data: {\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\n\n")),
                scanner.feed(Buffer.buffer(
                        "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":3,\"prompt_tokens_details\":{\"cached_tokens\":4},"
                                + "\"completion_tokens_details\":{\"reasoning_tokens\":2}}}\n\n")));
        return new ChatReply(
                status,
                MultiMap.caseInsensitiveMultiMap(),
                true,
                Multi.createFrom().iterable(frames),
                Served.direct("phi-4-mini", "foundry", Timeline.NONE));
    }
}
