import { millis, money } from "./dom.js";

/** Why an answer went its way, as the end of "because …": by the gateway's closed set of reasons. */
const BECAUSE = {
  priority: "the request has high priority",
  flagged: "the question has a flagged word",
  context_limit: "the question is too long for the small model",
  asked_again: "the question was asked again",
  retrieval_support: "the sources say too little",
  prompt_length: "the question is long",
  prompt_numbers: "the question has many numbers",
  empty: "the draft was empty",
  refusal: "the small model passed",
  hedging: "the draft hedged",
  repetition: "the draft repeated itself",
  wrong_language: "the draft was in another language",
  broken_json: "the draft was not valid JSON",
  broken_tool_call: "the draft's tool call was broken",
  unsupported: "the draft said more than the sources",
  mean_logprob: "the small model was unsure of its words",
  lowest_logprob: "the small model was unsure of some words",
  draft_length: "of the draft's length",
  line_breaks: "of the draft's shape",
  questions: "the draft asked back",
  numbers_unused: "the draft left out numbers of the question",
  unfinished: "the draft did not end",
  wrong_equations: "the draft miscalculated",
  right_equations: "of the draft's arithmetic",
  answer_marker: "of how the draft names its answer",
  non_integer: "of the numbers in the draft",
  negative: "of the numbers in the draft",
  too_short: "the draft was too short",
  cut: "the draft was cut off",
  score: "the draft scored too low",
  confident: "the draft is good enough",
  requested: "it was asked for",
  long_draft: "the draft is long",
  short_draft: "the draft is short",
  hedge: "the small model was slow",
  draft_down: "the small model failed",
  large_down: "the large model failed",
  large_slow: "the large model was slow",
  over_budget: "the budget for the large model is spent",
  verdict: "the large model called the draft wrong",
  decision: "the decision model called the draft wrong",
  disagreement: "the small model gave differing answers",
  sticky: "it answered the turn before",
  share_reached: "the large model has had its share",
};

/** How an answer came about, in one sentence. */
export function sentence(answer) {
  const because = answer.reason ? ` because ${BECAUSE[answer.reason] ?? `of ${answer.reason.replaceAll("_", " ")}`}` : "";
  const verb = { refined: "Refined", fallback: "Fallback: answered" }[answer.route] ?? "Answered";
  const cost = answer.gateway?.cost;
  return [`${verb} by ${answer.model}${because}`, millis(answer.totalMs), ...(cost ? [money(cost)] : [])].join(" · ");
}
