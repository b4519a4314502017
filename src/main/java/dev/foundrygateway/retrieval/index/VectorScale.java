package dev.foundrygateway.retrieval.index;

/** Whose vectors a store has: each kind lies in a field of its own, since nothing of one can be compared with another, and says what nearness means. */
public enum VectorScale {
    /** Of a model that an upstream serves; of its scale nothing is known. */
    UPSTREAM("vector", 0),
    /** Of the built-in all-MiniLM-L6-v2: texts that have nothing to do with each other have cosines around 0.05, few above 0.2. */
    BUILT_IN("vector-all-minilm-l6-v2", .2);

    private final String field;
    private final double unrelated;

    VectorScale(String field, double unrelated) {
        this.field = field;
        this.unrelated = unrelated;
    }

    /** The index's field. */
    String field() {
        return field;
    }

    /** How near a passage is, from 0 for one that has nothing to do with the question, to 1. */
    double near(double score) {
        double cosine = 2 * score - 1;
        return Math.max(0, (cosine - unrelated) / (1 - unrelated));
    }
}
