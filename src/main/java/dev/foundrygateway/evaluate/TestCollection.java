package dev.foundrygateway.evaluate;

import java.util.List;
import java.util.Map;

/**
 * Documents, questions and what people judged.
 *
 * @param documents the documents
 * @param questions the questions by id, in their order
 * @param judgements by question, the grade of each relevant document; a question without any is left out of every average
 */
record TestCollection(
        List<Document> documents, Map<String, String> questions, Map<String, Map<String, Integer>> judgements) {
    /**
     * One document.
     *
     * @param id its id in the judgements
     * @param title its title, empty if none
     * @param text its text
     */
    record Document(String id, String title, String text) {}
}
