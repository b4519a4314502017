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
import dev.foundrygateway.exchange.Payload;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** A server span around each exchange, to the end of its body: a client's trace goes on in it. */
final class ExchangeSpans implements ChatFilter {
    private final Tracer tracer;
    private final ModelNames names;
    private final NanoClock clock;
    private final boolean content;

    ExchangeSpans(Tracer tracer, ModelNames names, NanoClock clock, boolean content) {
        this.tracer = tracer;
        this.names = names;
        this.clock = clock;
        this.content = content;
    }

    @Override
    public Uni<ChatReply> apply(Call call, ChatService next) {
        return Uni.createFrom().deferred(() -> {
            String path = "/v1" + call.operation().path();
            Span span = tracer.spanBuilder(call.operation().method() + " " + path)
                    .setParent(Traced.parent(call))
                    .setSpanKind(SpanKind.SERVER)
                    .setAttribute(
                            stringKey("http.request.method"), call.operation().method())
                    .setAttribute(stringKey("http.route"), path)
                    .setAttribute(stringKey("gen_ai.request.model"), names.label(call.model()))
                    .setAttribute(stringKey("gateway.request.id"), call.requestId())
                    .startSpan();
            if (content && call.payload() instanceof Payload.Json && span.isRecording()) {
                span.setAttribute(stringKey("gen_ai.input.messages"), question(call));
            }
            return Account.join(Traced.within(call, span), next, clock, new Traced(span, reply -> {
                span.setAttribute(longKey("http.response.status_code"), (long) reply.status());
                span.setAttribute(
                        stringKey("gateway.route"), reply.served().route().label());
                if (!reply.served().reason().isEmpty()) {
                    span.setAttribute(
                            stringKey("gateway.reason"), reply.served().reason());
                }
            }));
        });
    }

    /** The user's last message, in the convention's shape. */
    private static String question(Call call) {
        JsonObject part = new JsonObject()
                .put("type", "text")
                .put("content", call.request().lastUserText());
        return new JsonArray()
                .add(new JsonObject().put("role", "user").put("parts", new JsonArray().add(part)))
                .encode();
    }
}
