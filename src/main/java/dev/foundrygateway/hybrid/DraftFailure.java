package dev.foundrygateway.hybrid;

import dev.foundrygateway.exchange.GatewayException;
import java.util.Locale;
import java.util.Set;

/** What a failure of the small model means for the large one. */
enum DraftFailure {
    /** The prompt is longer than the small model reads; the large one may read more. */
    TOO_LONG,
    /** No answer of it kept the form that was asked for; the large model's may. */
    FORMLESS,
    /** The request itself is wrong, or its sender: another model would say the same. */
    CALLERS,
    /** The small model is not there, busy or broken. */
    DOWN;

    private static final Set<Integer> CALLERS_STATUS = Set.of(400, 401, 403, 405, 413, 415, 422);

    /** Of a draft that failed, by a status, an error event or a broken connection. */
    static DraftFailure of(Leg leg) {
        if (!leg.replied()) {
            return leg.failure()
                    .filter(GatewayException.class::isInstance)
                    .map(failure -> switch (((GatewayException) failure).code()) {
                        case SCHEMA_VIOLATION -> FORMLESS;
                        case INVALID_SCHEMA -> CALLERS;
                        default -> DOWN;
                    })
                    .orElse(DOWN);
        }
        if (contextExceeded(leg.keptText())) {
            return TOO_LONG;
        }
        return CALLERS_STATUS.contains(leg.reply().status()) ? CALLERS : DOWN;
    }

    /** Servers agree on no code for it. */
    private static boolean contextExceeded(String error) {
        String text = error.toLowerCase(Locale.ROOT);
        return text.contains("context_length_exceeded")
                || text.contains("exceed_context_size")
                || (text.contains("context") && (text.contains("exceed") || text.contains("too long")));
    }
}
