package dev.foundrygateway.openai.sse;

/**
 * Token counts as an upstream reported them.
 *
 * @param promptTokens tokens read
 * @param completionTokens tokens written
 * @param cachedTokens how many of the tokens read the server still knew; 0 where it does not say
 * @param reasoningTokens how many of the tokens written were thinking; 0 where it does not say
 */
public record Usage(long promptTokens, long completionTokens, long cachedTokens, long reasoningTokens) {
    /** No count known: both are zero, as Foundry Local says for "not reported". */
    public static final Usage NONE = new Usage(0, 0);

    /** Counts without details. */
    public Usage(long promptTokens, long completionTokens) {
        this(promptTokens, completionTokens, 0, 0);
    }

    /** These counts and the others together. */
    public Usage plus(Usage other) {
        return new Usage(
                promptTokens + other.promptTokens,
                completionTokens + other.completionTokens,
                cachedTokens + other.cachedTokens,
                reasoningTokens + other.reasoningTokens);
    }

    public boolean known() {
        return promptTokens != 0 || completionTokens != 0;
    }
}
