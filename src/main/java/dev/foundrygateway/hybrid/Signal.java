package dev.foundrygateway.hybrid;

import java.util.Locale;

/**
 * What can be seen of a request or of a draft, cheaply and without asking anyone. Each one's {@link #label} is the name of its weight in the calibration
 * file, a value of {@code X-Gateway-Reason} and of the metric label {@code reason}.
 */
public enum Signal {
    /** The request's priority is high: 0 or 1. */
    PRIORITY,
    /** The question has one of the configured words or matches one of the patterns: 0 or 1. */
    FLAGGED,
    /** The prompt does not fit the small model's configured context: 0 or 1. */
    CONTEXT_LIMIT,
    /** The user asks what was asked before in the same conversation: 0 or 1. */
    ASKED_AGAIN,
    /** Retrieval took part, and what it found does not answer the question: one less its support; without one, the share of words missing. Absent without sources. */
    RETRIEVAL_SUPPORT,
    /** The question's length: ln(1 + characters). */
    PROMPT_LENGTH,
    /** Numbers in the question: ln(1 + count). */
    PROMPT_NUMBERS,

    /** Nothing but white space: 0 or 1. */
    EMPTY,
    /** A refusal or an "I don't know" in one of the languages: 0 or 1. */
    REFUSAL,
    /** Hedging phrases per sentence, at most 1. */
    HEDGING,
    /** Text that goes round in circles: 0 or 1. */
    REPETITION,
    /** Another language than the question's: 0 or 1. */
    WRONG_LANGUAGE,
    /** JSON was asked for, and this is or begins as none: 0 or 1. */
    BROKEN_JSON,
    /** A tool call whose arguments are no JSON object: 0 or 1. */
    BROKEN_TOOL_CALL,
    /** The share of the draft's words that the given sources don't have. Absent without sources. */
    UNSUPPORTED,
    /** The mean log-probability of the draft's tokens, sign turned. Absent where the upstream gives none, never read as 0. */
    MEAN_LOGPROB,
    /** The mean over the draft's least likely window of tokens, sign turned. Absent likewise. */
    LOWEST_LOGPROB,
    /** The draft's length: ln(1 + characters). */
    DRAFT_LENGTH,
    /** Line breaks in the draft: ln(1 + count). */
    LINE_BREAKS,
    /** Question marks in the draft: ln(1 + count). */
    QUESTIONS,
    /** The share of the question's numbers that the draft does not use. */
    NUMBERS_UNUSED,
    /** The draft does not end as a sentence, a list or code does: 0 or 1. */
    UNFINISHED,

    /** Equations in the draft that don't add up: ln(1 + count). */
    WRONG_EQUATIONS,
    /** Equations in the draft that do: ln(1 + count). */
    RIGHT_EQUATIONS,
    /** The draft marks its answer, as in {@code #### 42} or "the answer is": 0 or 1. */
    ANSWER_MARKER,
    /** The draft's last number is not whole: 0 or 1. */
    NON_INTEGER,
    /** The draft's last number is negative: 0 or 1. */
    NEGATIVE,

    /** The whole answer has fewer characters than configured: 0 or 1. */
    TOO_SHORT,
    /** The answer was cut by length although the client set no limit: 0 or 1. */
    CUT;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** Its name in files, headers and metrics. */
    public String label() {
        return label;
    }
}
