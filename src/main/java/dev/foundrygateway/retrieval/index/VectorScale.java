package dev.foundrygateway.retrieval.index;

import dev.foundrygateway.retrieval.store.Ids;

/**
 * Whose vectors a store has, and what nearness means among them: each model's lie in a field of their own, since nothing of one can be compared with another.
 *
 * @param model what the names of the model's fields begin with
 * @param unrelated the cosine of texts that have nothing to do with each other, or a little more
 * @param known whether that is known of the model, and not seen in an index
 */
public record VectorScale(String model, double unrelated, boolean known) {
    private static final int LETTERS = 16;

    /** Of a model that an upstream serves, whichever it is; of its scale nothing is known. */
    public static final VectorScale UPSTREAM = new VectorScale("vector", 0, false);

    /** Of the built-in all-MiniLM-L6-v2: texts that have nothing to do with each other have cosines around 0.05, few above 0.2. */
    public static final VectorScale BUILT_IN = new VectorScale("vector-all-minilm-l6-v2", .2, true);

    /** Of the model that the setting names. */
    public static VectorScale of(String model) {
        return Vectors.isBuiltIn(model)
                ? BUILT_IN
                : new VectorScale("vector-" + Ids.hash(model).substring(0, LETTERS), 0, false);
    }

    /** The index's field for vectors of so many dimensions: a model that gives others than before is another one under the same name. */
    public String field(int dimensions) {
        return model + "-" + dimensions;
    }

    /** The same where texts that have nothing to do with each other are so near. */
    VectorScale above(double cosine) {
        return known ? this : new VectorScale(model, cosine, false);
    }

    /** How near a passage is, from 0 for one that has nothing to do with the question, to 1. */
    double near(double score) {
        double cosine = 2 * score - 1;
        return Math.max(0, (cosine - unrelated) / (1 - unrelated));
    }
}
