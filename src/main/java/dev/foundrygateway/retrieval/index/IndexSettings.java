package dev.foundrygateway.retrieval.index;

/**
 * How passages are indexed and ranked. {@code k1}, {@code b} and the fusion may change over an existing index; the language may not.
 *
 * @param language the analyzer's language, see {@link Analyzers}
 * @param k1 BM25's saturation of repeated words
 * @param b BM25's discount for long passages, from 0 to 1
 * @param fusion how lexical and dense results become one list
 * @param denseWeight the dense list's share of a weighted fusion, from 0 to 1
 * @param words what helps a question's words
 * @param vectors whose vectors they are
 */
public record IndexSettings(
        String language, float k1, float b, Fusion fusion, double denseWeight, WordOptions words, VectorScale vectors) {
    private static final double HALF = .5;
    private static final double OTHER_LANGUAGES = .5;

    /** English, Anserini's k1 and b, which suit short passages. */
    public static final IndexSettings DEFAULT =
            new IndexSettings("english", .9f, .4f, Fusion.RRF, .5, WordOptions.ALL, VectorScale.UPSTREAM);

    /**
     * The dense list's share for that question. The built-in model was made of English texts: others it knows by what they share with those, and writing of other
     * kinds not at all.
     */
    public double denseWeight(Question question) {
        return question.denseShare().orElseGet(() -> denseWeight(question.text()));
    }

    private double denseWeight(String question) {
        double weight = fusion == Fusion.RRF ? HALF : denseWeight;
        if (!vectors.equals(VectorScale.BUILT_IN)) {
            return weight;
        }
        String asked = Languages.of(question);
        return asked.equals(Languages.ENGLISH) ? weight : Languages.isLatin(question) ? weight * OTHER_LANGUAGES : 0;
    }

    /** The same with other help for a question's words. */
    public IndexSettings with(WordOptions others) {
        return new IndexSettings(language, k1, b, fusion, denseWeight, others, vectors);
    }

    /** The same for texts of another language. */
    public IndexSettings in(String other) {
        return new IndexSettings(other, k1, b, fusion, denseWeight, words, vectors);
    }

    /** The same with vectors of another kind. */
    public IndexSettings with(VectorScale others) {
        return new IndexSettings(language, k1, b, fusion, denseWeight, words, others);
    }
}
