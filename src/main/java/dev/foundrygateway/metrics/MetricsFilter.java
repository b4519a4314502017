package dev.foundrygateway.metrics;

import dev.foundrygateway.exchange.Account;
import dev.foundrygateway.exchange.Call;
import dev.foundrygateway.exchange.ChatFilter;
import dev.foundrygateway.exchange.ChatReply;
import dev.foundrygateway.exchange.ChatService;
import dev.foundrygateway.exchange.ExchangeWatch;
import dev.foundrygateway.exchange.ModelNames;
import dev.foundrygateway.exchange.NanoClock;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;

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
}
