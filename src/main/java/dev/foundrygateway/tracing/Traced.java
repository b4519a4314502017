package dev.foundrygateway.tracing;

import static io.opentelemetry.api.common.AttributeKey.longKey;
import static io.opentelemetry.api.common.AttributeKey.stringKey;

import dev.foundrygateway.exchange.Account;
import dev.foundrygateway.exchange.Call;
import dev.foundrygateway.exchange.ChatReply;
import dev.foundrygateway.exchange.ExchangeReport;
import dev.foundrygateway.exchange.StreamEnd;
import dev.foundrygateway.exchange.TraceContext;
import dev.foundrygateway.openai.sse.Usage;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.context.Context;
import io.vertx.core.MultiMap;
import java.util.List;
import java.util.function.Consumer;

/** One span that follows a call to the end of its reply's body. Confined to the exchange's event loop. */
final class Traced implements Account.Reader {
    private static final int FIRST_FAILURE = 500;

    private final Span span;
    private final boolean latest;
    private final Consumer<ChatReply> head;

    /**
     * Follows from now on.
     *
     * @param latest whether OpenTelemetry's newest names are told, too
     * @param head told of the reply
     */
    Traced(Span span, boolean latest, Consumer<ChatReply> head) {
        this.span = span;
        this.latest = latest;
        this.head = head;
    }

    /** The context that a call's span belongs into: the trace that its header names, or a new one. */
    static Context parent(Call call) {
        return TraceContext.of(call.headers())
                .map(trace -> Context.root()
                        .with(Span.wrap(SpanContext.createFromRemoteParent(
                                trace.traceId(),
                                trace.spanId(),
                                trace.sampled() ? TraceFlags.getSampled() : TraceFlags.getDefault(),
                                TraceState.getDefault()))))
                .orElse(Context.root());
    }

    /** The call as a part of this span. */
    static Call within(Call call, Span span) {
        SpanContext context = span.getSpanContext();
        MultiMap headers = MultiMap.caseInsensitiveMultiMap().addAll(call.headers());
        headers.set(
                TraceContext.HEADER,
                new TraceContext(context.getTraceId(), context.getSpanId(), context.isSampled()).header());
        return call.withHeaders(headers);
    }

    @Override
    public void replied(ChatReply reply) {
        head.accept(reply);
    }

    @Override
    public void firstToken() {
        span.addEvent("first_token");
    }

    @Override
    public void ended(ExchangeReport report) {
        if (!report.error().isEmpty()) {
            span.setAttribute(stringKey("error.type"), report.error());
            boolean left = report.end() instanceof StreamEnd.Cancelled;
            boolean answer = report.end() instanceof StreamEnd.Completed
                    && !report.tally().erred();
            if (!left && (!answer || report.status() >= FIRST_FAILURE)) {
                span.setStatus(StatusCode.ERROR);
            }
        }
        Usage usage = report.tally().usage();
        if (usage.known()) {
            span.setAttribute(longKey("gen_ai.usage.input_tokens"), usage.promptTokens());
            span.setAttribute(longKey("gen_ai.usage.output_tokens"), usage.completionTokens());
        }
        if (latest) {
            newest(report);
        }
        span.end();
    }

    /** What only the newest convention names. Counts of nothing are left out, since most servers don't tell them. */
    private void newest(ExchangeReport report) {
        Usage usage = report.tally().usage();
        if (usage.cachedTokens() > 0) {
            span.setAttribute(longKey("gen_ai.usage.cache_read.input_tokens"), usage.cachedTokens());
        }
        if (usage.reasoningTokens() > 0) {
            span.setAttribute(longKey("gen_ai.usage.reasoning.output_tokens"), usage.reasoningTokens());
        }
        if (!report.tally().finishReason().isEmpty()) {
            span.setAttribute(
                    AttributeKey.stringArrayKey("gen_ai.response.finish_reasons"),
                    List.of(report.tally().finishReason()));
        }
    }
}
