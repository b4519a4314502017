package dev.foundrygateway.tracing;

import static io.opentelemetry.api.common.AttributeKey.longKey;
import static io.opentelemetry.api.common.AttributeKey.stringKey;

import dev.foundrygateway.exchange.Call;
import dev.foundrygateway.exchange.ChatReply;
import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.exchange.TraceContext;
import dev.foundrygateway.openai.sse.Frame;
import dev.foundrygateway.openai.sse.StreamEvent;
import dev.foundrygateway.openai.sse.Usage;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.context.Context;
import io.smallrye.mutiny.Uni;
import io.vertx.core.MultiMap;
import java.util.function.Consumer;

/** One span that follows a reply to the end of its body. Confined to the exchange's event loop; ending it twice is harmless. */
final class Traced {
    private static final int FIRST_ERROR = 400;
    private static final int FIRST_FAILURE = 500;

    private final Span span;
    private boolean begun;
    private boolean failed;
    private Usage usage = Usage.NONE;

    Traced(Span span) {
        this.span = span;
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

    /** Hands the reply on, and ends the span with it. */
    Uni<ChatReply> follow(Uni<ChatReply> reply, Consumer<ChatReply> head) {
        return reply.onItem()
                .transform(one -> {
                    head.accept(one);
                    if (one.status() >= FIRST_ERROR) {
                        error(Integer.toString(one.status()), one.status() >= FIRST_FAILURE);
                    }
                    return one.withBody(one.body()
                            .onItem()
                            .invoke(this::passed)
                            .onCompletion()
                            .invoke(this::end)
                            .onFailure()
                            .invoke(this::failed)
                            .onCancellation()
                            .invoke(this::cancelled));
                })
                .onFailure()
                .invoke(this::failed)
                .onCancellation()
                .invoke(this::cancelled);
    }

    private void passed(Frame frame) {
        for (StreamEvent event : frame.events()) {
            if (event.token() && !begun) {
                begun = true;
                span.addEvent("first_token");
            }
            if (event.usage().known()) {
                usage = event.usage();
            }
            if (event.kind() == StreamEvent.Kind.ERROR) {
                error("upstream_error", true);
            }
        }
    }

    private void failed(Throwable cause) {
        error(cause instanceof GatewayException known ? known.code().code() : "internal_error", true);
        end();
    }

    private void cancelled() {
        error("client_cancelled", false);
        end();
    }

    private void error(String type, boolean ours) {
        if (!failed) {
            failed = true;
            span.setAttribute(stringKey("error.type"), type);
            if (ours) {
                span.setStatus(StatusCode.ERROR);
            }
        }
    }

    private void end() {
        if (usage.known()) {
            span.setAttribute(longKey("gen_ai.usage.input_tokens"), usage.promptTokens());
            span.setAttribute(longKey("gen_ai.usage.output_tokens"), usage.completionTokens());
        }
        span.end();
    }
}
