package dev.foundrygateway.hybrid;

import dev.foundrygateway.exchange.Call;
import dev.foundrygateway.exchange.ModelFacts;
import dev.foundrygateway.exchange.ModelFacts.Price;
import dev.foundrygateway.exchange.NanoClock;
import dev.foundrygateway.exchange.Observation;
import dev.foundrygateway.exchange.Observer;
import dev.foundrygateway.exchange.Served;
import dev.foundrygateway.openai.sse.Usage;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/** What one hybrid answer took: each leg's time, tokens and cost, for the reply's {@code gateway} object and for the metrics. Confined to one event loop. */
final class Ledger {
    private static final double NANOS_PER_MILLI = 1e6;

    private final Call call;
    private final VirtualModel model;
    private final ModelFacts facts;
    private final NanoClock clock;
    private final Observer observer;
    private final List<Leg> legs = new ArrayList<>(2);
    private boolean settled;

    Ledger(Call call, VirtualModel model, ModelFacts facts, NanoClock clock, Observer observer) {
        this.call = call;
        this.model = model;
        this.facts = facts;
        this.clock = clock;
        this.observer = observer;
    }

    void add(Leg leg) {
        legs.add(leg);
    }

    /** The tokens of all legs. */
    Usage total() {
        Usage total = Usage.NONE;
        for (Leg leg : legs) {
            total = total.plus(leg.usage());
        }
        return total;
    }

    /** Whether more than one leg wrote something, so that the reply's own usage is not all that was spent. */
    boolean several() {
        return legs.stream().filter(Leg::replied).count() > 1;
    }

    /** The members of the reply's {@code gateway} object. */
    String members(Served served) {
        JsonObject times =
                served.timeline().parts().put("total", millis(call.timeline().since(clock.nanos())));
        JsonArray entries = new JsonArray();
        double cost = 0;
        double hypothetical = 0;
        boolean estimated = false;
        for (Leg leg : legs) {
            entries.add(entry(leg));
            cost += cost(leg);
            hypothetical += of(model.cloudPrice(large(leg)), leg.usage());
            estimated |= leg.replied() && !leg.counted();
        }
        JsonObject members =
                new JsonObject().put("route", served.route().label()).put("reason", served.reason());
        served.score().ifPresent(score -> members.put("score", rounded(score)));
        return members.put("timing", times)
                .put("usage_estimated", estimated)
                .put("legs", entries)
                .put("cost", rounded(cost))
                .put("cost_hypothetical", rounded(hypothetical))
                .encode();
    }

    private JsonObject entry(Leg leg) {
        Usage usage = leg.usage();
        JsonObject entry = new JsonObject().put("role", leg.role());
        if (leg.replied()) {
            Served served = leg.reply().served();
            entry.put("model", served.model()).put("upstream", served.upstream());
            served.timeline().queue().ifPresent(nanos -> entry.put("queue_ms", millis(nanos)));
        } else {
            entry.put("model", leg.model());
        }
        if (leg.firstNanos() > 0) {
            entry.put("first_token_ms", millis(leg.firstNanos() - leg.startedNanos()));
        }
        return entry.put("total_ms", millis(leg.endNanos() - leg.startedNanos()))
                .put("prompt_tokens", usage.promptTokens())
                .put("completion_tokens", usage.completionTokens())
                .put("cost", rounded(cost(leg)));
    }

    /**
     * Tells the metrics and the budget what was spent; once, when all is over.
     *
     * @param drafted whether the draft was the answer
     */
    void settle(boolean drafted) {
        if (settled) {
            return;
        }
        settled = true;
        for (Leg leg : legs) {
            Usage usage = leg.usage();
            double cost = cost(leg);
            if (cost > 0) {
                observer.observe(new Observation.Spent(leg.side().tier(), cost));
            }
            if (large(leg)) {
                model.budget().used(clock.nanos(), usage.promptTokens() + usage.completionTokens(), cost);
            }
            boolean answered = large(leg) != drafted;
            boolean refined = !large(leg) && model.refines() && !leg.erred();
            if (!answered && !refined && leg.replied() && usage.completionTokens() > 0) {
                observer.observe(new Observation.Wasted(leg.side().tier(), usage.completionTokens()));
            }
            if (!large(leg) && drafted && legs.size() == 1) {
                saved(usage, cost);
            }
        }
    }

    private static boolean large(Leg leg) {
        return leg.side() == Side.LARGE;
    }

    private void saved(Usage usage, double cost) {
        double all = price(model.escalation()).of(usage.promptTokens(), usage.completionTokens());
        if (all > cost) {
            observer.observe(new Observation.Saved(all - cost));
        }
    }

    private double cost(Leg leg) {
        return of(price(leg.model()), leg.usage());
    }

    private Price price(String name) {
        return facts.of(name).price().orElse(new Price(0, 0));
    }

    private static double of(Price price, Usage usage) {
        return price.of(usage.promptTokens(), usage.completionTokens());
    }

    private static double millis(long nanos) {
        return Math.round(Math.max(0, nanos) / NANOS_PER_MILLI * 1_000) / 1_000.0;
    }

    /** To a ten-millionth: less than a token's price. */
    private static double rounded(double value) {
        return Math.round(value * 1e8) / 1e8;
    }
}
