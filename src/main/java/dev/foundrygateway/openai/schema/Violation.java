package dev.foundrygateway.openai.schema;

/**
 * Why an answer doesn't hold.
 *
 * @param path where in the answer, as a JSON pointer; empty for the answer as a whole
 * @param rule the schema's keyword that it breaks, or {@code json}, {@code tool_choice}, {@code tools} or {@code length}
 * @param message what is wrong, to be read by people and by the model
 */
public record Violation(String path, String rule, String message) {
    private static final int MAX_MESSAGE = 400;

    /** Cuts a message that quotes too much. */
    public Violation {
        message = message.length() > MAX_MESSAGE ? message.substring(0, MAX_MESSAGE) + "…" : message;
    }

    /** An answer that is no JSON, or no JSON object. */
    public static Violation json(String message) {
        return new Violation("", "json", message);
    }

    /** The same below another place. */
    public Violation below(String prefix) {
        return new Violation(prefix + path, rule, message);
    }

    /** On one line, with path and rule. */
    @Override
    public String toString() {
        return "at " + (path.isEmpty() ? "/" : path) + " the rule " + rule + " is broken: " + message;
    }
}
