package dev.foundrygateway.hybrid;

import java.util.List;

/**
 * A draft as far as it has come.
 *
 * @param text what it says
 * @param toolArguments the arguments of its tool calls
 * @param logprobs its tokens' log-probabilities; empty where the upstream gives none
 * @param finishReason why it ended; empty if it did not say
 */
public record Draft(String text, List<String> toolArguments, List<Double> logprobs, String finishReason) {
    public static Draft of(String text) {
        return new Draft(text, List.of(), List.of(), "stop");
    }

    /** Its length as the workshop counts it: in Unicode code points. */
    public int characters() {
        return text.codePointCount(0, text.length());
    }
}
