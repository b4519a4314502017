package dev.foundrygateway.retrieval.index;

/**
 * One entry of a list of results.
 *
 * @param doc the passage's number in its index
 * @param score its score, comparable within the list only
 */
public record Ranked(int doc, double score) {}
