package dev.foundrygateway.metrics;

import dev.foundrygateway.exchange.Call;
import dev.foundrygateway.exchange.ChatReply;
import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.exchange.ModelNames;
import dev.foundrygateway.exchange.NanoClock;
import dev.foundrygateway.exchange.Served;
import dev.foundrygateway.exchange.Timeline;
import dev.foundrygateway.exchange.TraceContext;
import dev.foundrygateway.openai.ErrorCode;
import dev.foundrygateway.openai.sse.Frame;
import dev.foundrygateway.openai.sse.StreamEvent;
import dev.foundrygateway.openai.sse.StreamEvent.Kind;
import dev.foundrygateway.openai.sse.Usage;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What is measured of one exchange, from its arrival to the end of its body. Ends exactly once, however it ends. Confined to the exchange's event loop, but
 * for a cancellation that comes from elsewhere, which the guard against a second end makes harmless.
 */
final class Measurement {
    private static final Served NOBODY = Served.direct("", "none", Timeline.NONE);

    private final Call call;
    private final NanoClock clock;
    private final ModelNames names;
    private final GenAiMeters meters;
    private final ExchangeLog log;

    private Served served = NOBODY;
    private int status;
    private boolean answered;
    private boolean stream;
    private boolean erred;
    private boolean ended;
    private long firstTokenNanos;
    private long firstFrameNanos;
    private Usage usage = Usage.NONE;

    Measurement(Call call, NanoClock clock, ModelNames names, GenAiMeters meters, ExchangeLog log) {
        this.call = call;
        this.clock = clock;
        this.names = names;
        this.meters = meters;
        this.log = log;
        meters.started();
    }

    void replied(ChatReply reply) {
        answered = true;
        served = reply.served();
        status = reply.status();
        stream = reply.stream();
    }

    void passed(Frame frame) {
        if (firstFrameNanos == 0) {
            firstFrameNanos = clock.nanos();
        }
        for (int i = 0; i < frame.events().size(); i++) {
            StreamEvent event = frame.events().get(i);
            if (event.token() && firstTokenNanos == 0 && stream) {
                firstTokenNanos = clock.nanos();
            }
            // The last one counts: Foundry Local 1.x sends a running total in every chunk.
            if (event.usage().known()) {
                usage = event.usage();
            }
            erred |= event.kind() == Kind.ERROR;
        }
    }

    void completed() {
        if (status >= 400) {
            end(Outcome.ofStatus(status), Integer.toString(status));
        } else if (erred) {
            end(Outcome.UPSTREAM_ERROR, ErrorCode.UPSTREAM_ERROR.code());
        } else {
            end(Outcome.OK, "");
        }
    }

    void failed(Throwable cause) {
        ErrorCode code = cause instanceof GatewayException known ? known.code() : ErrorCode.INTERNAL_ERROR;
        if (status == 0) {
            status = code.status();
        }
        end(Outcome.ofError(code), code.code());
    }

    void cancelled() {
        end(Outcome.CANCELLED, "client_cancelled");
    }

    private void end(Outcome outcome, String error) {
        if (ended) {
            return;
        }
        ended = true;
        meters.ended();
        Optional<TraceContext> trace = TraceContext.of(call.headers());
        Exemplars.within(trace, () -> record(outcome, error, trace));
    }

    private void record(Outcome outcome, String error, Optional<TraceContext> trace) {
        long now = clock.nanos();
        long total = call.timeline().since(now);
        // Of a plain reply the first token is known where the upstream streamed it and the gateway gathered it.
        OptionalLong firstToken = !stream
                ? served.timeline().firstToken()
                : firstTokenNanos == 0
                        ? OptionalLong.empty()
                        : OptionalLong.of(call.timeline().since(firstTokenNanos));
        String requestModel = names.label(call.model());
        String responseModel =
                answered && !served.model().equals(call.model()) ? names.label(served.model()) : requestModel;
        Labels labels = new Labels(
                call.operation(),
                served.upstream(),
                requestModel,
                responseModel,
                served.tier(),
                served.route().label(),
                call.streaming(),
                outcome,
                error);
        Series series = meters.series(labels);
        series.total(total);
        if (firstToken.isPresent()) {
            series.firstToken(firstToken.getAsLong());
            if (usage.completionTokens() > 1 && outcome == Outcome.OK) {
                series.perToken((total - firstToken.getAsLong()) / (usage.completionTokens() - 1));
            }
        }
        if (usage.known()) {
            series.tokens(usage.promptTokens(), usage.completionTokens());
        }
        if (answered) {
            series.stages(served.timeline());
            if (firstFrameNanos > 0) {
                series.overhead(overhead());
            }
        }
        if (outcome == Outcome.CANCELLED) {
            meters.cancelled();
        } else if (!error.isEmpty()) {
            meters.error(error);
        }
        log.write(call.requestId(), trace, labels, status, served, firstToken, total, usage);
    }

    /** Before the upstream call, and between the upstream's first token and this edge; a draft held back by intent is none, it has a meter of its own. */
    private long overhead() {
        Timeline timeline = served.timeline();
        long release = !stream || timeline.firstToken().isEmpty()
                ? 0
                : call.timeline().since(firstFrameNanos)
                        - timeline.firstToken().getAsLong()
                        - timeline.hold().orElse(0);
        return timeline.prep().orElse(0) + Math.max(0, release);
    }
}
