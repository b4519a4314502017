package dev.foundrygateway.hybrid;

/** The two models behind a hybrid answer. */
enum Side {
    /** The small one, which drafts. */
    DRAFT("draft"),
    /** The large one. */
    LARGE("escalation");

    private final String tier;

    Side(String tier) {
        this.tier = tier;
    }

    /** The metric label {@code tier}. */
    String tier() {
        return tier;
    }
}
