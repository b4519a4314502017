package dev.foundrygateway.openai.sse;

/**
 * Token counts as an upstream reported them.
 *
 * @param promptTokens tokens read
 * @param completionTokens tokens written
 */
public record Usage(long promptTokens, long completionTokens) {
    /** No count known: both are zero, as Foundry Local says for "not reported". */
    public static final Usage NONE = new Usage(0, 0);

    /** These counts and the others together. */
    public Usage plus(Usage other) {
        return new Usage(promptTokens + other.promptTokens, completionTokens + other.completionTokens);
    }

    /** Whether counts are known. */
    public boolean known() {
        return promptTokens != 0 || completionTokens != 0;
    }
}
