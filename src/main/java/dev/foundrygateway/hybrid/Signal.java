package dev.foundrygateway.hybrid;

import dev.foundrygateway.hybrid.ScoreModel.Stage;
import java.util.Locale;

/**
 * What an answer's way can depend on: what is seen of a request or a draft, and what happens to it. The closed set of values of {@code X-Gateway-Reason}, of the
 * metric label {@code reason} and, for evidence, of the weights' names in the calibration file: each one's {@link #label}. The value of what says no other is 0
 * or 1.
 */
public enum Signal {
    /** The request's priority is high. */
    PRIORITY(Family.FLAG, Stage.BEFORE),
    /** The question has one of the configured words or matches one of the patterns. */
    FLAGGED(Family.FLAG, Stage.BEFORE),
    /** The prompt does not fit the small model's context: the configured one, or its own by its refusal. */
    CONTEXT_LIMIT(Family.FLAG, Stage.BEFORE),
    /** The user asks what was asked before in the same conversation. */
    ASKED_AGAIN(Family.FLAG, Stage.BEFORE),
    /** Retrieval took part, and what it found does not answer the question: one less its support; without one, the share of words missing. Absent without sources. */
    RETRIEVAL_SUPPORT(Family.QUESTION, Stage.BEFORE),
    /** The question's length: ln(1 + characters). */
    PROMPT_LENGTH(Family.QUESTION, Stage.BEFORE),
    /** Numbers in the question: ln(1 + count). */
    PROMPT_NUMBERS(Family.QUESTION, Stage.BEFORE),

    /** Nothing but white space. */
    EMPTY(Family.FAULT, Stage.OPENING),
    /** A refusal or an "I don't know" in one of the languages. */
    REFUSAL(Family.FAULT, Stage.OPENING),
    /** Hedging phrases per sentence, at most 1. */
    HEDGING(Family.TEXT, Stage.OPENING),
    /** Text that goes round in circles. */
    REPETITION(Family.FAULT, Stage.OPENING),
    /** Another language than the question's. */
    WRONG_LANGUAGE(Family.FAULT, Stage.OPENING),
    /** JSON was asked for, and this is or begins as none. */
    BROKEN_JSON(Family.FAULT, Stage.OPENING),
    /** A tool call whose arguments are no JSON object. */
    BROKEN_TOOL_CALL(Family.FAULT, Stage.OPENING),
    /** The share of the draft's words that the given sources don't have. Absent without sources. */
    UNSUPPORTED(Family.TEXT, Stage.OPENING),
    /** The mean log-probability of the draft's tokens, sign turned. Absent where the upstream gives none, never read as 0. */
    MEAN_LOGPROB(Family.LOGPROBS, Stage.OPENING),
    /** The mean over the draft's least likely window of tokens, sign turned. Absent likewise. */
    LOWEST_LOGPROB(Family.LOGPROBS, Stage.OPENING),
    /** The share of the small model's further answers that say something else. Absent where it was not asked again. */
    DISAGREEMENT(Family.WITNESS, Stage.WHOLE),
    /** How likely the decision model holds the draft to be wrong. Absent where it was not asked, or did not say. */
    DECISION(Family.WITNESS, Stage.OPENING),
    /** How likely the large model holds the draft to be wrong: by its word 0 or 1, or between by its probabilities. Absent where it gave no verdict. */
    VERDICT(Family.WITNESS, Stage.OPENING),
    /** The draft's length: ln(1 + characters). */
    DRAFT_LENGTH(Family.TEXT, Stage.WHOLE),
    /** Line breaks in the draft: ln(1 + count). */
    LINE_BREAKS(Family.TEXT, Stage.OPENING),
    /** Question marks in the draft: ln(1 + count). */
    QUESTIONS(Family.TEXT, Stage.OPENING),
    /** The share of the question's numbers that the draft does not use. */
    NUMBERS_UNUSED(Family.TEXT, Stage.OPENING),
    /** The draft does not end as a sentence, a list or code does. */
    UNFINISHED(Family.TEXT, Stage.WHOLE),

