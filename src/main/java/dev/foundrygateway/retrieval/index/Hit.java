package dev.foundrygateway.retrieval.index;

import java.util.Map;

/**
 * A passage that was found.
 *
 * @param passage the passage
 * @param score how well it matches, by words and vector, from 0 for not at all to 1
 * @param lexical its BM25 score as a share of the best possible one, from 0 to 1; 0 if its words did not match
 * @param dense its vector's similarity, from 0 to 1; 0 if it was not among the nearest
 * @param filename the stored file's name; empty where it is of none, or nobody has asked its store yet
 * @param attributes what its store was told of the file
 */
public record Hit(
        Passage passage, double score, double lexical, double dense, String filename, Map<String, Object> attributes) {
    /** Of a file of which nothing is known yet. */
    public Hit(Passage passage, double score, double lexical, double dense) {
        this(passage, score, lexical, dense, "", Map.of());
    }

    /** The same, of that file. */
    public Hit of(String file, Map<String, Object> told) {
        return new Hit(passage, score, lexical, dense, file, told);
    }
}
