package dev.foundrygateway.hybrid;

import java.util.OptionalDouble;

/** What the policy says about a request or a draft. */
public sealed interface Verdict {
    /** Why. */
    Signal reason();

    /** The escalation score; empty if none was made. */
    OptionalDouble score();

    /** The draft is good enough. */
    record Keep(Signal reason, OptionalDouble score) implements Verdict {}

    /** The large model shall answer. */
    record Escalate(Signal reason, OptionalDouble score) implements Verdict {}
}
