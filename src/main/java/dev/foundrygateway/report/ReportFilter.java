package dev.foundrygateway.report;

import dev.foundrygateway.exchange.Call;
import dev.foundrygateway.exchange.ChatFilter;
import dev.foundrygateway.exchange.ChatReply;
import dev.foundrygateway.exchange.ChatService;
import dev.foundrygateway.exchange.GatewayObject;
import dev.foundrygateway.exchange.LegReport;
import dev.foundrygateway.exchange.ModelFacts;
import dev.foundrygateway.exchange.NanoClock;
import dev.foundrygateway.exchange.Operation;
import dev.foundrygateway.exchange.Served;
import dev.foundrygateway.exchange.Tally;
import dev.foundrygateway.openai.ClosingEdit;
import dev.foundrygateway.openai.sse.Frame;
import dev.foundrygateway.openai.sse.Usage;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.OptionalDouble;

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

    /** The report on one answer, written into its end. Confined to the request's event loop. */
    static final class Report {
        private final Call call;
        private final Served served;
        private final NanoClock clock;
        private final ModelFacts facts;
        private final ClosingEdit edit = new ClosingEdit(this::members, () -> Usage.NONE, false, false);
        private final Tally tally;

        Report(Call call, Served served, NanoClock clock, ModelFacts facts) {
            this.call = call;
            this.served = served;
            this.clock = clock;
            this.facts = facts;
            this.tally = new Tally(clock);
        }

        Multi<Frame> around(Multi<Frame> body) {
            return Multi.createBy()
                    .concatenating()
                    .streams(body.map(this::pass), Multi.createFrom().item(edit::end))
                    .select()
                    .where(frame -> !frame.events().isEmpty() || frame.bytes().length() > 0);
        }

        private Frame pass(Frame frame) {
            tally.add(frame);
            return edit.pass(frame);
        }

        private String members() {
            Usage usage = tally.usage();
            long total = call.timeline().since(clock.nanos());
            LegReport leg = LegReport.direct(call.model(), served, usage, total, facts);
            return GatewayObject.members(
                    call.rule(), served, total, !usage.known(), List.of(leg), OptionalDouble.empty());
        }
    }
}
