package dev.foundrygateway.retrieval;

import java.util.List;

/**
 * What one search found.
 *
 * @param hits best first
 * @param support how well they answer the question, from 0 to 1
 */
public record Findings(List<Hit> hits, double support) {
    /** Nothing. */
    static final Findings NONE = new Findings(List.of(), 0);
}
