package dev.foundrygateway.schema;

import java.util.Locale;

/** How far up the ladder an answer went: {@code X-Gateway-Schema}, and the metric label {@code step}. */
enum Rung {
    /** The server enforces the form, and its answer keeps it. */
    NATIVE,
    /** The server was asked as the client asked, and its answer keeps the form. */
    CHECKED,
    /** The answer came as the arguments of a tool that stood for the form. */
    TOOL_CALL,
    /** Fence, commas, sentences around it or the way it calls a tool were put right. */
    REPAIRED,
    /** The model was told what was wrong, and answered again. */
    AGAIN,
    /** The model's fallback answered. */
    FALLBACK,
    /** No answer kept the form. */
    VIOLATED;

    private final String label = name().toLowerCase(Locale.ROOT);

    String label() {
        return label;
    }
}