    /** Equations in the draft that don't add up: ln(1 + count). */
    WRONG_EQUATIONS(Family.TEXT, Stage.OPENING),
    /** Equations in the draft that do: ln(1 + count). */
    RIGHT_EQUATIONS(Family.TEXT, Stage.OPENING),
    /** The draft marks its answer, as in {@code #### 42} or "the answer is". */
    ANSWER_MARKER(Family.TEXT, Stage.WHOLE),
    /** The draft's last number is not whole. */
    NON_INTEGER(Family.TEXT, Stage.WHOLE),
    /** The draft's last number is negative. */
    NEGATIVE(Family.TEXT, Stage.WHOLE),

    /** The whole answer has fewer characters than configured. */
    TOO_SHORT(Family.FAULT, Stage.WHOLE),
    /** The answer was cut by length although the client set no limit. */
    CUT(Family.FAULT, Stage.WHOLE),

    /** The score reached the threshold by all signals together, or the share alone wants it so: no single signal decided. */
    SCORE(Family.COURSE, Stage.BEFORE),
    /** The draft's score is under the threshold. */
    CONFIDENT(Family.COURSE, Stage.OPENING),
    /** The client asked for this way itself, by {@code escalate}. */
    REQUESTED(Family.COURSE, Stage.BEFORE),
    /** Refine mode: the draft is long enough to be refined. */
    LONG_DRAFT(Family.COURSE, Stage.WHOLE),
    /** Refine mode: the draft is short, and final. */
    SHORT_DRAFT(Family.COURSE, Stage.WHOLE),
    /** The small model gave no token in time, and the large one was asked too. */
    HEDGE(Family.COURSE, Stage.BEFORE),
    /** The small model failed. */
    DRAFT_DOWN(Family.COURSE, Stage.BEFORE),
    /** The score left it open, and the model that answered the conversation's last turn answers this one too. */
    STICKY(Family.COURSE, Stage.WHOLE),
    /** The large model failed, so the draft is the answer. */
    LARGE_DOWN(Family.COURSE, Stage.BEFORE),
    /** The large model gave no token in time, so the draft is the answer. */
    LARGE_SLOW(Family.COURSE, Stage.BEFORE),
    /** The large model's budget is spent, so the draft is the answer. */
    OVER_BUDGET(Family.COURSE, Stage.BEFORE),
    /** The share that may be escalated is used up, so the draft is the answer. */
    SHARE_REACHED(Family.COURSE, Stage.BEFORE);

    /** Where a signal comes from. */
    public enum Family {
        /** The request: yes or no. A yes is reason enough. */
        FLAG,
        /** The request: a measure. */
        QUESTION,
        /** The draft: yes or no. A yes is reason enough. */
        FAULT,
        /** The draft's text: a measure. */
        TEXT,
        /** The draft's log-probabilities: a measure. */
        LOGPROBS,
        /** What a model that was asked about the draft says: a measure from 0, it is right, to 1, it is wrong. */
        WITNESS,
        /** What happened to the answer. No evidence: no score is made of it. */
        COURSE
    }

    private final Family family;
    private final Stage moment;
    private final String label = name().toLowerCase(Locale.ROOT);

    Signal(Family family, Stage moment) {
        this.family = family;
        this.moment = moment;
    }

    /** Where it comes from. */
    public Family family() {
        return family;
    }

    /** From when on it can be seen. */
    public Stage moment() {
        return moment;
    }

    /** Whether a score may have a weight for it. */
    public boolean evidence() {
        return family != Family.COURSE;
    }

    /** Whether it is reason enough by itself where it says yes. */
    boolean decides() {
        return family == Family.FLAG || family == Family.FAULT;
    }

    /** Its name in files, headers and metrics. */
    public String label() {
        return label;
    }
}
