package dev.foundrygateway.hybrid;

import dev.foundrygateway.exchange.Call;
import dev.foundrygateway.exchange.GatewayObject;
import dev.foundrygateway.exchange.LegReport;
import dev.foundrygateway.exchange.ModelFacts;
import dev.foundrygateway.exchange.ModelFacts.Price;
import dev.foundrygateway.exchange.NanoClock;
import dev.foundrygateway.exchange.Observation;
import dev.foundrygateway.exchange.Observer;
import dev.foundrygateway.exchange.Served;
import dev.foundrygateway.exchange.Timeline;
import dev.foundrygateway.openai.sse.Usage;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/** What one hybrid answer took: each leg's time, tokens and cost, for the reply's {@code gateway} object and for the metrics. Confined to one event loop. */
final class Ledger {
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
        return legs.stream().filter(Leg::sent).count() > 1;
    }

    /** The members of the reply's {@code gateway} object. */
    String members(Served served) {
        double hypothetical = 0;
        boolean estimated = false;
        for (Leg leg : legs) {
            hypothetical += of(model.cloudPrice(leg.side().large()), leg.usage());
            estimated |= leg.sent() && !leg.counted();
        }
        return GatewayObject.members(
                call.rule(),
                served,
                call.timeline().since(clock.nanos()),
                estimated,
                reports(),
                OptionalDouble.of(hypothetical));
    }

    /** Each leg's part as far as it has come. */
    List<LegReport> reports() {
        return legs.stream().map(this::report).toList();
    }

    private LegReport report(Leg leg) {
        Served served = leg.replied() ? leg.reply().served() : Served.direct(leg.model(), "", Timeline.NONE);
        return new LegReport(
                leg.role(),
                served.model(),
                served.upstream(),
                OptionalLong.of(call.timeline().since(leg.startedNanos())),
                served.timeline().queue(),
                leg.firstNanos().isPresent()
                        ? OptionalLong.of(leg.firstNanos().getAsLong() - leg.startedNanos())
                        : OptionalLong.empty(),
                leg.endNanos() - leg.startedNanos(),
                leg.usage(),
                OptionalDouble.of(cost(leg)));
    }

    /**
     * Tells the metrics and the budget what was spent; once, when all is over.
     *
     * @param drafted whether the draft was the answer
     * @param any whether there was one: a client may leave before
     */
    void settle(boolean drafted, boolean any) {
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
            boolean large = leg.side().large();
            if (large) {
                model.budget().used(clock.nanos(), usage.promptTokens() + usage.completionTokens(), cost);
            }
            // What a witness says is not for the client: it is no waste, whatever the answer.
            boolean answered = !leg.side().answers() || large != drafted;
            boolean refined = !large && model.refines() && !leg.erred();
            if (!answered && !refined && leg.replied() && usage.completionTokens() > 0) {
                observer.observe(new Observation.Wasted(leg.side().tier(), usage.completionTokens()));
            }
        }
        observer.observe(new Observation.AllLarge(allLarge(drafted || !any)));
        if (drafted && legs.stream().noneMatch(leg -> leg.side() == Side.LARGE)) {
            saved(legs.get(0).usage(), legs.stream().mapToDouble(this::cost).sum());
        }
    }

    /** What the large model alone would have cost: the tokens of the draft that was the answer, or would have been, at its price, or its own answer. */
    private double allLarge(boolean drafted) {
        return legs.stream()
                .filter(leg -> leg.side().answers() && leg.side().large() != drafted)
                .mapToDouble(leg -> of(price(model.escalation()), leg.usage()))
                .sum();
    }

    private void saved(Usage usage, double cost) {
        double all = of(price(model.escalation()), usage);
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
}
