package dev.foundrygateway.report;

import dev.foundrygateway.exchange.Call;
import dev.foundrygateway.exchange.ChatFilter;
import dev.foundrygateway.exchange.ChatReply;
import dev.foundrygateway.exchange.ChatService;
import dev.foundrygateway.exchange.ModelFacts;
import dev.foundrygateway.exchange.NanoClock;
import dev.foundrygateway.exchange.Operation;
import dev.foundrygateway.exchange.Served;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;

/** Adds route, times, tokens and cost to a chat's answer, where {@code "gateway":{"report":true}} asks for them. A hybrid model's answer has them in any case. */
@Singleton
public class ReportFilter implements ChatFilter {
    private final NanoClock clock;
    private final ModelFacts facts;

    ReportFilter(NanoClock clock, ModelFacts facts) {
        this.clock = clock;
        this.facts = facts;
    }

    @Override
    public Uni<ChatReply> apply(Call call, ChatService next) {
        if (call.operation() != Operation.CHAT || !call.options().report()) {
            return next.send(call);
        }
        return next.send(call)
                .map(reply -> reply.status() < 400 && reply.served().tier().equals(Served.NO_TIER)
                        ? reply.withBody(new Report(call, reply.served(), clock, facts).around(reply.body()))
                        : reply);
    }
}
