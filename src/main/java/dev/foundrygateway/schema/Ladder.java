package dev.foundrygateway.schema;

import dev.foundrygateway.openai.schema.Violation;
import java.util.Optional;

/**
 * Where one demand for a form stands: what the server enforces itself, then a tool that stands for the form, then the same request once more with the error, then another model, then
 * an error that names the rule. Repair is part of judging, and so of every rung. A value: {@link #after} says what follows, and does nothing.
 *
 * @param rules what is allowed
 * @param rung what was asked last
 * @param retries how often the model was asked again
 * @param violation what the last answer broke; empty if there was none
 */
record Ladder(Rules rules, Rung rung, int retries, Optional<Violation> violation) {
    /**
     * What is allowed.
     *
     * @param retries how often a model is asked again
     * @param fallback whether there is another model
     */
    record Rules(int retries, boolean fallback) {}

    /** What to do next. */
    sealed interface Move {
        /** The answer goes to the client, by this rung. */
        record Deliver(Rung rung) implements Move {}

        /** The server's error goes to the client. */
        record Relay() implements Move {}

        /** A model is asked. */
        record Ask(Ladder next) implements Move {}

        /** There is no answer. */
        record GiveUp(Violation violation) implements Move {}
    }

    static Ladder first(Rules rules, Rung rung) {
        return new Ladder(rules, rung, 0, Optional.empty());
    }

    /**
     * What follows a try. Pure.
     *
     * @param late whether the time for tries is over
     */
    Move after(Verdict verdict, boolean late) {
        if (verdict instanceof Verdict.Holds holds) {
            boolean first = rung != Rung.AGAIN && rung != Rung.FALLBACK;
            return new Move.Deliver(first && holds.repaired() ? Rung.REPAIRED : rung);
        }
        if (verdict instanceof Verdict.Breaks breaks) {
            Ladder broken = new Ladder(rules, rung, retries, Optional.of(breaks.violation()));
            return broken.further(breaks.violation(), breaks.cut(), late);
        }
        if (rung == Rung.TOOL_CALL) {
            return new Move.Ask(new Ladder(rules, Rung.CHECKED, retries, violation));
        }
        // An error behind an answer that was already there must not hide what was wrong with that.
        return violation.isPresent() ? further(violation.get(), true, late) : new Move.Relay();
    }

    private Move further(Violation broken, boolean useless, boolean late) {
        if (!late && rung != Rung.FALLBACK) {
            if (!useless && retries < rules.retries()) {
                return new Move.Ask(new Ladder(rules, Rung.AGAIN, retries + 1, violation));
            }
            if (rules.fallback()) {
                return new Move.Ask(new Ladder(rules, Rung.FALLBACK, retries, violation));
            }
        }
        return new Move.GiveUp(broken);
    }
}
