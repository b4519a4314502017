package dev.foundrygateway.hybrid;

import java.util.OptionalDouble;

/**
 * Refine mode's rule, the workshop's: a draft of so many Unicode code points or more, a flagged topic or a high priority is refined; any other draft is
 * final. A long draft that the large model holds to be right is final too. Pure.
 */
public final class RefinePolicy {
    private static final double WRONG = 0.5;

    private final int characters;

    /**
     * By its limit.
     *
     * @param characters from how many code points on a draft is refined
     */
    public RefinePolicy(int characters) {
        this.characters = characters;
    }

    /**
     * Judges a whole draft. One that calls tools is final: its arguments are for a program.
     *
     * @param heard what witnesses said of it; without a verdict its length decides
     */
    public Verdict atEnd(Prompt prompt, Draft draft, SignalValues heard) {
        if (!draft.toolArguments().isEmpty()) {
            return new Verdict.Keep(Signal.SHORT_DRAFT, OptionalDouble.empty());
        }
        if (prompt.highPriority()) {
            return new Verdict.Escalate(Signal.PRIORITY, OptionalDouble.empty());
        }
        if (prompt.flagged()) {
            return new Verdict.Escalate(Signal.FLAGGED, OptionalDouble.empty());
        }
        if (draft.characters() < characters) {
            return new Verdict.Keep(Signal.SHORT_DRAFT, OptionalDouble.empty());
        }
        // A draft that broke off in mid-sentence is no answer, however right it is so far.
        if (draft.cut() || !heard.has(Signal.VERDICT)) {
            return new Verdict.Escalate(Signal.LONG_DRAFT, OptionalDouble.empty());
        }
        OptionalDouble wrong = OptionalDouble.of(heard.get(Signal.VERDICT));
        return wrong.getAsDouble() >= WRONG
                ? new Verdict.Escalate(Signal.VERDICT, wrong)
                : new Verdict.Keep(Signal.CONFIDENT, wrong);
    }
}
