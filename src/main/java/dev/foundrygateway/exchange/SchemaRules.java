package dev.foundrygateway.exchange;

import java.util.Optional;

/** What is known of how a model's server keeps a demanded form. Thread-safe. */
@FunctionalInterface
public interface SchemaRules {
    /** How a model's server is asked for a form. */
    enum Support {
        /** The gateway leaves the answer alone. */
        RELAY,
        /** The server enforces it: a stream passes as it comes. */
        NATIVE,
        /** The server keeps to the schema of a tool that must be called, and to nothing else. */
        TOOL_CALL,
        /** Nothing is known: the server is asked as the client asks, and the answer is held until it was checked. */
        CHECKED
    }

    /**
     * The rule for one model.
     *
     * @param support how its server is asked
     * @param fallback the model that answers where this one can't keep the form; empty if none does
     */
    record Rule(Support support, Optional<String> fallback) {}

    /** The rule for the model of that alias or id. */
    Rule of(String model);
}
