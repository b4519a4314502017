package dev.foundrygateway.tracing;

import static io.opentelemetry.api.common.AttributeKey.longKey;
import static io.opentelemetry.api.common.AttributeKey.stringKey;

import dev.foundrygateway.exchange.Account;
import dev.foundrygateway.exchange.Call;
import dev.foundrygateway.exchange.ChatFilter;
import dev.foundrygateway.exchange.ChatReply;
import dev.foundrygateway.exchange.ChatService;
import dev.foundrygateway.exchange.ModelNames;
import dev.foundrygateway.exchange.NanoClock;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.smallrye.mutiny.Uni;

/**
 * A client span around each call of a model, in the GenAI vocabulary. It follows that call alone: a hybrid exchange has several.
 *
 * @see <a href="https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-spans/">OpenTelemetry GenAI spans</a>
 */
final class ModelCallSpans implements ChatFilter {
    private final Tracer tracer;
    private final ModelNames names;
    private final NanoClock clock;

    ModelCallSpans(Tracer tracer, ModelNames names, NanoClock clock) {
        this.tracer = tracer;
        this.names = names;
        this.clock = clock;
    }

    @Override
    public Uni<ChatReply> apply(Call call, ChatService next) {
        return Uni.createFrom().deferred(() -> {
            String operation = call.operation().metricName();
            // As in the metrics: a client's free text is no span's name.
            String model = names.label(call.model());
            Span span = tracer.spanBuilder(operation + " " + model)
                    .setParent(Traced.parent(call))
                    .setSpanKind(SpanKind.CLIENT)
                    .setAttribute(stringKey("gen_ai.operation.name"), operation)
                    .setAttribute(stringKey("gen_ai.request.model"), model)
                    .startSpan();
            return Account.follow(Traced.within(call, span), next, clock, new Traced(span, reply -> {
                span.setAttribute(
                        stringKey("gen_ai.provider.name"), reply.served().upstream());
                span.setAttribute(
                        stringKey("gen_ai.response.model"), reply.served().model());
                span.setAttribute(longKey("http.response.status_code"), (long) reply.status());
            }));
        });
    }
}
