package dev.foundrygateway.hybrid;

/** Who can say something about a draft, the cheapest first. */
public enum Witness {
    /** The draft's text; always heard, since it costs nothing. */
    TEXT,
    /** The log-probabilities that the small model's server gives with the draft; as the setting {@code logprobs}. */
    LOGPROBS,
    /** Further answers of the small model to the same question: short ones of a sure model agree. */
    AGREEMENT,
    /** A decision model's probability that the draft is right: a small model of its own, made for such questions. */
    DECISION,
    /** One word of the large model: whether the draft is right. It costs the large model's reading, and no writing. */
    VERDICT
}
