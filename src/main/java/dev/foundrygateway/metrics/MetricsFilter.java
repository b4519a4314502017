package dev.foundrygateway.metrics;

import dev.foundrygateway.exchange.Call;
import dev.foundrygateway.exchange.ChatFilter;
import dev.foundrygateway.exchange.ChatReply;
import dev.foundrygateway.exchange.ChatService;
import dev.foundrygateway.exchange.ModelNames;
import dev.foundrygateway.exchange.NanoClock;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;

/** The outermost stage: notes the start, sees the reply's frames on their way out and touches none. */
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
        return Uni.createFrom().deferred(() -> {
            Measurement measurement = new Measurement(call, clock, names, meters, log);
            return next.send(call)
                    .onItem()
                    .transform(reply -> {
                        measurement.replied(reply);
                        return reply.withBody(new MeasuredBody(reply.body(), measurement));
                    })
                    .onFailure()
                    .invoke(measurement::failed)
                    .onCancellation()
                    .invoke(measurement::cancelled);
        });
    }
}
