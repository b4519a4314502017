package dev.foundrygateway.retrieval;

import dev.foundrygateway.retrieval.index.Hit;
import java.util.List;

/**
 * What one search found.
 *
 * @param hits best first
 * @param support how well they answer the question, from 0 to 1
 * @param wordsOnly whether the question had to be searched by its words alone although an embedding model is configured
 * @param vectors the share of passages that have vectors; 1 where none are wanted
 */
public record Findings(List<Hit> hits, double support, boolean wordsOnly, double vectors) {
    /** Nothing. */
    static final Findings NONE = new Findings(List.of(), 0, false);

    /** With vectors wherever they are wanted. */
    public Findings(List<Hit> hits, double support, boolean wordsOnly) {
        this(hits, support, wordsOnly, 1);
    }

    /** The same where only that share of the passages has vectors. */
    public Findings withVectors(double share) {
        return new Findings(hits, support, wordsOnly, share);
    }

    /** A share in hundredths, rounded down: what lacks a little is not whole. */
    public static double hundredths(double share) {
        return Math.floor(share * 100) / 100;
    }
}
