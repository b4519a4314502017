package dev.foundrygateway.exchange;

import java.util.Locale;

/** How an answer came about: {@code X-Gateway-Route}, and the metric label {@code route}. */
public enum Route {
    /** The model that was asked for answered. */
    DIRECT,
    /** The small model's draft is the answer. */
    DRAFT,
    /** The large model answered instead of the small one. */
    ESCALATED,
    /** The large model refined the small one's draft. */
    REFINED,
    /** Both were asked, and the first real token won. */
    HEDGED,
    /** The model that should have answered could not, and the other did. */
    FALLBACK;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** As it stands in the header and the label. */
    public String label() {
        return label;
    }
}
