package dev.foundrygateway.hybrid;

/** What the models behind a hybrid answer are asked for. */
enum Side {
    /** The small one, for the draft. */
    DRAFT("draft"),
    /** The large one, for an answer. */
    LARGE("escalation"),
    /** The small one, for a further answer to compare the draft with; nobody gets to read it. */
    SAMPLE("draft"),
    /** A decision model, for its number about the draft. */
    DECISION("decision"),
    /** The large one, for its word about the draft; nobody gets to read it. */
    VERDICT("escalation");

    private final String tier;

    Side(String tier) {
        this.tier = tier;
    }

    /** Whether the large model is asked. */
    boolean large() {
        return this == LARGE || this == VERDICT;
    }

    /** Whether what is asked for can become the answer. */
    boolean answers() {
        return this == DRAFT || this == LARGE;
    }

    /** The metric label {@code tier}. */
    String tier() {
        return tier;
    }
}
