package dev.foundrygateway.evaluate;

import dev.foundrygateway.hybrid.Signal;
import dev.foundrygateway.hybrid.SignalValues;
import java.util.List;
import java.util.Map;

/**
 * One recorded question with the small model's answer.
 *
 * @param prompt the question
 * @param draft the small model's answer
 * @param logprobs its tokens' log-probabilities, empty if not recorded
 * @param draftRight whether that answer is right
 * @param strongRight whether the large model's answer is right
 * @param heard what witnesses said of the draft; nothing where none was asked
 */
record Row(
        String prompt,
        String draft,
        List<Double> logprobs,
        boolean draftRight,
        boolean strongRight,
        Map<Signal, Double> heard) {
    /** Without witnesses. */
    Row(String prompt, String draft, List<Double> logprobs, boolean draftRight, boolean strongRight) {
        this(prompt, draft, logprobs, draftRight, strongRight, Map.of());
    }

    /** What witnesses said of the draft. */
    SignalValues evidence() {
        SignalValues values = new SignalValues();
        heard.forEach(values::set);
        return values;
    }
}
