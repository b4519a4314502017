package dev.foundrygateway.retrieval.index;

/**
 * What helps a question's words, each measured alone by {@code evaluate-retrieval}.
 *
 * @param stops whether the words that only make it a question are left out
 * @param expansion whether words of the first hits are added
 * @param grams whether runs of characters stand in where whole words don't find
 */
public record WordOptions(boolean stops, boolean expansion, boolean grams) {
    /** All of them. */
    public static final WordOptions ALL = new WordOptions(true, true, true);

    /** Plain BM25. */
    public static final WordOptions NONE = new WordOptions(false, false, false);
}
