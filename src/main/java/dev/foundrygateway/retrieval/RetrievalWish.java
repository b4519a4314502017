package dev.foundrygateway.retrieval;

import dev.foundrygateway.openai.ChatRequest;
import dev.foundrygateway.openai.GatewayOptions.Document;
import dev.foundrygateway.openai.RankingOptions;
import dev.foundrygateway.retrieval.index.Question;
import java.util.List;

/**
 * What a request wants of retrieval.
 *
 * @param request the request without what only the gateway understands
 * @param documents its own documents
 * @param stores the stores to search
 * @param limit how many passages at most
 * @param filters the attribute filter as JSON; empty for none
 * @param ranking the least score of a passage, and what vectors weigh
 * @param sources the forms in which the sources come back; empty for annotations
 */
record RetrievalWish(
        ChatRequest request,
        List<Document> documents,
        List<String> stores,
        int limit,
        String filters,
        RankingOptions ranking,
        List<String> sources) {
    /** Whether there is anything to search. */
    boolean any() {
        return !documents.isEmpty() || !stores.isEmpty();
    }

    /** What is searched for. */
    Question question() {
        return new Question(request.lastUserTexts(Question.TURNS), ranking.denseShare());
    }

    /** Whether the sources shall come back in that form. */
    boolean wants(String form) {
        return sources.contains(form) || (sources.isEmpty() && form.equals("annotations"));
    }
}
