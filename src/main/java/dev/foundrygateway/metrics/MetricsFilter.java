package dev.foundrygateway.metrics;

import dev.foundrygateway.exchange.Account;
import dev.foundrygateway.exchange.Call;
import dev.foundrygateway.exchange.ChatFilter;
import dev.foundrygateway.exchange.ChatReply;
import dev.foundrygateway.exchange.ChatService;
import dev.foundrygateway.exchange.ExchangeReport;
import dev.foundrygateway.exchange.ExchangeWatch;
import dev.foundrygateway.exchange.ModelNames;
import dev.foundrygateway.exchange.NanoClock;
import dev.foundrygateway.exchange.Outcome;
import dev.foundrygateway.exchange.Served;
import dev.foundrygateway.exchange.StreamEnd;
import dev.foundrygateway.exchange.TraceContext;
import dev.foundrygateway.openai.sse.Usage;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Keeps account of each exchange as its client sees it: for the meters, the log and the live view. */
@Singleton
public class MetricsFilter implements ChatFilter {
    private final NanoClock clock;
    private final ModelNames names;
    private final GenAiMeters meters;
    private final ExchangeLog log;
    private final ExchangeWatch watch;

    MetricsFilter(NanoClock clock, ModelNames names, GenAiMeters meters, ExchangeLog log, ExchangeWatch watch) {
        this.clock = clock;
        this.names = names;
        this.meters = meters;
        this.log = log;
        this.watch = watch;
    }

    @Override
    public Uni<ChatReply> apply(Call call, ChatService next) {
        return Uni.createFrom()
                .deferred(() -> Account.join(call, next, clock, new Measurement(names, meters, log, watch)));
    }

    /** Reads one exchange's report into the meters and the log. */
    static final class Measurement implements Account.Reader {
        private final ModelNames names;
        private final GenAiMeters meters;
        private final ExchangeLog log;
        private final ExchangeWatch watch;
        private @Nullable Account watched;

        /** Of an exchange that begins now. */
        Measurement(ModelNames names, GenAiMeters meters, ExchangeLog log, ExchangeWatch watch) {
            this.names = names;
            this.meters = meters;
            this.log = log;
            this.watch = watch;
            meters.started();
        }

        @Override
        public void began(Account account) {
            watched = account;
            watch.began(account);
        }

        @Override
        public void ended(ExchangeReport report) {
            meters.ended();
            if (watched != null) {
                watch.ended(watched, report);
            }
            Optional<TraceContext> trace = TraceContext.of(report.call().headers());
            Exemplars.within(trace, () -> record(report, trace));
        }

        private void record(ExchangeReport report, Optional<TraceContext> trace) {
            Labels labels = labels(report);
            Series series = meters.series(labels);
            series.total(report.totalNanos());
            Usage usage = report.tally().usage();
            OptionalLong firstToken = report.firstToken();
            if (firstToken.isPresent()) {
                series.firstToken(firstToken.getAsLong());
                if (usage.completionTokens() > 1 && labels.outcome() == Outcome.OK) {
                    series.perToken((report.totalNanos() - firstToken.getAsLong()) / (usage.completionTokens() - 1));
                }
            }
            if (usage.known()) {
                series.tokens(usage.promptTokens(), usage.completionTokens());
            }
            if (report.answered()) {
                series.stages(report.served().timeline());
                report.overhead().ifPresent(series::overhead);
            }
            if (report.end() instanceof StreamEnd.Cancelled) {
                meters.cancelled();
            } else if (!labels.error().isEmpty()) {
                meters.error(labels.error());
            }
            log.write(report, labels, trace);
        }

        private Labels labels(ExchangeReport report) {
            Call call = report.call();
            Served served = report.served();
            String requestModel = names.label(call.model());
            String responseModel = report.answered() && !served.model().equals(call.model())
                    ? names.label(served.model())
                    : requestModel;
            return new Labels(
                    call.operation(),
                    served.upstream(),
                    requestModel,
                    responseModel,
                    served.tier(),
                    served.route().label(),
                    call.streaming(),
                    report.outcome(),
                    report.error());
        }
    }
}
