package dev.foundrygateway.hybrid;

import dev.foundrygateway.exchange.Route;

/** The closed set of values of the metric label {@code outcome} of {@code gateway_escalations_total}. */
final class Outcomes {
    private Outcomes() {}

    static String of(Route route, boolean sound) {
        if (!sound) {
            return "error";
        }
        return switch (route) {
            case DRAFT, DIRECT -> "kept";
            case ESCALATED -> "escalated";
            case REFINED -> "refined";
            case HEDGED -> "hedged";
            case FALLBACK -> "fallback";
        };
    }
}
