package dev.foundrygateway.evaluate;

import java.util.List;

/**
 * One recorded question with the small model's answer.
 *
 * @param prompt the question
 * @param draft the small model's answer
 * @param logprobs its tokens' log-probabilities, empty if not recorded
 * @param draftRight whether that answer is right
 * @param strongRight whether the large model's answer is right
 */
record Row(String prompt, String draft, List<Double> logprobs, boolean draftRight, boolean strongRight) {}
