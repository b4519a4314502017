package dev.foundrygateway.hybrid;

import dev.foundrygateway.openai.TokenEstimate;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * What is known of a request before any model has read it.
 *
 * @param text the last user message
 * @param earlier the user messages before it
 * @param highPriority whether the client marked it so
 * @param flagged whether it has one of the configured words, or matches one of the patterns
 * @param json whether a JSON answer was asked for
 * @param tokens a rough count of the whole prompt's tokens
 * @param contextLength the small model's, empty if not configured
 * @param limited whether the client limits the answer's length itself
 * @param sources the texts that the answer is to stand on; empty if none were given
 * @param support how well retrieval's sources answer the question, from 0 to 1; empty if nothing was looked for
 * @param minCharacters how long a whole answer must be, 0 for any
 */
public record Prompt(
        String text,
        List<String> earlier,
        boolean highPriority,
        boolean flagged,
        boolean json,
        long tokens,
        OptionalLong contextLength,
        boolean limited,
        String sources,
        OptionalDouble support,
        int minCharacters) {
    /** A question with nothing special about it. */
    public static Prompt of(String text) {
        return new Prompt(
                text,
                List.of(),
                false,
                false,
                false,
                TokenEstimate.ofLength(text),
                OptionalLong.empty(),
                false,
                "",
                OptionalDouble.empty(),
                0);
    }
}
