package dev.foundrygateway.retrieval;

import dev.foundrygateway.retrieval.index.Hit;
import java.util.List;

/**
 * What one search found.
 *
 * @param hits best first
 * @param support how well they answer the question, from 0 to 1
 * @param wordsOnly whether the question had to be searched by its words alone although an embedding model is configured
 */
public record Findings(List<Hit> hits, double support, boolean wordsOnly) {
    /** Nothing. */
    static final Findings NONE = new Findings(List.of(), 0, false);
}
