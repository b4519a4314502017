package dev.foundrygateway.retrieval.index;

/**
 * A passage that was found.
 *
 * @param passage the passage
 * @param score how well it matches, by words and vector, from 0 for not at all to 1
 * @param lexical its BM25 score as a share of the best possible one, from 0 to 1; 0 if its words did not match
 * @param dense its vector's similarity, from 0 to 1; 0 if it was not among the nearest
 */
public record Hit(Passage passage, double score, double lexical, double dense) {}
