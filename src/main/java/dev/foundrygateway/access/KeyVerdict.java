package dev.foundrygateway.access;

import dev.foundrygateway.openai.ErrorCode;
import java.time.Duration;
import java.util.Optional;

/** What becomes of a request by the key that it shows. */
public sealed interface KeyVerdict {
    /** It goes on, on this key's account. */
    record Admitted(KeyAccount account) implements KeyVerdict {}

    /**
     * It is refused.
     *
     * @param code {@code invalid_api_key} or {@code rate_limit_exceeded}
     * @param message what is wrong; never the key
     * @param retryAfter when a request will be taken again, zero if never
     * @param account the key's, if there is one
     */
    record Refused(ErrorCode code, String message, Duration retryAfter, Optional<KeyAccount> account)
            implements KeyVerdict {}
}
