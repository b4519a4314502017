package dev.foundrygateway.hybrid;

import java.util.OptionalDouble;

/** What the policy says about a request or a draft. */
public sealed interface Verdict {
    /** Why. */
    Reason reason();

    /** The escalation score; empty if none was made. */
    OptionalDouble score();

    /** The draft is good enough. */
    record Keep(Reason reason, OptionalDouble score) implements Verdict {}

    /** The large model shall answer. */
    record Escalate(Reason reason, OptionalDouble score) implements Verdict {}
}
