package dev.foundrygateway.hybrid;

import dev.foundrygateway.exchange.Call;
import dev.foundrygateway.exchange.ChatFilter;
import dev.foundrygateway.exchange.ChatReply;
import dev.foundrygateway.exchange.ChatService;
import dev.foundrygateway.exchange.GatewayException;
import dev.foundrygateway.exchange.LoadedModels;
import dev.foundrygateway.exchange.ModelFacts;
import dev.foundrygateway.exchange.NanoClock;
import dev.foundrygateway.exchange.Observation;
import dev.foundrygateway.exchange.Observer;
import dev.foundrygateway.exchange.Operation;
import dev.foundrygateway.openai.ErrorCode;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Optional;

/** Answers calls for virtual models with one of the two models behind them; all others go straight on. */
@Singleton
public class HybridFilter implements ChatFilter {
    private final HybridModels models;
    private final Surroundings around;

    @Inject
    HybridFilter(
            HybridModels models,
            ModelFacts facts,
            LoadedModels loaded,
            NanoClock clock,
            Vertx vertx,
            Observer observer) {
        this(models, Surroundings.of(facts, loaded, clock, vertx, observer));
    }

    HybridFilter(HybridModels models, Surroundings around) {
        this.models = models;
        models.targets()
                .forEach((name, share) -> around.observer().observe(new Observation.EscalationTarget(name, share)));
        this.around = around;
    }

    @Override
    public Uni<ChatReply> apply(Call call, ChatService next) {
        Optional<HybridModels.Asked> asked;
        HybridCall hybrid;
        try {
            asked = models.find(call.model());
            if (asked.isEmpty()) {
                return next.send(call);
            }
            VirtualModel model = asked.get().model();
            check(call, model);
            hybrid = HybridCall.read(call, next, model, model.share(asked.get().share()), around.facts());
        } catch (GatewayException refused) {
            return Uni.createFrom().failure(refused);
        }
        return Uni.createFrom().emitter(emitter -> new HybridExchange(hybrid, around, emitter).start());
    }

    private static void check(Call call, VirtualModel model) {
        if (call.operation() != Operation.CHAT) {
            throw new GatewayException(
                    ErrorCode.UNSUPPORTED,
                    "model " + model.name() + " answers chat completions only; name " + model.draft() + " or "
                            + model.escalation() + " instead",
                    "model");
        }
        if (call.request().answers() > 1) {
            throw new GatewayException(
                    ErrorCode.INVALID_REQUEST,
                    "n must be 1: model " + model.name() + " weighs one answer; name " + model.draft() + " or "
                            + model.escalation() + " for several",
                    "n");
        }
    }
}
