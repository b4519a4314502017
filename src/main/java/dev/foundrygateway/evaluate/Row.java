package dev.foundrygateway.evaluate;

import dev.foundrygateway.hybrid.Signal;
import dev.foundrygateway.hybrid.SignalValues;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * One recorded question with the small model's answer.
 *
 * @param kind what sort of question it is; empty if the file does not say
 * @param prompt the question
 * @param draft the small model's answer
 * @param logprobs its tokens' log-probabilities, empty if not recorded
 * @param draftRight whether that answer is right
 * @param strongRight whether the large model's answer is right
 * @param heard what witnesses said of the draft, the verdict by its word alone; nothing where none was asked
 * @param graded the verdict by its probabilities; empty where the large model's server tells none
 * @param spent what was spent on {@code draft}, {@code samples}, {@code verdict} and {@code answer}, the large model's; empty if not recorded
 */
record Row(
        String kind,
        String prompt,
        String draft,
        List<Double> logprobs,
        boolean draftRight,
        boolean strongRight,
        Map<Signal, Double> heard,
        OptionalDouble graded,
        Map<String, Spent> spent) {
    /** Without witnesses. */
    Row(String prompt, String draft, List<Double> logprobs, boolean draftRight, boolean strongRight) {
        this("", prompt, draft, logprobs, draftRight, strongRight, Map.of(), OptionalDouble.empty(), Map.of());
    }

    /** What witnesses said of the draft. */
    SignalValues evidence() {
        SignalValues values = new SignalValues();
        heard.forEach(values::set);
        return values;
    }

    /** The same with the verdict by its probabilities, where they are known. */
    Row byProbabilities() {
        Map<Signal, Double> said = new EnumMap<>(Signal.class);
        said.putAll(heard);
        graded.ifPresent(value -> said.put(Signal.VERDICT, value));
        return new Row(kind, prompt, draft, logprobs, draftRight, strongRight, said, graded, spent);
    }
}
