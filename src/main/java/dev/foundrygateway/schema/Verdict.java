package dev.foundrygateway.schema;

import dev.foundrygateway.openai.schema.Violation;

/** What a try came to. */
sealed interface Verdict {
    /** The answer keeps the form; {@code repaired} if something was put right for that. */
    record Holds(boolean repaired) implements Verdict {}

    /**
     * It does not.
     *
     * @param violation the first rule that it breaks
     * @param cut whether it was cut by its length, so that the same model would be cut again
     */
    record Breaks(Violation violation, boolean cut) implements Verdict {}

    /** The server answered with an error. */
    record Refused() implements Verdict {}
}
