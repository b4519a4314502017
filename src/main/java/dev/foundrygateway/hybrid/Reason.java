package dev.foundrygateway.hybrid;

import java.util.Locale;

/** Why an answer came from where it came: the closed set of values of {@code X-Gateway-Reason} and of the metric label {@code reason}. */
public enum Reason {
    /** The draft's score is under the threshold. */
    CONFIDENT,
    /** The client asked for this way itself, by {@code escalate}. */
    REQUESTED,
    /** Refine mode: the draft is long enough to be refined. */
    LONG_DRAFT,
    /** Refine mode: the draft is short, and final. */
    SHORT_DRAFT,
    /** The small model gave no token in time, and the large one was asked too. */
    HEDGE,
    /** The small model failed. */
    DRAFT_DOWN,
    /** The large model failed, so the draft is the answer. */
    LARGE_DOWN,
    /** The large model gave no token in time, so the draft is the answer. */
    LARGE_SLOW,
    /** The large model's budget is spent, so the draft is the answer. */
    OVER_BUDGET,
    /** The share that may be escalated is used up, so the draft is the answer. */
    SHARE_REACHED,

    PRIORITY,
    FLAGGED,
    CONTEXT_LIMIT,
    ASKED_AGAIN,
    RETRIEVAL_SUPPORT,
    PROMPT_LENGTH,
    PROMPT_NUMBERS,
    EMPTY,
    REFUSAL,
    HEDGING,
    REPETITION,
    WRONG_LANGUAGE,
    BROKEN_JSON,
    BROKEN_TOOL_CALL,
    UNSUPPORTED,
    MEAN_LOGPROB,
    LOWEST_LOGPROB,
    DRAFT_LENGTH,
    LINE_BREAKS,
    QUESTIONS,
    NUMBERS_UNUSED,
    UNFINISHED,
    WRONG_EQUATIONS,
    RIGHT_EQUATIONS,
    ANSWER_MARKER,
    NON_INTEGER,
    NEGATIVE,
    TOO_SHORT,
    CUT;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** As it stands in the header and the label. */
    public String label() {
        return label;
    }

    /** The reason of a signal: the one of its name. */
    public static Reason of(Signal signal) {
        return valueOf(signal.name());
    }
}
