package dev.foundrygateway.hybrid;

import java.util.OptionalDouble;

/** What the policy says about a request or a draft. */
public sealed interface Verdict {
    Signal reason();

    /** The escalation score; empty if none was made. */
    OptionalDouble score();

    /** Whether the score is that near to the threshold, and no rule has decided. */
    default boolean undecided(double threshold, double width) {
        return score().isPresent() && Math.abs(score().getAsDouble() - threshold) <= width && !reason().decides();
    }

    /** The draft is good enough. */
    record Keep(Signal reason, OptionalDouble score) implements Verdict {}

    /** The score leaves it open: this witness is to be heard before it is decided. */
    record Ask(Witness witness, OptionalDouble score) implements Verdict {
        @Override
        public Signal reason() {
            return Signal.SCORE;
        }
    }

    /** The opening is good enough, and is to be judged once more at its paragraph's end. */
    record HoldOn(OptionalDouble score) implements Verdict {
        @Override
        public Signal reason() {
            return Signal.CONFIDENT;
        }
    }

    /** The large model shall answer. */
    record Escalate(Signal reason, OptionalDouble score) implements Verdict {}
}
