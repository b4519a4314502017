package dev.foundrygateway.metrics;

import dev.foundrygateway.exchange.Account;
import dev.foundrygateway.exchange.Call;
import dev.foundrygateway.exchange.ChatFilter;
import dev.foundrygateway.exchange.ChatReply;
import dev.foundrygateway.exchange.ChatService;
import dev.foundrygateway.exchange.ModelNames;
import dev.foundrygateway.exchange.NanoClock;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;

/** Keeps account of each exchange as its client sees it: for the meters and the log. */
@Singleton
public class MetricsFilter implements ChatFilter {
    private final NanoClock clock;
    private final ModelNames names;
    private final GenAiMeters meters;
    private final ExchangeLog log;

    MetricsFilter(NanoClock clock, ModelNames names, GenAiMeters meters, ExchangeLog log) {
        this.clock = clock;
        this.names = names;
        this.meters = meters;
        this.log = log;
    }

    @Override
    public Uni<ChatReply> apply(Call call, ChatService next) {
        return Uni.createFrom()
                .deferred(() -> Account.follow(call, next.send(call), clock, new Measurement(names, meters, log)));
    }
}
