package dev.foundrygateway.hybrid;

import java.util.Locale;
import java.util.Set;

/** What a failure of the small model means for the large one. */
final class DraftFailure {
    /** The request itself is wrong, or its sender: another model would say the same. */
    private static final Set<Integer> CALLERS = Set.of(400, 401, 403, 405, 413, 415, 422);

    private DraftFailure() {}

    static boolean callersFault(int status) {
        return CALLERS.contains(status);
    }

    /** Whether an error's text says that the prompt is longer than the model reads; servers agree on no code for it. */
    static boolean contextExceeded(String error) {
        String text = error.toLowerCase(Locale.ROOT);
        return text.contains("context_length_exceeded")
                || text.contains("exceed_context_size")
                || (text.contains("context") && (text.contains("exceed") || text.contains("too long")));
    }
}
