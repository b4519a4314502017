package dev.foundrygateway.hybrid;

import java.util.OptionalDouble;

/**
 * Refine mode's rule, the workshop's: a draft of so many Unicode code points or more, a flagged topic or a high priority is refined; any other draft is
 * final. Pure.
 */
public final class RefinePolicy {
    private final int characters;

    /**
     * By its limit.
     *
     * @param characters from how many code points on a draft is refined
     */
    public RefinePolicy(int characters) {
        this.characters = characters;
    }

    /** Judges a whole draft. One that calls tools is final: its arguments are for a program. */
    public Verdict atEnd(Prompt prompt, Draft draft) {
        if (!draft.toolArguments().isEmpty()) {
            return new Verdict.Keep(Signal.SHORT_DRAFT, OptionalDouble.empty());
        }
        if (prompt.highPriority()) {
            return new Verdict.Escalate(Signal.PRIORITY, OptionalDouble.empty());
        }
        if (prompt.flagged()) {
            return new Verdict.Escalate(Signal.FLAGGED, OptionalDouble.empty());
        }
        return draft.characters() >= characters
                ? new Verdict.Escalate(Signal.LONG_DRAFT, OptionalDouble.empty())
                : new Verdict.Keep(Signal.SHORT_DRAFT, OptionalDouble.empty());
    }
}
