package dev.foundrygateway.exchange;

import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Supplier;

/**
 * How an answer came about, as far as it is known when its head leaves.
 *
 * @param model the upstream's id of the model that answers; empty if the call named none
 * @param upstream the upstream's configured name
 * @param tier {@code draft} or {@code escalation} where a hybrid model chose; "none" for a plain model
 * @param route the way to the answer
 * @param reason why, in one of the policy's own words; empty if there was nothing to decide
 * @param score the escalation score, empty if none was made
 * @param searched what the gateway has searched its stores and the request's documents for, the last question first; empty where it has not searched
 * @param sources the passages that the model was given, best first
 * @param timeline where the time went until the reply was handed outward
 * @param legs gives the models' parts as far as they have come, in the order of asking, where more than one could answer; on the exchange's event loop
 */
public record Served(
        String model,
        String upstream,
        String tier,
        Route route,
        String reason,
        OptionalDouble score,
        List<String> searched,
        List<Source> sources,
        Timeline timeline,
        Supplier<List<LegReport>> legs) {
    /** What a tier is called where none was chosen. */
    public static final String NO_TIER = "none";

    /** An answer of the very model that was asked for. */
    public static Served direct(String model, String upstream, Timeline timeline) {
        return new Served(
                model,
                upstream,
                NO_TIER,
                Route.DIRECT,
                "",
                OptionalDouble.empty(),
                List.of(),
                List.of(),
                timeline,
                List::of);
    }

    /** The same with what was searched for, and the passages that were given to the model. */
    public Served withSources(List<String> questions, List<Source> given) {
        return new Served(
                model,
                upstream,
                tier,
                route,
                reason,
                score,
                List.copyOf(questions),
                List.copyOf(given),
                timeline,
                legs);
    }

    /** The same answer as the outcome of a choice between tiers. */
    public Served decided(String chosenTier, Route way, String why, OptionalDouble escalationScore, Timeline spent) {
        return new Served(model, upstream, chosenTier, way, why, escalationScore, searched, sources, spent, legs);
    }

    /** The same answer with the models' parts in it. */
    public Served withLegs(Supplier<List<LegReport>> parts) {
        return new Served(model, upstream, tier, route, reason, score, searched, sources, timeline, parts);
    }
}
