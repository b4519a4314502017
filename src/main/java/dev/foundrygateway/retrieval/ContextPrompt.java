package dev.foundrygateway.retrieval;

import dev.foundrygateway.openai.TokenEstimate;
import dev.foundrygateway.retrieval.index.Hit;
import java.util.ArrayList;
import java.util.List;

/**
 * A prompt with sources that fit a budget: the best ones in their order, each whole, until the next one would not fit; the first one is cut if it alone is
 * too long.
 *
 * @param rules what joins the system's message
 * @param before what stands before the question
 * @param after what stands behind it
 * @param given the hits that are in it; source {@code [n]} is the n-th
 */
record ContextPrompt(String rules, String before, String after, List<Hit> given) {
    private static final String QUESTION = "{question}";
    /** The least that is worth showing of a source that does not fit whole. */
    private static final int LEAST_TOKENS = 32;

    /**
     * Fits the hits.
     *
     * @param budgetTokens how many tokens the sources may have
     * @param nonce what makes this request's delimiters impossible to guess
     */
    static ContextPrompt of(PromptTemplate template, List<Hit> hits, int budgetTokens, String nonce) {
        String open = "<sources-" + nonce + ">";
        String close = "</sources-" + nonce + ">";
        List<Hit> given = new ArrayList<>();
        StringBuilder context = new StringBuilder();
        int left = budgetTokens;
        for (Hit hit : hits) {
            String source = template.source(given.size() + 1, hit.passage()).replace(nonce, "");
            int tokens = TokenEstimate.of(source);
            if (tokens > left && given.isEmpty() && left >= LEAST_TOKENS) {
                source = cut(source, left);
                tokens = left;
            }
            if (tokens > left) {
                break;
            }
            left -= tokens;
            context.append(given.isEmpty() ? "" : template.separator()).append(source);
            given.add(hit);
        }
        String user = template.user().replace("{open}", open).replace("{close}", close);
        int question = user.indexOf(QUESTION);
        return new ContextPrompt(
                template.system().replace("{open}", open).replace("{close}", close),
                user.substring(0, question).replace("{context}", context),
                user.substring(question + QUESTION.length()),
                List.copyOf(given));
    }

    private static String cut(String source, int tokens) {
        int low = 0;
        int high = source.length();
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (TokenEstimate.of(source.substring(0, middle)) <= tokens) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return source.substring(0, low > 0 && Character.isHighSurrogate(source.charAt(low - 1)) ? low - 1 : low);
    }
}
